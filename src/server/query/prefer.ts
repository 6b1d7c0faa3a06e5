import type { ServerLimits } from '../options.ts';

/** What a client asked for in its Prefer header. */
export interface Preferences {
  readonly waitMs: number;
  readonly statistics: boolean;
  readonly render: boolean;
}

/** Reads `wait=600,include-statistics=true,include-render=true`; what is not known is ignored, as RFC 7240 wants. */
export function preferences(header: string | undefined, limits: Pick<ServerLimits, 'waitMs' | 'maxWaitMs'>): Preferences {
  const said = new Map<string, string>();
  for (const part of (header ?? '').split(/[,;]/)) {
    const [name = '', value = 'true'] = part.split('=');
    said.set(name.trim().toLowerCase(), value.trim().replace(/^"|"$/g, '').toLowerCase());
  }
  const seconds = Number(said.get('wait') ?? Number.NaN);
  const waitMs = seconds > 0 ? Math.min(seconds * 1000, limits.maxWaitMs) : limits.waitMs;
  return { waitMs, statistics: said.get('include-statistics') === 'true', render: said.get('include-render') === 'true' };
}
