import { someAddress, someV6 } from './addresses.ts';
import {
  atNight,
  byDesk,
  cancelled,
  cleanUp,
  flips,
  forgotten,
  fumbled,
  helpDesk,
  moved,
  newComputer,
  newNumber,
  newPhone,
  sharedNumber,
  weaker,
} from './benign-acts.ts';
import { COMPUTERS, client, TOOLS } from './clients.ts';
import { type Person, whereabouts, within } from './people.ts';
import { CONSUMER_VPN, COUNTRIES, HOSTED_DESKTOPS, PRIVATE_RELAY } from './places.ts';
import { firstTime, plainly, type Tale, type Told, through } from './tale.ts';

/** A benign reason for what looks like a takeover; `count` is for a thousand people. */
export interface Cause {
  readonly kind: string;
  readonly count: number;
  readonly fits?: (person: Person) => boolean;
  /** The day, where it is not any day of work. */
  readonly day?: (person: Person, tale: Omit<Tale, 'day' | 'person'>) => number;
  readonly tell: (tale: Tale) => Told;
}

const enrolled = ({ kind, methods }: Person) => kind === 'staff' && methods.length > 0;

const DRIVE_DAY = 15;
const onTrip = ({ kind, trip }: Person) => kind === 'staff' && trip !== undefined;

export const CAUSES: readonly Cause[] = [
  { kind: 'new-phone', count: 26, tell: newPhone },
  {
    kind: 'journey',
    count: 7,
    fits: onTrip,
    day: ({ trip }, { dice }) => dice.int(trip!.from + 1, trip!.to - 1),
    tell: (tale) => plainly(tale, 'home'),
  },
  {
    kind: 'new-hire',
    count: 18,
    fits: ({ kind, employed }) => kind === 'staff' && employed.from > 0,
    day: ({ employed }) => employed.from,
    tell: (tale) => firstTime(tale, 'must enrol'),
  },
  {
    kind: 'enrolment-drive',
    count: 34,
    day: (_, { dice }) => DRIVE_DAY + dice.int(0, 1),
    tell: (tale) => firstTime(tale, 'must enrol, by policy'),
  },
  { kind: 'help-desk', count: 12, tell: helpDesk },
  { kind: 'new-number', count: 10, tell: newNumber },
  { kind: 'forgotten-password', count: 10, tell: forgotten },
  {
    kind: 'consumer-vpn',
    count: 8,
    tell: (tale) => {
      const { network, city } = tale.dice.pick(CONSUMER_VPN);
      return through(tale, () => ({ point: someAddress(tale.dice, network, city, 200) }));
    },
  },
  {
    kind: 'private-relay',
    count: 8,
    tell: (tale) =>
      through(tale, () => ({ point: someV6(tale.dice, tale.dice, PRIVATE_RELAY, tale.person.city), client: tale.person.phone })),
  },
  {
    kind: 'hosted-desktop',
    count: 6,
    tell: (tale) =>
      through(tale, () => ({
        point: someAddress(tale.dice, HOSTED_DESKTOPS, tale.person.city, 120),
        client: client(tale.dice, TOOLS.slice(0, 1)),
      })),
  },
  {
    kind: 'hotspot-of-a-colleague',
    count: 7,
    tell: (tale) =>
      through(tale, ({ client: own }) => ({
        point: someAddress(tale.dice, tale.dice.pick(COUNTRIES[tale.person.city.country]!.carriers), tale.person.city, 300),
        client: own,
      })),
  },
  { kind: 'borrowed-computer', count: 7, tell: (tale) => through(tale, () => ({ client: client(tale.dice, COMPUTERS) })) },
  { kind: 'fumbled-prompts', count: 8, tell: fumbled },
  {
    kind: 'back-from-leave',
    count: 9,
    fits: (person) => enrolled(person) && person.away !== undefined && person.away.to < 30,
    day: ({ away }) => away!.to + 1,
    tell: (tale) => plainly(tale, 'home', 'mistyped, both'),
  },
  { kind: 'counter-of-it', count: 10, fits: (person) => enrolled(person) && person.site !== undefined, tell: byDesk },
  { kind: 'shared-number', count: 6, tell: sharedNumber },
  { kind: 'new-computer', count: 12, tell: newComputer },
  { kind: 'moved-home', count: 8, tell: moved },
  { kind: 'cancelled', count: 8, tell: cancelled },
  { kind: 'clean-up-by-admin', count: 10, tell: cleanUp },
  { kind: 'guest', count: 7, fits: ({ kind }) => kind === 'guest', tell: (tale) => firstTime(tale, 'must enrol') },
  { kind: 'weaker-default', count: 6, tell: weaker },
  { kind: 'at-night', count: 6, tell: atNight },
  { kind: 'networks-by-turns', count: 9, tell: flips },
  { kind: 'renamed', count: 6, fits: (person) => enrolled(person) && person.rename !== undefined, tell: (tale) => plainly(tale) },
];

/** Who is about to be fitted by a cause; those on a journey or on leave have causes of their own. */
export const suits = (cause: Cause, person: Person) =>
  cause.fits?.(person) ?? (enrolled(person) && person.trip === undefined && person.employed.from < 0);

/** Whether a person could do something on the day. */
export const isThere = (person: Person, day: number) => whereabouts(person, day) !== undefined && within(person.employed, day);
