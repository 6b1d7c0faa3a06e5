import type { Book } from './book.ts';
import { type Machine, machineOf } from './devices.ts';
import { type Dice, diceOf } from './dice.ts';
import { KINDS, type Kind, type KindName, type Role } from './kinds.ts';
import type { Link } from './networks.ts';
import { type Person, personOf } from './people.ts';
import { type City, cityOf } from './places.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const MINUTE = 60_000;

/** All that is fixed before anybody signs in. */
export interface World {
  readonly kind: Kind;
  readonly kindName: KindName;
  readonly seed: number;
  readonly start: number;
  readonly end: number;
  readonly tenantId: string;
  readonly people: readonly Person[];
  /** Egress addresses of each office, by the name of its city. */
  readonly offices: ReadonlyMap<string, readonly Link[]>;
  /** Computers that stand in each office for everybody. */
  readonly terminals: ReadonlyMap<string, readonly Machine[]>;
  readonly book: Book;
  readonly dice: Dice;
}

/** Offices lease lines of their own; the numbers are the carriers' for companies. */
const OFFICE_LINES: Readonly<Record<string, { readonly asn: number; readonly prefix: string }>> = {
  GB: { asn: 5400, prefix: '62.239' },
  IE: { asn: 5466, prefix: '83.70' },
  DE: { asn: 3320, prefix: '80.153' },
  PL: { asn: 5617, prefix: '80.50' },
  CZ: { asn: 5610, prefix: '194.228' },
  SE: { asn: 1653, prefix: '130.242' },
};

function officeLinks(dice: Dice, city: City): readonly Link[] {
  const line = OFFICE_LINES[city.country]!;
  const third = dice.int(1, 250);
  return Array.from({ length: dice.int(1, 3) }, (_, at) => ({
    ip: `${line.prefix}.${third}.${10 + at}`,
    asn: line.asn,
    kind: 'office' as const,
    shown: city,
    site: city,
  }));
}

const terminalsOf = (dice: Dice): readonly Machine[] =>
  Array.from({ length: 6 }, () => machineOf(dice, { system: 'windows', trust: dice.chance(0.6) ? 'Azure AD joined' : '' }));

function crew(kind: Kind, dice: Dice): readonly Person[] {
  const total = kind.roles.reduce((sum, { share }) => sum + share, 0);
  const wanted = (role: Role) => Math.round((kind.users * role.share) / total);
  return kind.roles
    .flatMap((role) => Array.from({ length: wanted(role) }, () => role))
    .map((role, index) => personOf(kind, role, index, dice.fork(`person ${index}`)));
}

export function worldOf(kindName: KindName, seed: number, book: Book): World {
  const kind: Kind = KINDS[kindName];
  const dice = diceOf(`threefold/${kindName}/${seed}`);
  const start = Date.parse(kind.start);
  return {
    kind,
    kindName,
    seed,
    start,
    end: start + kind.days * DAY,
    tenantId: dice.guid(),
    people: crew(kind, dice.fork('people')),
    offices: new Map(kind.offices.map((name) => [name, officeLinks(dice.fork(name), cityOf(name))])),
    terminals: new Map(kind.offices.map((name) => [name, terminalsOf(dice.fork(`terminals ${name}`))])),
    book,
    dice,
  };
}

/** Unix ms of a local hour on a day of the logs. */
export function atHour(world: World, city: City, day: number, hour: number): number {
  return world.start + day * DAY + (hour - city.utc - (world.kind.summer && city.summer ? 1 : 0)) * HOUR;
}

/** The day of the logs, in UTC. */
export const dayOf = (world: World, time: number) => Math.floor((time - world.start) / DAY);

/** The company's egress for a person: the nearest office's, or the first one's. */
export function officeOf(world: World, city: City): readonly Link[] {
  return (
    world.offices.get(city.name) ??
    [...world.offices.values()].find(([link]) => link!.shown.country === city.country) ??
    [...world.offices.values()][0]!
  );
}
