import { isMicrosoftAddress } from '../events/microsoft-addresses.ts';
import type { Judgement } from '../scoring/judgement.ts';
import { placeBorrowedFrom } from './source-place.ts';
import { clip, minuteText } from './text.ts';

interface Place {
  readonly ip: string;
  readonly country: string;
  readonly city: string;
  readonly asn: string;
}

function regionWords({ city, country, asn }: Omit<Place, 'ip'>): string {
  const parts = [city, country, asn === '' ? '' : `AS${asn}`].filter((part) => part !== '');
  return clip(parts.join(', '), 80);
}

function placeWords(place: Place): string {
  const region = regionWords(place);
  return `${clip(place.ip, 64)}${region === '' ? '' : ` (${region})`}`;
}

/**
 * ` from 198.51.100.7 (NL, AS9009)`: where the one who attacks is thought to be. ` from 198.51.100.7 (sign-in from 203.0.113.9: NL, AS9009)` where the
 * place is that of another address, because no event shows that of the first.
 */
export function fromSource(judgement: Pick<Judgement, 'source' | 'events'>): string {
  const { source } = judgement;
  if (source.ip === '') return '';
  const other = placeBorrowedFrom(judgement);
  return other === undefined
    ? ` from ${placeWords(source)}`
    : ` from ${clip(source.ip, 64)} (sign-in from ${clip(other.ip, 64)}: ${regionWords(source)})`;
}

/**
 * When and from where security info was changed, by the record of the change itself. A finding begins with the first suspicious event, often a
 * sign-in minutes before, and its source is where that came from: the change may have come from another address, or show none.
 */
export function changedWords(judgement: Judgement): string {
  const { events, originalId, source, startMs } = judgement;
  const change = events.find(({ table, id }) => table === 'AuditLogs' && id === originalId && originalId !== '');
  const when = ` on ${minuteText(change?.timeMs ?? startMs)}`;
  if (change === undefined || change.ip === source.ip) return when + fromSource(judgement);
  if (change.ip === '' || isMicrosoftAddress(change.ip)) return source.ip === '' ? when : `${when}, thought to be${fromSource(judgement)}`;
  // Audit records know no place; a sign-in from the same address does.
  const known = events.find(({ ip, country }) => ip === change.ip && country !== '') ?? change;
  return `${when} from ${placeWords(known)}`;
}
