import type { EgressTest } from './address-hashes.ts';
import { isAnswer, methodKind, methodStrength } from './audit/methods.ts';
import { type Client, clientOfAgent } from './client-of-agent.ts';
import { type ColumnBatch, entryText, isBlank, type StringColumn } from './column-batch.ts';
import { type Dictionaries, type Filler, perEntry, tellsApart } from './dictionary.ts';
import {
  CLASS_MASK,
  EVENT_WORDS,
  EventClass,
  Flag,
  RISK_LEVELS,
  RISK_SHIFT,
  SCRIPTS,
  SYSTEM_KINDS,
  SYSTEM_SHIFT,
  Word,
} from './event-record.ts';
import { combine, hashInto, hashText, viewOf } from './hash.ts';
import { namedLocations } from './named-locations.ts';
import { isSecurityInfo } from './security-info.ts';
import { isRefusedPrompt, resultMeaning, type SignInOutcome } from './sign-in-results.ts';

/** A hash column of the record and the column that it comes from. */
const hashColumns = [
  ['Asn', Word.asn],
  ['Country', Word.country],
  ['DeviceId', Word.device],
  ['AppId', Word.app],
  ['SessionId', Word.session],
] as const;

/** As hard to take over as the telephone network. */
const LEAST_STRENGTH = 2;
const provesHolder = (method: string) => methodStrength[methodKind(method)] >= LEAST_STRENGTH;

function bitsOfSystem(text: string): number {
  const kind = SYSTEM_KINDS.findIndex((pattern) => pattern.test(text)) + 1;
  return (kind << SYSTEM_SHIFT) | (/^\s*(?:ios|ipados|android)/i.test(text) ? Flag.mobile : 0);
}

/** Flags that one column decides: each of its texts is read once, for all of them. */
const flagColumns: Readonly<Record<string, readonly ((text: string) => number)[]>> = {
  DeviceTrust: [(text) => (text === 'managed' ? Flag.managedDevice | Flag.joinedDevice : text === 'joined' ? Flag.joinedDevice : 0)],
  Requirement: [(text) => (text.toLowerCase() === 'multifactorauthentication' ? Flag.mfa : 0)],
  Methods: [
    (text) => (/fido|passkey|windows hello|certificate|x\.?509/i.test(text) ? Flag.phishingResistant : 0),
    (text) => (text.split('; ').some(isAnswer) ? Flag.answered : 0),
    // As far as an event's texts are read.
    (text) => (text.slice(0, 256).split('; ').some(provesHolder) ? Flag.gaveMethod : 0),
    (text) => (/^previously satisfied(?:; previously satisfied)*$/i.test(text) ? Flag.claimed : 0),
  ],
  AppDisplayName: [(text) => (isSecurityInfo(text) ? Flag.securityInfo : 0)],
  NamedLocation: [(text) => (namedLocations(text).some(({ isTrusted }) => isTrusted) ? Flag.trustedLocation : 0)],
  OperatingSystem: [bitsOfSystem],
  UserAgent: [(text) => (SCRIPTS.test(text) ? Flag.script : 0)],
  UserType: [(text) => (text.toLowerCase() === 'guest' ? Flag.guest : 0)],
  Protocol: [
    (text) => {
      const protocol = text.toLowerCase();
      if (protocol === 'devicecode') return Flag.deviceCode;
      return protocol === 'ropc' ? Flag.legacyProtocol : 0;
    },
  ],
  RiskLevel: [(text) => Math.max(0, (RISK_LEVELS as readonly string[]).indexOf(text.toLowerCase())) << RISK_SHIFT],
};

/** The family of an operating system: 'Windows 10', 'Windows10' and 'windows 11' are one. */
function familyHash(text: string): number {
  const family = /^[^\d]*/.exec(text.trim().toLowerCase())?.[0].trim() ?? '';
  return hashText(family)[0];
}

const hashOfClient = ({ system, browser }: Client) => combine(familyHash(system), familyHash(browser));

