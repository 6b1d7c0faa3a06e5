import type { JsonValue } from '../schema/output-table.ts';
import type { Contribution } from '../scoring/judgement.ts';
import { clip, jsonBytes } from './text.ts';
import { type DetectorTitles, detectorWords } from './units.ts';

export const MOST_ROWS = 10;
/** Room kept for evidence against, so that ten pieces for it do not hide what speaks for the user. */
const ROOM_AGAINST = 3;
const MOST_BYTES = 32 * 1024;
const MOST_IDS = 20;

/** The column Evidence: at most 10 rows and 32 KB; what was left out is said in the last row. */
export function evidenceRows(contributions: readonly Contribution[], titles: DetectorTitles): readonly JsonValue[] {
  const pro = contributions.filter((piece) => piece.llr > 0);
  const contra = contributions.filter((piece) => piece.llr <= 0);
  const against = contra.slice(0, Math.max(ROOM_AGAINST, MOST_ROWS - pro.length));
  const chosen = [...pro.slice(0, MOST_ROWS - against.length), ...against];
  const rows = chosen.map((piece) => evidenceRow(piece, titles));
  let cut = contributions.length - rows.length;
  while (rows.length > 0 && (jsonBytes(rows) > MOST_BYTES - 64 || (cut > 0 && rows.length === MOST_ROWS))) {
    // The weakest piece for it goes first, as long as there is more than one.
    const weakest = rows.findLastIndex((row) => row.Direction === 'For');
    rows.splice(weakest > 0 ? weakest : rows.length - 1, 1);
    cut += 1;
  }
  return cut === 0 ? rows : [...rows, { Cut: cut, Words: `${cut} weaker ${cut === 1 ? 'piece' : 'pieces'} of evidence left out.` }];
}

function evidenceRow(piece: Contribution, titles: DetectorTitles) {
  return {
    Direction: piece.llr > 0 ? 'For' : 'Against',
    Words: clip(piece.words, 600),
    Detector: piece.detector,
    DetectorName: detectorWords(piece.detector, titles),
    Group: piece.group,
    Nats: Math.round(piece.llr * 100) / 100,
    Counts: Object.fromEntries(Object.entries(piece.counts).slice(0, 12)),
    Techniques: [...piece.techniques],
    EventIds: piece.eventIds.slice(0, MOST_IDS).map((id) => clip(id, 128)),
  };
}
