import { makeDevice } from './devices.ts';
import type { Dice } from './dice.ts';
import type { KindName } from './kinds.ts';
import { type Link, tunnel } from './links.ts';
import type { MethodName } from './methods.ts';
import type { Moment } from './moments.ts';
import type { Person } from './people.ts';
import type { Step } from './scene.ts';
import { HOSTED, networkAt, throughTunnel, type World } from './world.ts';

type Way = 'usual' | 'wifi' | 'mobile' | 'vpn' | 'relay' | 'hosted';

/** A benign event that could be taken for an attack. */
export interface LookAlikeRow {
  readonly kind: string;
  readonly count: Readonly<Record<KindName, number>>;
  readonly who?: (person: Person) => boolean;
  readonly when: Moment;
  readonly via: Way;
  /** A device that the directory has not seen of this person; the phone is then theirs from that time on. */
  readonly on: 'computer' | 'phone' | 'newPhone' | 'newComputer';
  readonly methods: Readonly<Partial<Record<MethodName, number>>>;
  readonly steps: readonly Step[];
  /** Nobody worked with the account before. */
  readonly isFirst?: true;
  /** Others' networks try passwords on it the same day. */
  readonly isSprayed?: true;
}

const count = (ministry: number, agency: number, manufacturer: number) => ({ ministry, agency, manufacturer });
const hasMethod = ({ method }: Person) => method !== 'none';
const hasAppOrText = ({ method }: Person) => method === 'app' || method === 'sms';
const enrol: readonly Step[] = [['mustRegister'], ['register'], ['afterwards']];
const own: readonly Step[] = [['signIn'], ['page'], ['register']];

