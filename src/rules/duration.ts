const UNIT_MINUTES = { m: 1, h: 60, d: 1440 } as const;

/** Minutes of a duration as rules write it (5m, 1h, 14d); undefined when it is none. */
export function minutesOf(text: string): number | undefined {
  const match = /^(\d{1,5})([mhd])$/.exec(text);
  return match ? Number(match[1]) * UNIT_MINUTES[match[2] as keyof typeof UNIT_MINUTES] : undefined;
}

/** The same duration in ISO 8601, as ARM and FactorRules_CL have it: 1h is PT1H, 14d is P14D. */
export function isoDuration(text: string): string {
  const match = /^(\d{1,5})([mhd])$/.exec(text);
  if (!match) return '';
  return match[2] === 'd' ? `P${match[1]}D` : `PT${match[1]}${match[2]!.toUpperCase()}`;
}
