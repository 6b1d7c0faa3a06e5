import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import type { AuditFact } from '../../events/audit/interpret.ts';
import { CLASS_MASK, EVENT_CLASSES, type EventClass, Word } from '../../events/event-record.ts';
import { AHEAD } from '../../events/pending.ts';
import type { Detector, DetectorSpec, Host, Warming } from '../detector.ts';
import type { Contribution } from '../evidence.ts';
import type { EventView } from './event-view.ts';
import type { Layout } from './layout.ts';
import type { RiskySession, Unit } from './unit.ts';

/** Which detectors run, and with what parameters. */
export interface DetectorChoice {
  /** Ids of detectors to run, undefined = all. */
  readonly detectors: readonly string[] | undefined;
  readonly parameters: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

function start(spec: DetectorSpec, host: Host, layout: Layout, { parameters: all }: DetectorChoice): Detector {
  const given = all[spec.id] ?? {};
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(spec.parameters, name));
  if (unknown !== undefined) {
    const hint = `It has ${Object.keys(spec.parameters).join(', ') || 'no parameters'}`;
    throw new FactorwatchError('detector-parameter', `${spec.id} has no parameter ${unknown}`, { exitCode: ExitCode.invalid, hint });
  }
  const parameters = Object.fromEntries(Object.entries(spec.parameters).map(([name, { default: value }]) => [name, given[name] ?? value]));
  return spec.create(host, parameters, layout.places.get(spec.id)!);
}

function chosen(specs: readonly DetectorSpec[], ids: readonly string[] | undefined): readonly DetectorSpec[] {
  const unknown = ids?.find((id) => !specs.some((spec) => spec.id === id));
  if (unknown !== undefined) {
    throw new FactorwatchError('detector-unknown', `There is no detector ${unknown}`, {
      exitCode: ExitCode.invalid,
      hint: `There are ${specs.map(({ id }) => id).join(', ')}`,
    });
  }
  return ids === undefined ? specs : specs.filter((spec) => ids.includes(spec.id));
}

type Judge = (event: EventView) => number;
type Learn = (event: EventView) => void;

/** What one class of events calls, and nothing else: most events concern few detectors. */
interface ClassCalls {
  readonly judges: readonly Judge[];
  readonly explains: readonly (readonly [judge: Judge, explain: NonNullable<Detector['explain']>])[];
  readonly learns: readonly Learn[];
}

function callsOf(detectors: readonly Detector[], eventClass: EventClass): ClassCalls {
  const judges = detectors.filter((at) => at.judges?.includes(eventClass) === true);
  const learns = detectors.filter((at) => at.learns?.includes(eventClass) === true);
  return {
    judges: judges.flatMap((at) => (at.judge === undefined ? [] : [at.judge])),
    explains: judges.flatMap((at) => (at.judge === undefined || at.explain === undefined ? [] : [[at.judge, at.explain] as const])),
    learns: learns.flatMap((at) => (at.learn === undefined ? [] : [at.learn])),
  };
}

interface ReadAhead {
  readonly read: Warming['read'];
  /** A bit for each class of events that it is for. */
  readonly classes: number;
}

const bitsOf = (classes: readonly EventClass[]) => classes.reduce<number>((bits, eventClass) => bits | (1 << eventClass), 0);

/** The detectors at work, by what they are called for. */
export class Dispatch {
  readonly #classes: readonly ClassCalls[];
  readonly #audits: readonly NonNullable<Detector['audit']>[];
  readonly #risks: readonly NonNullable<Detector['risk']>[];
  readonly #registrations: readonly NonNullable<Detector['registration']>[];
  readonly #laters: readonly NonNullable<Detector['later']>[];
  readonly #afterwards: readonly NonNullable<Detector['afterwards']>[];
  readonly #warms: readonly ReadAhead[];
  readonly #chosen = new Int32Array(AHEAD);

  constructor(specs: readonly DetectorSpec[], host: Host, layout: Layout, choice: DetectorChoice) {
    const detectors = chosen(specs, choice.detectors).map((spec) => start(spec, host, layout, choice));
    this.#classes = Array.from({ length: EVENT_CLASSES }, (_, eventClass) => callsOf(detectors, eventClass as EventClass));
    this.#audits = detectors.flatMap((at) => (at.audit === undefined ? [] : [at.audit.bind(at)]));
    this.#risks = detectors.flatMap((at) => (at.risk === undefined ? [] : [at.risk.bind(at)]));
    this.#registrations = detectors.flatMap((at) => (at.registration === undefined ? [] : [at.registration.bind(at)]));
    this.#laters = detectors.flatMap((at) => (at.later === undefined ? [] : [at.later.bind(at)]));
    this.#afterwards = detectors.flatMap((at) => (at.afterwards === undefined ? [] : [at.afterwards.bind(at)]));
    // Those for the same classes one after the other: the events are chosen once.
    this.#warms = detectors
      .flatMap(({ warms = [] }) => warms.map(({ read, classes }) => ({ read, classes: bitsOf(classes) })))
      .sort((a, b) => a.classes - b.classes);
  }

  /** Sum of what the detectors say of a sign-in. */
  judge(event: EventView): number {
    const { judges } = this.#classes[event.eventClass]!;
    let risk = 0;
    for (let i = 0; i < judges.length; i++) risk += judges[i]!(event);
    return risk;
  }

  explain(event: EventView): readonly Contribution[] {
    return this.#classes[event.eventClass]!.explains.flatMap(([judge, explain]) => (judge(event) === 0 ? [] : explain(event)));
  }

  learn(event: EventView): void {
    const { learns } = this.#classes[event.eventClass]!;
    for (let i = 0; i < learns.length; i++) learns[i]!(event);
  }

  warm(words: Uint32Array, ats: Int32Array, count: number): number {
    let sum = 0;
    let chosenFor = 0;
    let chosen = 0;
    for (let i = 0; i < this.#warms.length; i++) {
      const { read, classes } = this.#warms[i]!;
      if (classes !== chosenFor) chosen = this.#choose(classes, words, ats, count);
      chosenFor = classes;
      sum ^= read(words, this.#chosen, chosen);
    }
    return sum;
  }

  /** Puts the events of some classes into #chosen, and gives their number. */
  #choose(classes: number, words: Uint32Array, ats: Int32Array, count: number): number {
    const list = this.#chosen;
    let chosen = 0;
    for (let k = 0; k < count; k++) {
      const at = ats[k]!;
      if (((classes >>> (words[at + Word.flags]! & CLASS_MASK)) & 1) === 1) list[chosen++] = at;
    }
    return chosen;
  }

  audit(fact: AuditFact, event: EventView): void {
    for (const audit of this.#audits) audit(fact, event);
  }

  risk(event: EventView): void {
    for (const risk of this.#risks) risk(event);
  }

  registration(unit: Unit, fact: AuditFact, event: EventView): void {
    for (const registration of this.#registrations) registration(unit, fact, event);
  }

  /** True when one of them wrote evidence. */
  later(unit: Unit, event: EventView, session: RiskySession | undefined): boolean {
    let wrote = false;
    for (const later of this.#laters) if (later(unit, event, session)) wrote = true;
    return wrote;
  }

  /** What they have to say of a unit a while after it was opened; undefined where that is nothing new. */
  afterwards(unit: Readonly<Unit>, event: EventView): Readonly<Record<string, readonly Contribution[]>> | undefined {
    let found: Readonly<Record<string, readonly Contribution[]>> | undefined;
    for (const afterwards of this.#afterwards) {
      const said = afterwards(unit, event);
      if (said !== undefined) found = { ...found, ...said };
    }
    return found;
  }
}
