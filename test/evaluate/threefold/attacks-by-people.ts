import type { Attack } from './attack.ts';
import { aftermath, attackerHand, moved, type Takeover } from './attacker.ts';
import { stayAt } from './itinerary.ts';
import { computerLink } from './life.ts';
import { anyLink, farCity } from './networks.ts';
import { methodsAt, type Person } from './people.ts';
import { addMethod, enrol, helpDesk, register, resetPassword } from './registrations.ts';
import { helperOf } from './scenes.ts';
import { type Hand, open, proofOf, refresh, signIn } from './sessions.ts';
import { DAY, HOUR, MINUTE } from './world.ts';

const isMember = (person: Person) => person.role.guest !== true && !person.dormant;
const hasComputer = (person: Person) => isMember(person) && person.computer !== undefined && methodsAt(person, 0).length > 0;

/** The victim signs in through a page that passes everything on; then the token is used elsewhere. */
function inTheMiddle(takeover: Takeover): void {
  const { world, time, victim, nearness, dice, label } = takeover;
  const theirs = victim.computer!;
  const lured = {
    ...theirs,
    deviceId: '',
    trust: '',
    displayName: '',
    browsers: [{ name: theirs.browsers[0]!.name, session: undefined }],
  } as const;
  const kitLink = nearness === 'near' ? anyLink(dice, 'hosting', victim.city) : anyLink(dice, 'hosting', farCity(dice, victim.city));
  const kit: Hand = { person: victim, dice, machine: lured, browser: lured.browsers[0]!, link: kitLink };
  label.note(time);
  const proof = proofOf({ person: victim, machine: lured, dice }, time);
  const entered = signIn(world, kit, time, 'office', {
    proof,
    risk: dice.chance(0.4) ? 'medium' : 'low',
    riskTypes: ['unfamiliarFeatures'],
  });
  const hand = attackerHand(takeover);
  hand.browser.session = { id: entered.sessionId, since: entered.time, mfaAt: entered.time };
  const replays = entered.time + dice.int(3, 200) * MINUTE;
  for (let left = dice.int(1, 6); left > 0; left--)
    refresh(world, dice.chance(0.3) ? { ...hand, agent: 'axios/1.7.9' } : hand, entered.time + left * dice.int(2, 25) * MINUTE, 'mail');
  const later = replays + (dice.chance(0.4) ? dice.int(8, 60) * HOUR : 0);
  victim.agenda.push({
    time: later,
    act: () => {
      const here = moved(takeover, hand);
      open(world, here, later, 'security');
      const done = register(world, here, {
        time: later + dice.int(1, 12) * MINUTE,
        method: dice.pick(['push', 'code', 'sms'] as const),
        correlationId: dice.guid(),
        keeps: false,
      });
      label.add(done);
      aftermath(takeover, here, done.time);
    },
  });
}

/** A caller who is believed: a pass, or the methods taken away and a new password. */
function helpDeskCall(takeover: Takeover): void {
  const { world, time, victim, dice, label } = takeover;
  const hand = attackerHand(takeover);
  const gives = dice.pick(['pass', 'password'] as const);
  helpDesk(world, { ...helperOf(world, dice), person: victim, time, gives });
  label.note(time);
  const later = time + dice.int(3, 50) * MINUTE;
  const done =
    gives === 'pass'
      ? addMethod(world, hand, later, 'push', { proof: 'pass', keeps: false })
      : enrol(world, hand, later, dice.pick(['push', 'sms'] as const), { keeps: false });
  label.add(done);
  aftermath(takeover, hand, done.time);
}

/** A colleague at a computer that was not locked; what they registered they use later, from their own home. */
function unlockedComputer(takeover: Takeover): void {
  const { world, time, victim, dice, label } = takeover;
  const stay = stayAt(world, victim, time)!;
  const machine = victim.computer!;
  const hand: Hand = { person: victim, dice, machine, browser: machine.browsers[0]!, link: computerLink(world, victim, stay, dice) };
  label.note(time);
  const { time: opened } = open(world, hand, time, 'security');
  const done = register(world, hand, {
    time: opened + dice.int(1, 6) * MINUTE,
    method: dice.pick(['push', 'code'] as const),
    correlationId: dice.guid(),
    keeps: false,
  });
  label.add(done);
  const later = attackerHand({ ...takeover, nearness: 'near' });
  const home = done.time + dice.int(6, 40) * HOUR;
  victim.agenda.push({
    time: home,
    act: () => {
      label.note(home);
      signIn(world, later, home, 'mail', { proof: 'code', errors: dice.int(0, 2) });
      aftermath(takeover, later, home + HOUR);
    },
  });
}

/** The number is another's now: the password is set anew by a message to it. */
function simSwap(takeover: Takeover): void {
  const { world, time, victim, dice, label } = takeover;
  const hand = attackerHand(takeover);
  label.note(time);
  const reset = resetPassword(world, hand, time);
  const entered = signIn(world, hand, reset + dice.int(1, 10) * MINUTE, 'office', { proof: 'sms', errors: 0 });
  const later = entered.time + (dice.chance(0.3) ? dice.int(2, 12) * HOUR : dice.int(2, 25) * MINUTE);
  victim.agenda.push({
    time: later,
    act: () => {
      const done = addMethod(world, hand, later, dice.pick(['push', 'code'] as const), {
        keeps: false,
        proof: dice.chance(0.5) ? 'sms' : 'token',
      });
      label.add(done);
      aftermath(takeover, hand, done.time);
    },
  });
}

/** A session's token taken from the victim's computer and used elsewhere for days; nothing is registered. */
function replayOnly(takeover: Takeover): void {
  const { world, time, victim, dice, label } = takeover;
  const hand = attackerHand(takeover);
  const session = victim.computer!.browsers[0]!.session;
  if (session === undefined) return;
  hand.browser.session = { ...session };
  for (let visit = 0; visit < dice.int(3, 9); visit++) {
    const at = time + Math.round(visit * dice.between(0.1, 0.8) * DAY);
    if (at > world.end - HOUR) break;
    label.note(at);
    refresh(world, moved(takeover, hand), at, dice.pick(['mail', 'files', 'office'] as const));
  }
}

export const ATTACKS_BY_PEOPLE: readonly Attack[] = [
  { scenario: 'S2', name: 'in the middle', who: hasComputer, act: inTheMiddle },
  { scenario: 'S5', name: 'help desk', who: (person) => isMember(person) && methodsAt(person, 0).length > 0, act: helpDeskCall },
  { scenario: 'S10', name: 'unlocked computer', who: hasComputer, alwaysNear: true, act: unlockedComputer },
  { scenario: 'S11', name: 'SIM swap', who: (person) => isMember(person) && methodsAt(person, 0).includes('sms'), act: simSwap },
  { scenario: 'S13', name: 'token replay alone', who: hasComputer, act: replayOnly },
];
