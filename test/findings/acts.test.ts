import { expect, test } from 'vitest';
import { actWords } from '../../src/findings/acts.ts';
import type { Judgement } from '../../src/scoring/judgement.ts';
import { fakeJudgement } from '../pipeline/fake-judgement.ts';

const acts = (happening: Judgement['happening'], methods: readonly string[], user?: string) =>
  actWords({ ...fakeJudgement('u1', 80, [{ id: 'a', ms: 0, weight: 80 }]), happening, methods }, user);

test.each([
  ['registered', ['Mobile Phone SMS'], undefined, 'registered Mobile Phone SMS'],
  ['registered', ['temporary access pass'], 'u2', 'registered temporary access pass for u2'],
  ['updated', ['Mobile Phone SMS'], 'u2', 'changed Mobile Phone SMS of u2'],
  ['default-changed', ['Mobile Phone SMS'], undefined, 'changed the default sign-in method to Mobile Phone SMS'],
  ['mfa-disabled', [], 'u2', 'switched off multifactor authentication for u2'],
  ['registered', ['Fido', 'Mobile Phone SMS (removed)'], undefined, 'registered Fido and removed Mobile Phone SMS'],
  ['registered', [], undefined, 'registered security info'],
  [undefined, ['Email'], undefined, 'changed Email'],
] as const)('%s of %j for %s reads "%s"', (happening, methods, user, words) => {
  expect(acts(happening, methods, user)).toBe(words);
});
