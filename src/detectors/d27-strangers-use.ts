import { HOUR_MS } from '../core/durations.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { FIRST_USED } from './d18-two-hands.ts';
import { contribution, type DetectorSpec, defineDetector, withRows } from './detector.ts';
import type { Contribution, EvidenceEvent } from './evidence.ts';
import { BOUND, isUsed } from './shared/answers.ts';
import { isInDesktopCloud } from './shared/desktop-cloud.ts';
import {
  client,
  isPerhapsPhone,
  isUsual,
  isUsualDevice,
  LEAST_SIGN_INS,
  newLevel,
  prefix,
  residents,
  SHARED_ADDRESS,
} from './shared/habits.ts';
import { isHosting } from './shared/hosting.ts';
import { addHour, type Hours, NO_HOURS } from './shared/hours.ts';
import { Proof, provedNow } from './shared/own-hand.ts';
import { withoutOwner } from './shared/owners-traces.ts';
import { sessionAges } from './shared/session-ages.ts';
import type { EventView } from './stream/event-view.ts';
import { UserWord } from './stream/layout.ts';
import { keyOfUnit } from './stream/unit.ts';

const ID = 'D27-strangers-use';

/** Where the new method answered and the user was never seen before: one address range. */
interface Use {
  readonly range: number;
  readonly browser: number;
  readonly kind: Kind;
  readonly times: number;
  readonly lastMs: number;
  readonly row: EvidenceEvent;
}
interface Line {
  touchedMs: number;
  uses: readonly Use[];
  /** In which hours something of the owner's was seen since, and in which ranges. */
  owner: Hours;
  ranges: readonly number[];
}

/**
 * What it says that the new method answers there once, and on several occasions, while nothing of the owner's comes there in the week; beside it how
 * many of 1,147 registrations of intruders and of 13,288 of owners, in 32 tenants of eight generators.
 */
const KINDS = {
  /** Once 25 and 1, again 34 and 0. */
  newComputerInNewNetwork: {
    once: 5.5,
    again: 6.8,
    what: 'on a computer without an id, in a system, browser and network that are new to the user',
  },
  /** 13 and 8, 10 and 1. */
  computerInNewNetwork: { once: 2.8, again: 4.7, what: 'on a computer without an id, in a network that is new to the user' },
  /** 15 and 6, 7 and 0. */
  newComputerInNewRange: {
    once: 3.3,
    again: 5,
    what: 'on a computer without an id, in a system, browser and address range that are new to the user',
  },
  /** 3 and 7, 3 and 0. */
  newPhoneAtColleagues: {
    once: 1.5,
    again: 4.2,
    what: "on a telephone in a system and browser that are new to the user, at a colleague's address",
  },
} as const;
type Kind = keyof typeof KINDS;
const TELLING = 4;
const OCCASION_MS = 3 * HOUR_MS;
/** Hours in which the owner's things went on, from which on it tells something that they were never there. */
const LEAST_HOURS = 3;
const MAX_USES = 6;
const MAX_RANGES = 16;