/** What is particular to sign-ins: classes, flags, hashes, places, written to records whose common fields are there. `start` is the first record's first word. */
export function signInFillers(
  batch: ColumnBatch,
  dictionaries: Dictionaries,
  egress: EgressTest,
  words: Uint32Array,
  start: number,
): readonly Filler[] {
  const fillers: Filler[] = [];
  for (const [name, word] of hashColumns) {
    const strings = dictionaries.column(name);
    if (!isBlank(strings)) fillers.push(hashFiller(strings, dictionaries.ids(strings), words, start + word));
  }
  fillers.push(...flagFillers(dictionaries, words, start), outcomeFiller(batch, dictionaries, words, start));
  fillers.push(
    ...vouchedLocationFiller(dictionaries.column('NamedLocation'), egress, words, start),
    clientFiller(dictionaries, words, start),
    foldFiller(dictionaries, words, start),
    geoFiller(batch, words, start),
  );
  return fillers;
}

function hashFiller({ indices }: StringColumn, hash: Uint32Array, words: Uint32Array, start: number): Filler {
  return (from, to) => {
    for (let row = from, at = start + from * EVENT_WORDS; row < to; row++, at += EVENT_WORDS) {
      const entry = indices[row]!;
      if (entry >= 0) words[at] = hash[2 * entry]!;
    }
  };
}

function flagFillers(dictionaries: Dictionaries, words: Uint32Array, start: number): readonly Filler[] {
  return Object.entries(flagColumns).flatMap(([name, readers]) => {
    const strings = dictionaries.column(name);
    const entries = perEntry(strings, (text) => readers.reduce((bits, read) => bits | read(text), 0));
    return isAllZero(entries) ? [] : [flagFiller(strings, entries, words, start)];
  });
}

function isAllZero(entries: Uint32Array): boolean {
  for (let entry = 0; entry < entries.length; entry++) if (entries[entry] !== 0) return false;
  return true;
}

function flagFiller({ indices }: StringColumn, entries: Uint32Array, words: Uint32Array, start: number): Filler {
  return (from, to) => {
    for (let row = from, at = start + from * EVENT_WORDS + Word.flags; row < to; row++, at += EVENT_WORDS) {
      const entry = indices[row]!;
      if (entry >= 0) words[at] = words[at]! | entries[entry]!;
    }
  };
}

function vouchedLocationFiller(strings: StringColumn, egress: EgressTest, words: Uint32Array, start: number): readonly Filler[] {
  const until = Float64Array.from({ length: strings.size }, (_, entry) => egress.location(entryText(strings, entry)));
  if (until.every((ms) => ms === 0)) return [];
  const doubles = new Float64Array(words.buffer, words.byteOffset, words.length >> 1);
  const fill: Filler = (from, to) => {
    for (let row = from, at = start + from * EVENT_WORDS; row < to; row++, at += EVENT_WORDS) {
      const entry = strings.indices[row]!;
      if (entry < 0 || doubles[(at + Word.time) >> 1]! >= until[entry]!) continue;
      words[at + Word.flags] = words[at + Word.flags]! | Flag.knownEgress;
    }
  };
  return [fill];
}

/** Class and first factor of a result. Which of two classes it is depends on the row for REFUSABLE (was the prompt refused) and SUCCEEDED (by a person). */
const REFUSABLE = 0xfe;
const SUCCEEDED = 0xff;
const classOf: Readonly<Record<SignInOutcome, number>> = {
  success: SUCCEEDED,
  interrupt: EventClass.interrupt,
  blocked: EventClass.interrupt,
  'password-failure': EventClass.passwordFailure,
  'mfa-failure': REFUSABLE,
  'other-failure': EventClass.otherFailure,
};

function bitsOfResult(text: string): number {
  const { outcome, firstFactor } = resultMeaning(text);
  return classOf[outcome] | (firstFactor ? Flag.firstFactor : 0);
}

function outcomeFiller(batch: ColumnBatch, dictionaries: Dictionaries, words: Uint32Array, start: number): Filler {
  const results = dictionaries.column('ResultType');
  const bits = perEntry(results, bitsOfResult);
  const unknown = bitsOfResult('');
  const details = dictionaries.column('ResultDetail');
  const refused = perEntry(details, (text) => (isRefusedPrompt(text) ? 1 : 0));
  const interactive = batch.bools.get('IsInteractive')!;
  return (from, to) => {
    for (let row = from, at = start + from * EVENT_WORDS + Word.flags; row < to; row++, at += EVENT_WORDS) {
      const entry = results.indices[row]!;
      const person = interactive[row] !== 0;
      let flag = entry < 0 ? unknown : bits[entry]!;
      const kind = flag & CLASS_MASK;
      if (kind === SUCCEEDED) flag = (flag & ~CLASS_MASK) | (person ? EventClass.signIn : EventClass.backgroundSignIn);
      else if (kind === REFUSABLE) {
        const detail = details.indices[row]!;
        flag = (flag & ~CLASS_MASK) | (detail < 0 || refused[detail] === 1 ? EventClass.promptRefused : EventClass.otherFailure);
      }
      words[at] = words[at]! | flag | (person ? Flag.interactive : 0);
    }
  };
}

