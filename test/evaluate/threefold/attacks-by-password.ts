import type { Attack } from './attack.ts';
import { aftermath, attackerHand, attackerLink, moved, pester, type Takeover } from './attacker.ts';
import { methodsAt, type Person } from './people.ts';
import { addMethod, changeDefault, enrol, register, removeMethod } from './registrations.ts';
import { type Hand, open, row, signIn } from './sessions.ts';
import { DAY, HOUR, MINUTE, type World } from './world.ts';

const isMember = (person: Person) => person.role.guest !== true && !person.dormant;
const knowsPush = (person: Person) => isMember(person) && methodsAt(person, 0).includes('push');
const hasNone = (person: Person) => isMember(person) && methodsAt(person, 0).length === 0 && person.joined < 0;

/** Refused passwords of many accounts, a few a minute or a few an hour. */
export function spray(
  world: World,
  takeover: Pick<Takeover, 'victim' | 'nearness' | 'dice'>,
  from: number,
  hours: number,
  accounts: number,
): void {
  const { dice } = takeover;
  const hand = attackerHand(takeover);
  for (const person of dice.some(world.people, accounts)) {
    const time = Math.round(from + dice.between(0, hours) * HOUR);
    row(
      world,
      { ...moved(takeover, hand), person },
      {
        sessionId: '',
        correlationId: dice.guid(),
        time,
        app: 'office',
        proof: 'password',
        code: dice.weighted([
          [50126, 90],
          [50053, 5],
          [50034, 3],
          [50057, 2],
        ] as const),
      },
    );
  }
}

function sprayed(takeover: Takeover): void {
  const { world, time, dice, label } = takeover;
  const hours = dice.pick([1, 4, 30]);
  spray(world, takeover, time - hours * HOUR, hours, dice.int(40, 160));
  const hand = attackerHand(takeover);
  label.note(time);
  row(world, hand, { sessionId: dice.guid(), correlationId: dice.guid(), time, app: 'office', proof: 'password', code: 50072 });
  const later = time + Math.round(dice.lognormal(0.15, 1) * DAY);
  takeover.victim.agenda.push({
    time: later,
    act: () => {
      const here = moved(takeover, hand);
      const done = enrol(world, here, later, dice.pick(['sms', 'push'] as const), { keeps: false, number: '+XX XXXXXXX917' });
      label.add(done);
      aftermath(takeover, here, done.time);
    },
  });
}

/** A stolen password and cookie, used from the victim's own town. */
function stolen(takeover: Takeover): void {
  const { world, time, dice, label } = takeover;
  const hand = attackerHand(takeover);
  const visits = dice.int(1, 3);
  label.note(time);
  signIn(world, hand, time, 'mail', { proof: dice.chance(0.6) ? 'token' : 'push', errors: dice.int(0, 1) });
  const later = time + visits * Math.round(dice.between(0.1, 20) * HOUR);
  takeover.victim.agenda.push({
    time: later,
    act: () => {
      const done = addMethod(world, hand, later, dice.pick(['push', 'code', 'sms'] as const), { keeps: false, proof: 'token' });
      label.add(done);
      aftermath(takeover, hand, done.time);
    },
  });
}

function fatigue(takeover: Takeover): void {
  const { world, time, dice, label } = takeover;
  const hand = attackerHand(takeover);
  label.note(time);
  const granted = pester(world, hand, time, dice.int(3, 25));
  const entered = signIn(world, hand, granted, 'office', { proof: 'push', errors: 0, risk: 'medium', riskTypes: ['unfamiliarFeatures'] });
  const done = addMethod(world, hand, entered.time + dice.int(2, 90) * MINUTE, dice.pick(['push', 'sms'] as const), {
    keeps: false,
    proof: 'token',
  });
  label.add(done);
  aftermath(takeover, hand, done.time);
}

/** An account that nobody has used for months and that never had a second factor. */
function dormant(takeover: Takeover): void {
  const { world, time, dice, label } = takeover;
  const hand = attackerHand(takeover);
  const ids = { sessionId: dice.guid(), correlationId: dice.guid(), app: 'office' } as const;
  for (let wrong = dice.int(0, 3); wrong > 0; wrong--)
    row(world, hand, { ...ids, time: time - wrong * 3 * MINUTE, proof: 'password', code: 50126 });
  const done = enrol(world, hand, time, dice.pick(['push', 'sms', 'code'] as const), { keeps: false });
  label.note(time);
  label.add(done);
  aftermath(takeover, hand, done.time);
}

/** Registers, and shuts the owner out. */
function lockOut(takeover: Takeover): void {
  const { world, time, victim, dice, label } = takeover;
  const hand = attackerHand(takeover);
  label.note(time);
  const entered = signIn(world, hand, time, 'office', { proof: dice.chance(0.5) ? 'token' : 'push', errors: 0 });
  const done = addMethod(world, hand, entered.time + dice.int(1, 60) * MINUTE, dice.pick(['push', 'code'] as const), {
    keeps: false,
    proof: 'token',
  });
  label.add(done);
  if (dice.chance(0.6)) changeDefault(world, hand, done.time + MINUTE, 'push');
  for (const [index, method] of methodsAt(victim, time)
    .filter((one) => one !== 'hello')
    .entries())
    removeMethod(world, hand, done.time + (3 + index) * MINUTE, method, false);
  aftermath(takeover, hand, done.time);
}

/** Comes by for two weeks and reads, before anything is registered. */
function patient(takeover: Takeover): void {
  const { world, time, victim, dice, label } = takeover;
  const machine = attackerHand(takeover);
  const link = attackerLink(dice, victim, takeover.nearness);
  const days = dice.int(6, 13);
  const hand: Hand = { ...machine, link };
  for (let day = 0; day < days; day += dice.int(1, 3)) {
    const at = time + day * DAY + dice.int(-90, 90) * MINUTE;
    victim.agenda.push({
      time: at,
      act: () => {
        label.note(at);
        if (hand.browser.session === undefined) signIn(world, hand, at, 'mail', { proof: 'token', errors: 0 });
        else open(world, hand, at, dice.pick(['mail', 'files'] as const));
      },
    });
  }
  const last = time + days * DAY + 3 * HOUR;
  victim.agenda.push({
    time: last,
    act: () => {
      const done = register(world, hand, {
        time: last,
        method: dice.pick(['code', 'push', 'sms'] as const),
        correlationId: dice.guid(),
        keeps: false,
      });
      label.add(done);
      aftermath(takeover, hand, done.time);
    },
  });
}

export const ATTACKS_BY_PASSWORD: readonly Attack[] = [
  { scenario: 'S1', name: 'spray', who: hasNone, act: sprayed },
  { scenario: 'S3', name: 'stolen cookie', who: knowsPush, act: stolen },
  { scenario: 'S4', name: 'fatigue', who: knowsPush, act: fatigue },
  { scenario: 'S6', name: 'dormant account', who: (person) => person.dormant && person.role.guest !== true, act: dormant },
  { scenario: 'S8', name: 'lock-out', who: (person) => isMember(person) && methodsAt(person, 0).length > 0, act: lockOut },
  { scenario: 'S9', name: 'patient visitor', who: knowsPush, days: [3, 14], act: patient },
];
