import type { Judgement } from '../scoring/judgement.ts';
import { methodList } from './text.ts';

const REMOVED = / \(removed\)$/;

interface Act {
  /** What was done, in the past tense, to methods named in words. */
  readonly verb: (methods: string) => string;
  /** Between the methods and the user, where somebody else acted. */
  readonly toward: 'of' | 'for';
}

const CHANGED: Act = { verb: (methods) => `changed ${methods}`, toward: 'of' };

const ACTS: { readonly [Happening in NonNullable<Judgement['happening']>]?: Act } = {
  registered: { verb: (methods) => `registered ${methods}`, toward: 'for' },
  updated: CHANGED,
  'default-changed': { verb: (methods) => `changed the default sign-in method to ${methods}`, toward: 'of' },
  'mfa-disabled': { verb: () => 'switched off multifactor authentication', toward: 'for' },
};

/** What was done, to be said after its actor: "registered Mobile Phone SMS", "registered a key for user@contoso.test". */
export function actWords({ happening, methods }: Judgement, user = ''): string {
  const { verb, toward } = (happening === undefined ? undefined : ACTS[happening]) ?? CHANGED;
  const removed = methods.filter((method) => REMOVED.test(method)).map((method) => method.replace(REMOVED, ''));
  const kept = methods.filter((method) => !REMOVED.test(method));
  const done = verb(kept.length === 0 ? 'security info' : methodList(kept));
  const away = removed.length === 0 ? '' : ` and removed ${methodList(removed)}`;
  return `${done}${away}${user === '' ? '' : ` ${toward} ${user}`}`;
}
