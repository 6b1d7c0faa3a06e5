import { isMicrosoftAddress } from '../events/microsoft-addresses.ts';
import type { Judgement } from '../scoring/judgement.ts';
import { clip, minuteText } from './text.ts';

interface Place {
  readonly ip: string;
  readonly country: string;
  readonly city: string;
  readonly asn: string;
}

function placeWords({ ip, city, country, asn }: Place): string {
  const place = [city, country, asn === '' ? '' : `AS${asn}`].filter((part) => part !== '');
  return `${clip(ip, 64)}${place.length === 0 ? '' : ` (${clip(place.join(', '), 80)})`}`;
}

/** ` from 198.51.100.7 (NL, AS9009)`: where the one who attacks is thought to be. */
export function fromSource({ source }: Pick<Judgement, 'source'>): string {
  return source.ip === '' ? '' : ` from ${placeWords(source)}`;
}

/**
 * When and from where security info was changed, by the record of the change itself. A finding begins with the first suspicious event, often a
 * sign-in minutes before, and its source is where that came from: the change may have come from another address, or show none.
 */
export function changedWords({ events, originalId, source, startMs }: Judgement): string {
  const change = events.find(({ table, id }) => table === 'AuditLogs' && id === originalId && originalId !== '');
  const when = ` on ${minuteText(change?.timeMs ?? startMs)}`;
  if (change === undefined || change.ip === source.ip) return when + fromSource({ source });
  if (change.ip === '' || isMicrosoftAddress(change.ip)) return source.ip === '' ? when : `${when}, thought to be${fromSource({ source })}`;
  // Audit records know no place; a sign-in from the same address does.
  const known = events.find(({ ip, country }) => ip === change.ip && country !== '') ?? change;
  return `${when} from ${placeWords(known)}`;
}
