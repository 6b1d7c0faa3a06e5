import { DESKTOP_APPS, PHONE_APPS, WEB_APPS } from './apps.ts';
import type { Machine } from './devices.ts';
import type { Dice } from './dice.ts';
import { type Stay, staysOn } from './itinerary.ts';
import { anyLink, type Link, linkOf } from './networks.ts';
import { browserOf, type Deed, type Person, phoneAt } from './people.ts';
import { type Hand, open, refresh, signIn } from './sessions.ts';
import { dayOf, HOUR, officeOf, type World } from './world.ts';

/** The link a computer shows at a stay: the company's, a VPN's, or the place's own. */
export function computerLink(world: World, person: Person, stay: Stay, dice: Dice): Link {
  if (stay.link.kind === 'office') return stay.link;
  if (dayOf(world, stay.from) >= person.companyVpnFrom) return dice.pick(officeOf(world, person.city));
  return person.vpn !== undefined && dice.chance(0.6) ? person.vpn : stay.link;
}

/** The link a phone shows at a stay; the carrier gives another address each time. */
export function phoneLink(person: Person, stay: Stay, dice: Dice): Link {
  if (stay.wifi || stay.city !== person.city) return stay.link;
  return linkOf(dice, person.carrier, person.city);
}

function computerDeeds(world: World, person: Person, machine: Machine, stay: Stay, dice: Dice): readonly Deed[] {
  const link = computerLink(world, person, stay, dice);
  const hours = (stay.until - stay.from) / HOUR;
  const share = hours / person.role.hours;
  const hand = (browser = browserOf(dice, machine)): Hand => ({ person, machine, browser, link, dice });
  const at = () => Math.round(dice.between(stay.from, stay.until));
  const deeds: Deed[] = [];
  const favourite = () => WEB_APPS[dice.chance(0.8) ? dice.pick(person.favourites) : dice.int(0, 6)]!;
  for (let left = dice.poisson(person.role.rate * share); left > 0; left--) {
    const time = at();
    deeds.push({ time, act: () => open(world, hand(), time, favourite()) });
  }
  if (machine.trust !== '') {
    const time = Math.round(stay.from + dice.between(0, 0.1) * HOUR);
    const isFresh = dice.chance(0.5);
    deeds.push({
      time,
      act: () => (isFresh ? signIn(world, hand(machine.native), time, 'windows') : refresh(world, hand(machine.native), time, 'outlook')),
    });
  }
  if (machine.system === 'linux') return deeds;
  for (let left = dice.poisson(hours * 0.3); left > 0; left--) {
    const time = at();
    const app = dice.pick(DESKTOP_APPS);
    deeds.push({ time, act: () => refresh(world, hand(machine.native), time, app) });
  }
  return deeds;
}

/** Somebody at a computer for all: signs in, works, signs out. */
function terminalDeeds(world: World, person: Person, stay: Stay, dice: Dice): readonly Deed[] {
  const machine = dice.pick(world.terminals.get(stay.link.shown.name) ?? [...world.terminals.values()][0]!);
  return Array.from({ length: dice.poisson(person.role.rate) }, () => {
    const time = Math.round(dice.between(stay.from, stay.until));
    const browser = { name: machine.browsers[0]!.name, session: undefined };
    // The depot's network stands for the second factor.
    return {
      time,
      act: () =>
        void signIn(world, { person, machine, browser, link: stay.link, dice }, time, dice.chance(0.8) ? 'own' : 'office', {
          proof: 'password',
        }),
    };
  });
}

function phoneDeeds(world: World, person: Person, stay: Stay, dice: Dice, mean: number): readonly Deed[] {
  return Array.from({ length: dice.poisson(mean) }, () => {
    const time = Math.round(dice.between(stay.from, stay.until));
    const inBrowser = dice.chance(person.role.computer === 'none' ? 0.2 : 0.05);
    const app = dice.pick(inBrowser ? WEB_APPS : PHONE_APPS);
    return {
      time,
      act: () => {
        const machine = phoneAt(person, time);
        if (machine === undefined) return;
        const browser = inBrowser ? machine.browsers[0]! : machine.native;
        const relayed = inBrowser && person.usesRelay && browser.name === 'Safari';
        const link = relayed ? anyLink(dice, 'relay', stay.city) : phoneLink(person, stay, dice);
        const hand: Hand = { person, machine, browser, link, dice };
        if (inBrowser) open(world, hand, time, app);
        else refresh(world, hand, time, app);
      },
    };
  });
}

/** The deeds of one day, without what is on the agenda. */
function deedsOn(world: World, person: Person, day: number): readonly Deed[] {
  const dice = person.dice.fork(`day ${day}`);
  const stays = staysOn(world, person, day);
  const isActive = dice.chance(person.role.active);
  const awake = stays.reduce((sum, { from, until }) => sum + until - from, 0);
  return stays.flatMap((stay): readonly Deed[] => {
    const phone = phoneDeeds(world, person, stay, dice, ((isActive ? person.role.phoneRate : 0.3) * (stay.until - stay.from)) / awake);
    if (!stay.working || !isActive) return phone;
    if (person.role.computer === 'shared')
      return stay.link.kind === 'office' ? [...phone, ...terminalDeeds(world, person, stay, dice)] : phone;
    return person.computer === undefined ? phone : [...phone, ...computerDeeds(world, person, person.computer, stay, dice)];
  });
}

/** Lives one person's five weeks in order of time, daily life and agenda together. */
export function live(world: World, person: Person): void {
  for (let day = 0; day < world.kind.days; day++) {
    const stays = staysOn(world, person, day);
    for (const { from, until, city } of stays) {
      world.book.presences.push({ userId: person.id, time: from, city }, { userId: person.id, time: until, city });
    }
    for (const { time, act } of [...deedsOn(world, person, day)].sort((a, b) => a.time - b.time)) {
      runAgenda(person, time);
      act();
    }
  }
  runAgenda(person, world.end);
}

/** What is planned until a time, in order; what is done may plan more. */
function runAgenda(person: Person, until: number): void {
  for (;;) {
    const next = person.agenda.reduce<Deed | undefined>(
      (best, deed) => (deed.time <= until && (best === undefined || deed.time < best.time) ? deed : best),
      undefined,
    );
    if (next === undefined) return;
    person.agenda.splice(person.agenda.indexOf(next), 1);
    next.act();
  }
}
