import type { EvidenceEvent, Judgement } from '../scoring/judgement.ts';

type Sourced = Pick<Judgement, 'source' | 'events'>;

/** The event that tells where the source is: an audit record shows an address and nothing more. */
export function placingEvent({ source, events }: Sourced): EvidenceEvent | undefined {
  if (source.ip === '') return undefined;
  return events.find(({ ip, country, asn }) => ip === source.ip && (country !== '' || asn !== ''));
}

/**
 * The event of another address whose place the source has, where no event shows its own: a proxy changes its address between a sign-in and the
 * registration that follows, and only the sign-in knows a place. To say that the registration came from there would be a guess.
 */
export function placeBorrowedFrom(judgement: Sourced): EvidenceEvent | undefined {
  const { source, events } = judgement;
  if (source.ip === '' || (source.country === '' && source.asn === '') || placingEvent(judgement) !== undefined) return undefined;
  return events.find(
    ({ ip, country, city, asn }) =>
      ip !== '' && ip !== source.ip && country === source.country && city === source.city && asn === source.asn,
  );
}

const NOWHERE = { country: '', city: '', asn: '' } as const;

/** Country, city and network of the source's own address; empty where those that are stated are another's. */
export function ownPlace(judgement: Sourced): Pick<Judgement['source'], 'country' | 'city' | 'asn'> {
  return placeBorrowedFrom(judgement) === undefined ? judgement.source : NOWHERE;
}