export const detector: DetectorSpec = defineDetector({
  /**
   * Where the method answers in the week after it was registered: on a computer without an id that shows another system, browser, network
   * or address range than the user is known by, where nothing of the owner's comes, be it their telephone, while it goes on elsewhere. The
   * owner who has a new computer or is at a new place has something of theirs there; whoever registered a method of their own, at an
   * unlocked computer or as the owner's session, is at home there. A telephone has its carrier's network and counts where one to four
   * colleagues live. What the owner's computer and place said of the registration is taken back once it tells enough.
   * Works where sign-ins show what kind of method answered, for users of ten sign-ins whose known devices or sessions go on. Blind to uses
   * in the very range of the registration (D14, D18), behind VPN companies, where the owner is with one browser and nothing else, and to
   * a colleague's telephone in an office.
   * Cost: a look-up for sign-ins of users in the week after a registration. Memory: six uses and sixteen ranges a registration of the last
   * week, 50,000 at most. No parameters.
   * ATT&CK T1098.005. Ref: post-registration use, detectors.md B1 D14; two hands, as D18.
   */
  id: ID,
  title: "The new method is used where nothing of the user's is",
  group: 'registration',
  techniques: ['T1098.005'],
  benignIf: 'The user has a new computer at a new place, and confirms the sign-ins there.',
  parameters: {},
  userWords: 0,
  sourceWords: 0,
  create(host) {
    const lines = host.objects<Line>('D27.lines', 50_000);
    const ages = sessionAges(host);
    const isOwners = (event: EventView) => isUsualDevice(event) || provedNow(event) !== Proof.none;
    const kindOf = (event: EventView): Kind | undefined => {
      const level = newLevel(event);
      if (level === undefined || ages.of(event).home !== 0 || event.device !== 0 || event.client === 0 || event.has(Flag.knownEgress))
        return undefined;
      const isNewClient = !isUsual(event, client);
      const isNewNetwork = level !== prefix;
      if (isPerhapsPhone(event)) {
        const isColleagues = residents(event) >= 0.5 && residents(event) < SHARED_ADDRESS;
        return isNewClient && isNewNetwork && isColleagues ? 'newPhoneAtColleagues' : undefined;
      }
      // Whoever is behind a VPN company there is with one browser and nothing else, be it the owner.
      if (isHosting(event.asn) || isInDesktopCloud(host.crowds, event) || residents(event) >= SHARED_ADDRESS) return undefined;
      if (isNewNetwork) return isNewClient ? 'newComputerInNewNetwork' : 'computerInNewNetwork';
      return isNewClient ? 'newComputerInNewRange' : undefined;
    };
    const noteOwners = (line: Line, event: EventView): void => {
      line.owner = addHour(line.owner, event);
      if (event.prefix !== 0 && !line.ranges.includes(event.prefix)) line.ranges = [...line.ranges, event.prefix].slice(-MAX_RANGES);
      line.uses = line.uses.filter(({ range }) => range !== event.prefix);
    };
    /** The browser of a use is at a usual place: its owner has come home. */
    const cameHome = (line: Readonly<Line> | undefined, event: EventView) =>
      event.browser !== 0 && newLevel(event) === undefined && line?.uses.some(({ browser }) => browser === event.browser) === true;
    const noteUse = (line: Line, kind: Kind, event: EventView): void => {
      if (line.ranges.includes(event.prefix)) return;
      const before = line.uses.find(({ range }) => range === event.prefix);
      if (before === undefined) {
        const use = {
          range: event.prefix,
          browser: event.browser,
          kind,
          times: 1,
          lastMs: event.timeMs,
          row: event.evidence(),
        };
        line.uses = [...line.uses, use].slice(-MAX_USES);
      } else if (event.timeMs - before.lastMs >= OCCASION_MS) {
        line.uses = line.uses.map((use) => (use === before ? { ...use, times: use.times + 1, lastMs: event.timeMs } : use));
      }
    };
    const weigh = ({ uses, owner: { hours } }: Readonly<Line>): Contribution | undefined => {
      if (hours < LEAST_HOURS) return undefined;
      const times = uses.reduce((sum, use) => sum + use.times, 0);
      const llrOf = ({ kind }: Use) => (times > 1 ? KINDS[kind].again : KINDS[kind].once);
      const [strongest] = [...uses].sort((a, b) => llrOf(b) - llrOf(a));
      if (strongest === undefined) return undefined;
      const where = times === 1 ? `from ${strongest.row.ip}` : `on ${times} occasions, from ${strongest.row.ip} among others,`;
      const words = `The new method answered ${where} ${KINDS[strongest.kind].what}; nothing that the user is known by was there, which went on in ${hours} hours since.`;
      return withRows(
        contribution(detector, llrOf(strongest), words, { occasions: times }, []),
        uses.map(({ row }) => row),
      );
    };
    return {
      afterwards(unit, event) {
        const facts = unit.registration;
        if (
          facts === undefined ||
          facts.byOther ||
          BOUND.has(facts.methodKind) ||
          facts.methodKind === 'unknown' ||
          event.timeMs < unit.openedMs
        )
          return undefined;
        if (event.eventClass !== EventClass.signIn && event.eventClass !== EventClass.backgroundSignIn) return undefined;
        const owners = isOwners(event);
        const isSettled = event.user[event.userAt + UserWord.signIns]! >= LEAST_SIGN_INS;
        const kind =
          owners || !isSettled || event.prefix === facts.prefix || event.prefix === 0 || !isUsed(event, facts.methodKind)
            ? undefined
            : kindOf(event);
        const key = keyOfUnit(unit);
        const isHome = !owners && kind === undefined && cameHome(lines.get(key), event);
        if (!owners && kind === undefined && !isHome) return undefined;
        const line = lines.edit(key, () => ({ touchedMs: event.timeMs, uses: [], owner: NO_HOURS, ranges: [] }));
        line.touchedMs = Math.max(line.touchedMs, event.timeMs);
        if (owners) noteOwners(line, event);
        else if (isHome) line.uses = line.uses.filter(({ browser }) => browser !== event.browser);
        else noteUse(line, kind!, event);
        const uses = weigh(line);
        // D18 follows the first of these browsers where the owner's own registered the method: one fact.
        const isSaid = (unit.evidence[FIRST_USED] ?? []).some(({ llr }) => uses !== undefined && llr >= uses.llr);
        const found = isSaid ? undefined : uses;
        const said: Record<string, readonly Contribution[]> = {
          ...(found !== undefined && found.llr >= TELLING ? withoutOwner(unit.evidence) : {}),
        };
        if (unit.evidence[ID]?.[0]?.llr !== found?.llr) said[ID] = found === undefined ? [] : [found];
        return Object.keys(said).length === 0 ? undefined : said;
      },
    };
  },
});
