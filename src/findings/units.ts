import type { Judgement, UnitKind } from '../scoring/judgement.ts';
import { actWords } from './acts.ts';
import { changedWords, fromSource } from './happened.ts';
import { clip, minuteText } from './text.ts';

/** How findings of one kind of unit are named and begin. */
export interface UnitRow {
  readonly ruleName: string;
  /** EventSubType of ASIM AlertEvent. */
  readonly subType: 'Threat' | 'Suspicious Activity' | 'Anomaly' | 'Compliance Violation';
  /** The beginning of EventMessage: who, what, when; without a full stop. */
  readonly lead: (judgement: Judgement) => string;
}

const who = ({ users }: Judgement) =>
  users.length === 1 ? clip(users[0]!.upn || users[0]!.userId || 'an unknown user', 128) : `${users.length} users`;

/** A source in words: what it is, and so much of its key that it can be told from another. */
export function sourceWords(subject: string): string {
  const [, kind = '', key = ''] = /^(ip|phone|device):(.*)$/s.exec(subject) ?? [];
  if (kind === 'ip') return `the address ${clip(key, 64)}`;
  if (kind === '') return clip(subject, 128);
  return `one ${kind === 'phone' ? 'phone number' : 'authenticator device'} (key ${clip(key, 8)})`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export const UNITS = {
  registration: {
    ruleName: 'Suspicious change of security info',
    subType: 'Suspicious Activity',
    lead: (j) =>
      j.actor === undefined
        ? `${who(j)} ${actWords(j)}${changedWords(j)}`
        : `${clip(j.actor.upn || j.actor.userId, 128)} ${actWords(j, who(j))}${changedWords(j)}`,
  },
  'user-day': {
    ruleName: 'Suspicious day of a user',
    subType: 'Suspicious Activity',
    lead: (j) => `${who(j)} on ${minuteText(j.startMs).slice(0, 10)}${fromSource(j)}`,
  },
  source: {
    ruleName: 'One source, many users',
    subType: 'Threat',
    lead: (j) => `${capital(sourceWords(j.subject))} and ${who(j)} on ${minuteText(j.startMs).slice(0, 10)}`,
  },
  posture: {
    ruleName: 'Weakly protected accounts',
    subType: 'Compliance Violation',
    lead: (j) => `${who(j)}: ${clip(j.anchor, 128)}`,
  },
  monitor: {
    ruleName: 'Factorwatch itself needs attention',
    subType: 'Anomaly',
    lead: (j) => clip(`${j.subject} ${j.anchor}`.trim(), 256),
  },
} as const satisfies Record<UnitKind, UnitRow>;

const ACRONYMS: Readonly<Record<string, string>> = { mfa: 'MFA', tap: 'TAP', asn: 'ASN', ip: 'IP', sspr: 'SSPR', prt: 'PRT', aitm: 'AiTM' };

/** Titles of detectors by id. */
export type DetectorTitles = ReadonlyMap<string, string>;

/** A detector's title; where it has none its id in words: `D3-mfa-fatigue` is "MFA fatigue". */
export function detectorWords(id: string, titles: DetectorTitles): string {
  const title = titles.get(id);
  if (title !== undefined) return title;
  const words = id
    .replace(/^D\d+-/, '')
    .split('-')
    .map((word) => ACRONYMS[word] ?? word);
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
