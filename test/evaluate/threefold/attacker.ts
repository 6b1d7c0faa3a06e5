import type { AppName } from './apps.ts';
import type { Case } from './cases.ts';
import { type Machine, machineOf } from './devices.ts';
import type { Dice } from './dice.ts';
import { anyLink, farCity, type Link, linkOf } from './networks.ts';
import type { Person } from './people.ts';
import { type Hand, open, refresh, row } from './sessions.ts';
import { DAY, HOUR, MINUTE, type World } from './world.ts';

/** From where somebody acts who is not the owner. */
export type Nearness = 'near' | 'far';

/** What a takeover is made from. */
export interface Takeover {
  readonly world: World;
  readonly victim: Person;
  readonly time: number;
  readonly nearness: Nearness;
  readonly dice: Dice;
  readonly label: Case;
}

/** An address of the attacker's: somebody's line in the victim's own city, or rented elsewhere. */
export function attackerLink(dice: Dice, victim: Person, nearness: Nearness): Link {
  if (nearness === 'near')
    return dice.chance(0.3) ? linkOf(dice, victim.carrier, victim.city) : { ...anyLink(dice, 'home', victim.city), site: undefined };
  const kind = dice.weighted([
    ['hosting', 5],
    ['vpn', 3],
    ['home', 2],
  ] as const);
  return { ...anyLink(dice, kind, farCity(dice, victim.city)), site: undefined };
}

/** The attacker's computer: a common one, or dressed up as the victim's. */
function attackerMachine(dice: Dice, victim: Person, nearness: Nearness): Machine {
  const theirs = victim.computer ?? victim.phones[0]?.machine;
  const looksAlike = theirs !== undefined && dice.chance(nearness === 'near' ? 0.65 : 0.2);
  const machine = machineOf(dice, {
    system: looksAlike
      ? theirs.system
      : dice.weighted([
          ['windows', 6],
          ['mac', 2],
          ['linux', 2],
        ] as const),
  });
  return looksAlike ? { ...machine, version: theirs.version, browsers: [{ name: theirs.browsers[0]!.name, session: undefined }] } : machine;
}

export function attackerHand({ victim, nearness, dice }: Pick<Takeover, 'victim' | 'nearness' | 'dice'>): Hand {
  const machine = attackerMachine(dice, victim, nearness);
  return { person: victim, dice, machine, browser: machine.browsers[0]!, link: attackerLink(dice, victim, nearness) };
}

/** The same device on another address of the same kind, as rotating proxies give it. */
export function moved({ victim, nearness, dice }: Pick<Takeover, 'victim' | 'nearness' | 'dice'>, hand: Hand): Hand {
  return dice.chance(0.4) ? { ...hand, link: attackerLink(dice, victim, nearness) } : hand;
}

const LOOT: readonly AppName[] = ['mail', 'mail', 'files', 'office', 'teamsWeb', 'own'];

/** Days of reading mail and files, with refreshes between; on the account's agenda, since its owner lives on meanwhile. */
export function aftermath(takeover: Takeover, hand: Hand, from: number): void {
  const { world, victim, dice, label } = takeover;
  const visits = dice.int(2, 9);
  let time = from + dice.int(2, 40) * MINUTE;
  for (let left = visits; left > 0 && time < world.end - HOUR; left--) {
    const at = time;
    const here = moved(takeover, hand);
    victim.agenda.push({
      time: at,
      act: () => {
        label.note(at);
        open(world, here, at, dice.pick(LOOT));
        for (let more = dice.int(0, 4); more > 0; more--) refreshQuietly(world, here, at + more * dice.int(15, 70) * MINUTE);
      },
    });
    time += Math.round(dice.lognormal(0.35, 0.9) * DAY);
  }
}

function refreshQuietly(world: World, hand: Hand, time: number): void {
  if (hand.browser.session !== undefined && time < world.end)
    refresh(world, hand, time, hand.dice.pick(['mail', 'outlook', 'files'] as const));
}

/** Prompts that the owner did not ask for, until one is granted. */
export function pester(world: World, hand: Hand, from: number, count: number): number {
  const { dice } = hand;
  let time = from;
  for (let left = count; left > 0; left--) {
    const note = dice.pick(['MFA denied; user declined the authentication', 'MFA denied; user did not respond to mobile app notification']);
    row(world, hand, { sessionId: dice.guid(), correlationId: dice.guid(), time, app: 'office', proof: 'push', code: 500121, note });
    time += dice.int(30, 400) * 1000;
  }
  return time;
}