export const LOOK_ALIKES: readonly LookAlikeRow[] = [
  {
    kind: 'new-phone',
    count: count(16, 20, 14),
    who: hasAppOrText,
    when: 'evening',
    via: 'wifi',
    on: 'newPhone',
    methods: { app: 1 },
    steps: [...own, ['pause', 3], ['deleteOld']],
  },
  {
    kind: 'new-phone-at-work',
    count: count(8, 8, 10),
    who: hasMethod,
    when: 'work',
    via: 'usual',
    on: 'computer',
    methods: { app: 9, sms: 1 },
    steps: [['page'], ['register'], ['makeDefault']],
  },
  {
    kind: 'new-number',
    count: count(8, 8, 10),
    who: hasMethod,
    when: 'evening',
    via: 'mobile',
    on: 'phone',
    methods: { sms: 8, voice: 2 },
    steps: [['signIn'], ['page'], ['deleteOld'], ['register']],
  },
  {
    kind: 'joiner',
    count: count(16, 14, 16),
    when: 'joined',
    via: 'usual',
    on: 'computer',
    methods: { app: 8, sms: 2 },
    isFirst: true,
    steps: [['adminPass'], ['pass'], ['register'], ['afterwards'], ['refresh', 2]],
  },
  {
    kind: 'joiner-from-home',
    count: count(4, 10, 3),
    when: 'joined',
    via: 'wifi',
    on: 'newComputer',
    methods: { app: 6, sms: 4 },
    isFirst: true,
    steps: [...enrol, ['refresh', 2]],
  },
  {
    kind: 'help-desk-reset',
    count: count(18, 6, 14),
    who: hasMethod,
    when: 'work',
    via: 'usual',
    on: 'computer',
    methods: { app: 8, sms: 2 },
    steps: [
      ['wrongPassword', 4],
      ['pause', 12],
      ['adminReset'],
      ['adminDelete'],
      ['pause', 4],
      ['mustRegister'],
      ['register'],
      ['afterwards'],
    ],
  },
  {
    kind: 'lost-phone',
    count: count(8, 8, 6),
    who: hasAppOrText,
    when: 'evening',
    via: 'wifi',
    on: 'newPhone',
    methods: { app: 1 },
    steps: [['declined', 1], ['pause', 30], ['adminDelete'], ['adminPass'], ['pause', 6], ['pass'], ['register'], ['afterwards']],
  },
  {
    kind: 'campaign',
    count: count(30, 20, 20),
    who: ({ role }) => role.guest !== true,
    when: 'campaign',
    via: 'usual',
    on: 'computer',
    methods: { fido: 5, app: 5 },
    steps: [['page'], ['register']],
  },
  {
    kind: 'on-a-trip',
    count: count(6, 14, 10),
    who: hasMethod,
    when: 'trip',
    via: 'wifi',
    on: 'computer',
    methods: { app: 6, sms: 4 },
    steps: own,
  },
  {
    kind: 'new-phone-on-a-trip',
    count: count(3, 8, 6),
    who: hasAppOrText,
    when: 'trip',
    via: 'wifi',
    on: 'newPhone',
    methods: { app: 1 },
    steps: [['wrongPassword', 1], ['signIn'], ['page'], ['register'], ['deleteOld']],
  },
  {
    kind: 'mistaken-denial',
    count: count(8, 8, 8),
    who: ({ method }) => method === 'app',
    when: 'work',
    via: 'usual',
    on: 'computer',
    methods: { app: 5, sms: 5 },
    steps: [['declined', 4], ['signIn'], ['page'], ['register']],
  },
  {
    kind: 'back-from-leave',
    count: count(8, 8, 8),
    who: hasMethod,
    when: 'returned',
    via: 'usual',
    on: 'newComputer',
    methods: { app: 1 },
    steps: [['wrongPassword', 3], ['selfReset'], ['signIn'], ['page'], ['register'], ['deleteOld']],
  },
  {
    kind: 'consumer-vpn',
    count: count(4, 14, 3),
    who: hasMethod,
    when: 'evening',
    via: 'vpn',
    on: 'computer',
    methods: { app: 7, sms: 3 },
    steps: own,
  },
  {
    kind: 'private-relay',
    count: count(2, 12, 3),
    who: hasMethod,
    when: 'evening',
    via: 'relay',
    on: 'phone',
    methods: { app: 8, sms: 2 },
    steps: own,
  },
  {
    kind: 'moved-house',
    count: count(6, 8, 6),
    who: hasMethod,
    when: 'moved',
    via: 'wifi',
    on: 'newComputer',
    methods: { app: 6, oath: 1, sms: 3 },
    steps: own,
  },
  {
    kind: 'shared-kiosk',
    count: count(0, 0, 18),
    who: ({ role }) => role.shared === true,
    when: 'work',
    via: 'usual',
    on: 'computer',
    methods: { sms: 7, app: 3 },
    steps: [...enrol, ['refresh', 1]],
  },
  {
    kind: 'hosted-desktop',
    count: count(4, 4, 10),
    who: hasMethod,
    when: 'work',
    via: 'hosted',
    on: 'newComputer',
    methods: { app: 1 },
    steps: own,
  },
  {
    kind: 'sprayed-and-new-phone',
    count: count(4, 4, 4),
    who: hasMethod,
    when: 'evening',
    via: 'wifi',
    on: 'newPhone',
    methods: { app: 1 },
    isSprayed: true,
    steps: own,
  },
  {
    kind: 'never-finished',
    count: count(6, 5, 6),
    when: 'work',
    via: 'usual',
    on: 'computer',
    methods: { app: 1 },
    steps: [['page'], ['fail'], ['pause', 3], ['fail'], ['cancel']],
  },
  {
    kind: 'tidying',
    count: count(8, 6, 6),
    who: hasAppOrText,
    when: 'work',
    via: 'usual',
    on: 'computer',
    methods: { app: 6, oath: 2, sms: 2 },
    steps: [['page'], ['register'], ['registerSecond'], ['makeDefault'], ['deleteOld'], ['review']],
  },
  {
    kind: 'site-moved-to-proxy',
    count: count(0, 0, 14),
    when: 'cutover',
    via: 'usual',
    on: 'computer',
    methods: { app: 7, sms: 3 },
    steps: own,
  },
  {
    kind: 'client-guest',
    count: count(0, 12, 0),
    who: ({ role }) => role.guest === true,
    when: 'work',
    via: 'wifi',
    on: 'computer',
    methods: { app: 6, sms: 4 },
    steps: [...enrol, ['refresh', 1]],
  },
  { kind: 'misplaced-address', count: count(5, 5, 5), when: 'faulty', via: 'wifi', on: 'computer', methods: { app: 1 }, steps: own },
  {
    kind: 'seldom-seen',
    count: count(5, 3, 6),
    who: ({ roleName }) => roleName === 'seldom' || roleName === 'client',
    when: 'evening',
    via: 'wifi',
    on: 'newComputer',
    methods: { sms: 6, app: 4 },
    steps: [['wrongPassword', 4], ['selfReset'], ['mustRegister'], ['register'], ['afterwards']],
  },
];

const WAYS: Readonly<Record<Way, (world: World, person: Person, network: Link, dice: Dice) => Link>> = {
  usual: throughTunnel,
  wifi: (_world, _person, network) => network,
  mobile: (_world, { mobile }) => mobile,
  vpn: (_world, { city }, _network, dice) => tunnel(dice, city, 'vpn'),
  relay: (_world, { city }, _network, dice) => tunnel(dice, city, 'relay'),
  hosted: () => HOSTED,
};

export function linkFor({ via }: LookAlikeRow, world: World, person: Person, day: number, at: number, dice: Dice): Link {
  return WAYS[via](world, person, networkAt(world, person, day, at), dice);
}

export function deviceFor({ on }: LookAlikeRow, person: Person, dice: Dice) {
  if (on === 'computer' || on === 'phone') return person[on];
  return makeDevice(
    dice,
    on === 'newPhone' ? dice.pick(['iphone', 'android'] as const) : person.computer.kind === 'kiosk' ? 'winOwn' : person.computer.kind,
  );
}
