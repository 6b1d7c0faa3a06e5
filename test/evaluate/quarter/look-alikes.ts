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

type Who = (person: Person) => boolean;
type Extra = Pick<LookAlikeRow, 'who' | 'isFirst' | 'isSprayed'>;
type On = LookAlikeRow['on'];

const hasMethod: Who = ({ method }) => method !== 'none';
const appOrText: Who = ({ method }) => method === 'app' || method === 'sms';
const hasApp: Who = ({ method }) => method === 'app';
const member: Who = ({ role }) => role.guest !== true;
const guest: Who = ({ role }) => role.guest === true;
const sharing: Who = ({ role }) => role.shared === true;
const rare: Who = ({ roleName }) => roleName === 'seldom' || roleName === 'client';

/** What somebody does; the steps of `scene.ts`. */
const ADD: readonly Step[] = [['signIn'], ['page'], ['register']];
const ADD_SIGNED_IN: readonly Step[] = [['page'], ['register']];
const SWAP: readonly Step[] = [...ADD, ['pause', 3], ['deleteOld']];
const RENUMBER: readonly Step[] = [['signIn'], ['page'], ['deleteOld'], ['register']];
const ENROL: readonly Step[] = [['mustRegister'], ['register'], ['afterwards'], ['refresh', 2]];
const WITH_PASS: readonly Step[] = [['adminPass'], ['pass'], ['register'], ['afterwards'], ['refresh', 2]];
const HELPED: readonly Step[] = [['wrongPassword', 4], ['pause', 12], ['adminReset'], ['adminDelete'], ['pause', 4], ...ENROL];
const LOST: readonly Step[] = [
  ['declined', 1],
  ['pause', 30],
  ['adminDelete'],
  ['adminPass'],
  ['pause', 6],
  ['pass'],
  ['register'],
  ['afterwards'],
];
const FORGOT: readonly Step[] = [['wrongPassword', 3], ['selfReset'], ...SWAP];
const FORGOT_FIRST: readonly Step[] = [['wrongPassword', 4], ['selfReset'], ...ENROL];
const GIVE_UP: readonly Step[] = [['page'], ['fail'], ['pause', 3], ['fail'], ['cancel']];
const TIDY: readonly Step[] = [...ADD_SIGNED_IN, ['registerSecond'], ['makeDefault'], ['deleteOld'], ['review']];

const APP = { app: 1 };
const MOSTLY_APP = { app: 8, sms: 2 };
const MOSTLY_TEXT = { sms: 7, app: 3 };

function row(
  kind: string,
  [ministry, agency, manufacturer]: readonly [number, number, number],
  [when, via, on]: readonly [Moment, Way, On],
  methods: LookAlikeRow['methods'],
  steps: readonly Step[],
  extra: Extra = {},
): LookAlikeRow {
  return { kind, count: { ministry, agency, manufacturer }, when, via, on, methods, steps, ...extra };
}

/** The cause, how many in each kind of tenant, when, through what and on what, what is registered, by what steps. */
export const LOOK_ALIKES: readonly LookAlikeRow[] = [
  row('new-phone', [16, 20, 14], ['evening', 'wifi', 'newPhone'], APP, SWAP, { who: appOrText }),
  row('new-phone-at-work', [8, 8, 10], ['work', 'usual', 'computer'], { app: 9, sms: 1 }, [...ADD_SIGNED_IN, ['makeDefault']], {
    who: hasMethod,
  }),
  row('new-number', [8, 8, 10], ['evening', 'mobile', 'phone'], { sms: 8, voice: 2 }, RENUMBER, { who: hasMethod }),
  row('joiner', [16, 14, 16], ['joined', 'usual', 'computer'], MOSTLY_APP, WITH_PASS, { isFirst: true }),
  row('joiner-from-home', [4, 10, 3], ['joined', 'wifi', 'newComputer'], { app: 6, sms: 4 }, ENROL, { isFirst: true }),
  row('help-desk-reset', [18, 6, 14], ['work', 'usual', 'computer'], MOSTLY_APP, HELPED, { who: hasMethod }),
  row('lost-phone', [8, 8, 6], ['evening', 'wifi', 'newPhone'], APP, LOST, { who: appOrText }),
  row('campaign', [30, 20, 20], ['campaign', 'usual', 'computer'], { fido: 5, app: 5 }, ADD_SIGNED_IN, { who: member }),
  row('on-a-trip', [6, 14, 10], ['trip', 'wifi', 'computer'], { app: 6, sms: 4 }, ADD, { who: hasMethod }),
  row('new-phone-on-a-trip', [3, 8, 6], ['trip', 'wifi', 'newPhone'], APP, [['wrongPassword', 1], ...SWAP], { who: appOrText }),
  row('mistaken-denial', [8, 8, 8], ['work', 'usual', 'computer'], { app: 5, sms: 5 }, [['declined', 4], ...ADD], { who: hasApp }),
  row('back-from-leave', [8, 8, 8], ['returned', 'usual', 'newComputer'], APP, FORGOT, { who: hasMethod }),
  row('consumer-vpn', [4, 14, 3], ['evening', 'vpn', 'computer'], MOSTLY_APP, ADD, { who: hasMethod }),
  row('private-relay', [2, 12, 3], ['evening', 'relay', 'phone'], MOSTLY_APP, ADD, { who: hasMethod }),
  row('moved-house', [6, 8, 6], ['moved', 'wifi', 'newComputer'], { app: 6, oath: 1, sms: 3 }, ADD, { who: hasMethod }),
  row('shared-kiosk', [0, 0, 18], ['work', 'usual', 'computer'], MOSTLY_TEXT, ENROL, { who: sharing }),
  row('hosted-desktop', [4, 4, 10], ['work', 'hosted', 'newComputer'], APP, ADD, { who: hasMethod }),
  row('sprayed-and-new-phone', [4, 4, 4], ['evening', 'wifi', 'newPhone'], APP, ADD, { who: hasMethod, isSprayed: true }),
  row('never-finished', [6, 5, 6], ['work', 'usual', 'computer'], APP, GIVE_UP),
  row('tidying', [8, 6, 6], ['work', 'usual', 'computer'], { app: 6, oath: 2, sms: 2 }, TIDY, { who: appOrText }),
  row('site-moved-to-proxy', [0, 0, 14], ['cutover', 'usual', 'computer'], MOSTLY_APP, ADD),
  row('client-guest', [0, 12, 0], ['work', 'wifi', 'computer'], { app: 6, sms: 4 }, ENROL, { who: guest }),
  row('misplaced-address', [5, 5, 5], ['faulty', 'wifi', 'computer'], APP, ADD),
  row('seldom-seen', [5, 3, 6], ['evening', 'wifi', 'newComputer'], MOSTLY_TEXT, FORGOT_FIRST, { who: rare }),
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
