import type { LookAlike, Play } from './look-alike.ts';
import { anyLink } from './networks.ts';
import { methodsAt, type Person, phoneAt, tripOn } from './people.ts';
import { addMethod, changePhone, enrol } from './registrations.ts';
import { newPhone, ownHand, phoneHand } from './scenes.ts';
import { open } from './sessions.ts';
import { officeOf } from './world.ts';

const hasMethod = (person: Person) => methodsAt(person, 0).length > 0;
const isOnTrip: LookAlike['where'] = (stay, day, person) => tripOn(person, day) !== undefined && stay.city !== person.city;
const METHODS = ['push', 'sms', 'code', 'passkey'] as const;

function fromTheRoad({ world, scene, dice, label }: Play): void {
  label.add(addMethod(world, ownHand(world, scene, dice), scene.time, dice.pick(METHODS)));
}

function phoneOnTheRoad({ world, scene, dice, label }: Play): void {
  const machine = newPhone(scene.person, dice);
  const done = addMethod(world, phoneHand(scene, machine, dice), scene.time, 'push');
  changePhone(scene.person, done.time, machine);
  label.add(done);
}

function behindVpn({ world, scene, dice, label }: Play): void {
  const hand = { ...ownHand(world, scene, dice), link: scene.person.vpn! };
  const { time } = open(world, hand, scene.time, 'office');
  label.add(addMethod(world, hand, time + dice.int(40_000, 900_000), dice.pick(METHODS)));
}

function relayed({ world, scene, dice, label }: Play): void {
  const phone = phoneAt(scene.person, scene.time)!;
  const hand = { ...phoneHand(scene, phone, dice), link: anyLink(dice, 'relay', scene.stay.city) };
  label.add(addMethod(world, hand, scene.time, dice.pick(METHODS)));
}

function byPhone({ world, scene, dice, label }: Play): void {
  label.add(addMethod(world, phoneHand(scene, phoneAt(scene.person, scene.time)!, dice), scene.time, dice.pick(METHODS)));
}

function newEgress({ world, scene, dice, label }: Play): void {
  scene.person.companyVpnFrom = scene.day;
  const hand = { ...ownHand(world, scene, dice), link: dice.pick([...world.offices.values()][0]!) };
  label.add(addMethod(world, hand, scene.time, dice.pick(METHODS)));
}

function guest({ world, scene, dice, label }: Play): void {
  label.add(enrol(world, ownHand(world, scene, dice), scene.time, 'push'));
}

function atOffice({ world, scene, dice, label }: Play): void {
  const hand = { ...ownHand(world, scene, dice), link: dice.pick(officeOf(world, scene.person.city)) };
  label.add(addMethod(world, hand, scene.time, 'push', { proof: dice.chance(0.5) ? 'sms' : 'token' }));
}

/** Look-alikes whose cause is where somebody is, or what is between them and the service. */
export const LOOK_ALIKES_OF_PLACES: readonly LookAlike[] = [
  { cause: 'method on a journey', counts: { insurer: 8, logistics: 2, research: 16 }, who: hasMethod, where: isOnTrip, act: fromTheRoad },
  {
    cause: 'new phone on a journey',
    counts: { insurer: 5, logistics: 1, research: 9 },
    who: hasMethod,
    where: isOnTrip,
    act: phoneOnTheRoad,
  },
  {
    cause: 'behind a VPN',
    counts: { insurer: 9, logistics: 4, research: 14 },
    who: (person) => person.vpn !== undefined && hasMethod(person),
    where: (stay) => stay.link.kind === 'home',
    act: behindVpn,
  },
  {
    cause: 'private relay',
    counts: { insurer: 8, logistics: 5, research: 8 },
    who: (person) => person.phones[0]?.machine.system === 'iphone' && hasMethod(person),
    act: relayed,
  },
  {
    cause: 'by phone on the way',
    counts: { insurer: 8, logistics: 22, research: 8 },
    who: (person) => person.phones.length > 0 && hasMethod(person),
    where: (stay) => !stay.wifi,
    act: byPhone,
  },
  {
    cause: 'subsidiary behind the new egress',
    counts: { insurer: 12, logistics: 0, research: 0 },
    who: (person) => person.role.name === 'Subsidiary' && hasMethod(person),
    where: (stay) => stay.working,
    days: [16, 20],
    act: newEgress,
  },
  {
    cause: 'guest registers',
    counts: { insurer: 8, logistics: 5, research: 4 },
    who: ({ role, computer }) => role.guest === true && computer !== undefined,
    act: guest,
  },
  {
    cause: 'campaign week',
    counts: { insurer: 24, logistics: 14, research: 14 },
    who: (person) => methodsAt(person, 0).includes('sms') && person.computer !== undefined,
    where: (stay) => stay.link.kind === 'office',
    days: [14, 18],
    act: atOffice,
  },
];