/** System and browser as DeviceDetail has them; where it has neither, as the user agent says. */
function clientFiller(dictionaries: Dictionaries, words: Uint32Array, start: number): Filler {
  const system = dictionaries.column('OperatingSystem');
  const browser = dictionaries.column('Browser');
  const agent = dictionaries.column('UserAgent');
  const systemHash = perEntry(system, familyHash);
  const browserHash = perEntry(browser, familyHash);
  // Only those that are needed: whoever signs in chooses the text, and to read it takes eighteen patterns.
  const isRead = new Uint8Array(agent.size);
  const clientHash = new Uint32Array(agent.size);
  const bits = new Uint32Array(agent.size);
  const readAgent = (entry: number): void => {
    if (isRead[entry] === 1) return;
    const client = clientOfAgent(entryText(agent, entry));
    isRead[entry] = 1;
    clientHash[entry] = hashOfClient(client);
    bits[entry] = bitsOfSystem(client.system);
  };
  return (from, to) => {
    for (let row = from, at = start + from * EVENT_WORDS; row < to; row++, at += EVENT_WORDS) {
      const systemEntry = system.indices[row]!;
      const browserEntry = browser.indices[row]!;
      const named = combine(systemEntry < 0 ? 0 : systemHash[systemEntry]!, browserEntry < 0 ? 0 : browserHash[browserEntry]!);
      const agentEntry = agent.indices[row]!;
      if (named !== 0 || agentEntry < 0) words[at + Word.client] = named;
      else {
        readAgent(agentEntry);
        words[at + Word.client] = clientHash[agentEntry]!;
        words[at + Word.flags] = words[at + Word.flags]! | bits[agentEntry]!;
      }
    }
  };
}

function foldFiller(dictionaries: Dictionaries, words: Uint32Array, start: number): Filler {
  const original = dictionaries.column('OriginalRequestId');
  const id = dictionaries.column('Id');
  const view = viewOf(original.bytes);
  const idView = viewOf(id.bytes);
  const pair = new Uint32Array(2);
  return (from, to) => {
    for (let row = from, at = start + from * EVENT_WORDS + Word.foldLo; row < to; row++, at += EVENT_WORDS) {
      const entry = original.indices[row]!;
      if (entry < 0) continue;
      const first = original.offsets[entry]!;
      const end = original.offsets[entry + 1]!;
      const own = id.indices[row]!;
      // Mostly it is the row's own id, whose hash stands there already.
      if (first === end || (own >= 0 && areEqual(view, first, end, idView, id.offsets[own]!, id.offsets[own + 1]!))) continue;
      if (!tellsApart(original, entry)) continue;
      hashInto(view, first, end, pair, 0);
      words[at] = pair[0]!;
      words[at + 1] = pair[1]!;
    }
  };
}

function areEqual(a: DataView, from: number, to: number, b: DataView, otherFrom: number, otherTo: number): boolean {
  if (to - from !== otherTo - otherFrom) return false;
  let i = from;
  let j = otherFrom;
  for (; i + 4 <= to; i += 4, j += 4) if (a.getInt32(i, true) !== b.getInt32(j, true)) return false;
  for (; i < to; i++, j++) if (a.getUint8(i) !== b.getUint8(j)) return false;
  return true;
}

function geoFiller(batch: ColumnBatch, words: Uint32Array, start: number): Filler {
  const latitude = batch.numbers.get('Latitude')!;
  const longitude = batch.numbers.get('Longitude')!;
  return (from, to) => {
    for (let row = from, at = start + from * EVENT_WORDS + Word.geo; row < to; row++, at += EVENT_WORDS) {
      const lat = Math.round(latitude[row]! * 100);
      const lon = Math.round(longitude[row]! * 100);
      // Not a place: null, out of range, or (0, 0), which stands for "unknown" in real rows.
      if (!(Math.abs(lat) <= 9000 && Math.abs(lon) <= 18000) || (lat === 0 && lon === 0)) continue;
      words[at] = ((lat & 0xffff) << 16) | (lon & 0xffff);
    }
  };
}
