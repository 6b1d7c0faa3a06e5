import type { Contribution } from '../evidence.ts';

/** Where it stands that something of the owner's, or colleagues, were at the place of the registration. */
const OWN_THERE = [
  'D1-novelty',
  'D6-registration-after-risk',
  'D14-use-after',
  'D19-own-things',
  'D19-own-things:background',
  'D21-colleagues-there',
] as const;
const BY_OWNER: ReadonlySet<string> = new Set(['client', 'network', 'context']);
type Evidence = Readonly<Record<string, readonly Contribution[]>>;

/** A unit's evidence without what the owner's own things and colleagues said there, in its place: the owner never met who is at it. */
export function withoutOwner(evidence: Evidence): Evidence {
  const isOwn = ({ group, llr }: Contribution) => BY_OWNER.has(group) && llr < 0;
  return Object.fromEntries(
    OWN_THERE.flatMap((part) => {
      const items = evidence[part];
      return items?.some(isOwn) === true ? [[part, items.filter((item) => !isOwn(item))]] : [];
    }),
  );
}
