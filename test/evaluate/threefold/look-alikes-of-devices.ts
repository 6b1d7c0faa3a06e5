import { writeAudit } from './audit-row.ts';
import { machineOf } from './devices.ts';
import type { Dice } from './dice.ts';
import type { LookAlike, Play } from './look-alike.ts';
import { anyLink, linkOf, operatorsFor } from './networks.ts';
import { type Method, methodsAt, type Person } from './people.ts';
import { addMethod, changeDefault, changePhone, enrol, helpDesk, register, removeMethod, resetPassword } from './registrations.ts';
import { helperOf, newPhone, ownHand, phoneHand } from './scenes.ts';
import { row, signIn } from './sessions.ts';
import { MINUTE } from './world.ts';

const knows =
  (...methods: readonly Method[]) =>
  (person: Person) =>
    methods.some((method) => methodsAt(person, 0).includes(method));
const atRest: LookAlike['where'] = (stay) => stay.wifi;
const anotherOf = (dice: Dice, person: Person, time: number): Method =>
  dice.pick((['push', 'code', 'sms', 'passkey'] as const).filter((method) => !methodsAt(person, time).includes(method)));

function newPhoneAct({ world, scene, dice, label }: Play): void {
  const { person, time } = scene;
  const machine = newPhone(person, dice);
  const hand = person.computer !== undefined && dice.chance(0.6) ? ownHand(world, scene, dice) : phoneHand(scene, machine, dice);
  const proof = methodsAt(person, time).includes('sms') ? 'sms' : undefined;
  const done = addMethod(world, hand, time, 'push', proof === undefined ? {} : { proof });
  label.add(done);
  changePhone(person, done.time, machine);
  if (dice.chance(0.5)) removeMethod(world, hand, done.time + dice.int(1, 15) * MINUTE, 'push', false);
}

function lostPhone({ world, scene, dice, label }: Play): void {
  const { person, time } = scene;
  helpDesk(world, { ...helperOf(world, dice), person, time, gives: 'pass' });
  label.note(time);
  const machine = newPhone(person, dice);
  const hand = person.computer === undefined ? phoneHand(scene, machine, dice) : ownHand(world, scene, dice);
  const later = time + dice.int(4, 35) * MINUTE;
  const done = addMethod(world, hand, later, 'push', { proof: 'pass' });
  changePhone(person, done.time, machine);
  label.add(done);
}

function forgotten({ world, scene, dice, label }: Play): void {
  const { person, time } = scene;
  const hand = ownHand(world, scene, dice);
  const ids = { sessionId: dice.guid(), correlationId: dice.guid(), app: 'office', proof: 'password', code: 50126 } as const;
  for (let wrong = dice.int(2, 6); wrong > 0; wrong--) row(world, hand, { ...ids, time: time - wrong * dice.int(12_000, 25_000) });
  label.note(time);
  const reset = resetPassword(world, hand, time);
  const entered = signIn(world, hand, reset + dice.int(20, 120) * 1000, 'office', { errors: 0 });
  if (dice.chance(0.6))
    label.add(addMethod(world, hand, entered.time + dice.int(1, 8) * MINUTE, anotherOf(dice, person, time), { proof: 'token' }));
}

function newNumber({ world, scene, dice, label }: Play): void {
  const { person, time } = scene;
  const hand = ownHand(world, scene, dice);
  const number = `+XX XXXXXXX${dice.int(100, 999)}`;
  if (dice.chance(0.4)) helpDesk(world, { ...helperOf(world, dice), person, time: time - 20 * MINUTE, gives: 'nothing' });
  const done = addMethod(world, hand, time, 'sms', { number });
  label.add(done);
  if (dice.chance(0.5)) changeDefault(world, hand, done.time + MINUTE, 'sms');
}

function flatBattery({ world, scene, dice, label }: Play): void {
  const { time } = scene;
  const hand = ownHand(world, scene, dice);
  const note = dice.pick(['MFA denied; user did not respond to mobile app notification', 'MFA denied; user declined the authentication']);
  const tries = dice.int(2, 7);
  for (let left = tries; left > 0; left--) {
    row(world, hand, {
      sessionId: dice.guid(),
      correlationId: dice.guid(),
      time: time - left * dice.int(40_000, 120_000),
      app: 'mail',
      proof: 'push',
      code: 500121,
      note,
    });
  }
  label.note(time - tries * 120_000);
  label.add(addMethod(world, hand, time + 2 * MINUTE, dice.pick(['sms', 'code'] as const), { proof: 'push' }));
}

function passkeyInstead({ world, scene, dice, label }: Play): void {
  const { person, time } = scene;
  const hand = ownHand(world, scene, dice);
  const done = addMethod(world, hand, time, 'passkey');
  label.add(done);
  for (const [index, method] of methodsAt(person, time)
    .filter((one) => one !== 'hello')
    .entries())
    removeMethod(world, hand, done.time + (2 + index) * MINUTE, method);
}

function newComputer({ world, scene, dice, label }: Play): void {
  const { person, time, stay } = scene;
  const old = person.computer!;
  const machine = machineOf(dice, {
    system: dice.chance(0.8) ? old.system : dice.pick(['windows', 'mac', 'linux'] as const),
    trust: old.trust,
  });
  const hand = { person, dice, machine, browser: machine.browsers[0]!, link: stay.link };
  const entered = signIn(world, hand, time, 'office');
  if (machine.trust !== '')
    writeAudit(world, {
      operation: 'Register device',
      time: entered.time + 9000,
      actor: person,
      target: person,
      ip: stay.link.ip,
      correlationId: dice.guid(),
    });
  label.add(addMethod(world, hand, entered.time + dice.int(3, 40) * MINUTE, anotherOf(dice, person, time)));
}

function hostedDesktop({ world, scene, dice, label }: Play): void {
  const { person, time, stay } = scene;
  const machine = machineOf(dice, { system: 'windows', trust: 'Azure AD joined' });
  const hand = { person, dice, machine, browser: machine.browsers[0]!, link: anyLink(dice, 'cloud', stay.city) };
  label.add(addMethod(world, hand, time, anotherOf(dice, person, time)));
}

function givenUp({ world, scene, dice, label }: Play): void {
  const { person, time } = scene;
  const hand = ownHand(world, scene, dice);
  const base = { actor: person, target: person, ip: hand.link.ip, correlationId: dice.guid() };
  const entered = signIn(world, hand, time, 'security');
  for (let left = dice.int(1, 3); left > 0; left--) {
    writeAudit(world, {
      ...base,
      operation: 'User canceled security info registration',
      time: entered.time + left * MINUTE,
      reason: 'User canceled security info registration.',
      failed: true,
    });
  }
  label.add(
    register(world, hand, {
      time: entered.time + dice.int(5, 30) * MINUTE,
      method: anotherOf(dice, person, time),
      correlationId: dice.guid(),
    }),
  );
}

function secondFactorAtLast({ world, scene, dice, label }: Play): void {
  label.add(
    enrol(
      world,
      ownHand(world, scene, dice),
      scene.time,
      dice.weighted([
        ['push', 7],
        ['sms', 3],
      ]),
    ),
  );
}

function anotherCarrier({ world, scene, dice, label }: Play): void {
  const { person, time, stay } = scene;
  const machine = newPhone(person, dice);
  const hand = { ...phoneHand(scene, machine, dice), link: linkOf(dice, dice.pick(operatorsFor('carrier', stay.city.country)), stay.city) };
  const done = addMethod(world, hand, time, dice.pick(['push', 'sms'] as const));
  changePhone(person, done.time, machine);
  label.add(done);
}

/** Look-alikes whose cause is a device, a password or a method. */
export const LOOK_ALIKES_OF_DEVICES: readonly LookAlike[] = [
  { cause: 'new phone', counts: { insurer: 24, logistics: 24, research: 20 }, who: knows('push', 'sms'), where: atRest, act: newPhoneAct },
  {
    cause: 'lost phone, help desk',
    counts: { insurer: 10, logistics: 14, research: 6 },
    who: ({ role }) => role.guest !== true,
    act: lostPhone,
  },
  { cause: 'forgotten password', counts: { insurer: 12, logistics: 20, research: 10 }, who: knows('push', 'sms', 'code'), act: forgotten },
  { cause: 'new number', counts: { insurer: 8, logistics: 12, research: 6 }, who: knows('sms', 'push'), where: atRest, act: newNumber },
  { cause: 'flat battery', counts: { insurer: 8, logistics: 8, research: 8 }, who: knows('push'), act: flatBattery },
  {
    cause: 'passkey instead',
    counts: { insurer: 8, logistics: 4, research: 10 },
    who: knows('push', 'code'),
    where: atRest,
    act: passkeyInstead,
  },
  {
    cause: 'new computer',
    counts: { insurer: 10, logistics: 4, research: 12 },
    who: ({ computer, methods }) => computer !== undefined && methods[0]!.set.length > 0,
    where: atRest,
    act: newComputer,
  },
  {
    cause: 'hosted desktop',
    counts: { insurer: 6, logistics: 2, research: 4 },
    who: (person) => person.computer !== undefined && knows('push', 'sms', 'code')(person),
    where: (stay) => stay.working,
    act: hostedDesktop,
  },
  { cause: 'given up, then done', counts: { insurer: 6, logistics: 8, research: 8 }, who: knows('push', 'sms', 'code'), act: givenUp },
  {
    cause: 'second factor at last',
    counts: { insurer: 6, logistics: 20, research: 8 },
    who: ({ methods, role }) => methods[0]!.set.length === 0 && role.guest !== true,
    act: secondFactorAtLast,
  },
  {
    cause: 'new phone and carrier',
    counts: { insurer: 6, logistics: 14, research: 6 },
    who: knows('push', 'sms'),
    where: (stay) => !stay.wifi,
    act: anotherCarrier,
  },
];
