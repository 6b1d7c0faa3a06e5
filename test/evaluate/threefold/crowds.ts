import { writeAudit } from './audit-row.ts';
import { Case } from './cases.ts';
import { machineOf } from './devices.ts';
import type { Dice } from './dice.ts';
import { works } from './itinerary.ts';
import { anyLink, farCity } from './networks.ts';
import { methodsAt, type Person } from './people.ts';
import { addMethod, changePhone, enrol, helpDesk, register, resetPassword } from './registrations.ts';
import { findScene, helperOf, newPhone, ownHand, phoneHand, type Scene, sceneOn } from './scenes.ts';
import { MINUTE, type World } from './world.ts';

type Closing = () => void;

/** Puts something on a person's agenda, under a label of its own; gives what closes the label. */
export function plan(world: World, cause: string, { person, time }: Pick<Scene, 'person' | 'time'>, act: (label: Case) => void): Closing {
  const label = new Case(person);
  person.taken = true;
  person.agenda.push({ time, act: () => act(label) });
  return () => label.closeAsDecoy(world.book, cause);
}

/** Those who start in these weeks: an account, perhaps a pass, and the second factor on the first days. */
function firstDays(world: World, dice: Dice): readonly Closing[] {
  return world.people
    .filter(({ joined, computer, phones }) => joined > 0 && (computer !== undefined || phones.length > 0))
    .flatMap((person) => {
      const day = [0, 1, 2, 3].map((more) => person.joined + more).find((one) => works(world, person, one));
      const scene = day === undefined ? undefined : sceneOn(world, person, day, dice, (stay) => stay.working);
      if (scene === undefined) return [];
      const hasPass = person.role.computer === 'managed' && dice.chance(0.6);
      return plan(world, 'first day', scene, (label) => {
        const { helper, ip } = helperOf(world, dice);
        const base = { actor: helper, target: person, ip, correlationId: dice.guid() };
        writeAudit(world, {
          ...base,
          operation: person.role.guest === true ? 'Invite external user' : 'Add user',
          time: Math.max(world.start, scene.time - dice.int(2, 90) * 60 * MINUTE),
        });
        const method = dice.weighted([
          ['push', 7],
          ['sms', 3],
        ] as const);
        if (!hasPass) return label.add(enrol(world, ownHand(world, scene, dice), scene.time, method));
        helpDesk(world, { helper, ip, person, time: scene.time - 10 * MINUTE, gives: 'pass' });
        return label.add(addMethod(world, ownHand(world, scene, dice), scene.time, method, { proof: 'pass', first: true }));
      });
    });
}

/** Those who come back after weeks: a password forgotten, a new phone. */
function backFromLeave(world: World, dice: Dice): readonly Closing[] {
  const back = world.people.filter(
    (person) =>
      !person.taken && !person.dormant && person.away.some(([from, until]) => until - from > 9 && until < world.kind.days - 4 && until > 3),
  );
  return dice.some(back, 14).flatMap((person) => {
    const until = person.away[0]![1];
    const day = [1, 2, 3].map((more) => until + more).find((one) => works(world, person, one));
    const scene = day === undefined ? undefined : sceneOn(world, person, day, dice, (stay) => stay.working);
    if (scene === undefined || (person.computer === undefined && person.phones.length === 0)) return [];
    return plan(world, 'back from leave', scene, (label) => {
      const machine = newPhone(person, dice);
      const hand = person.computer === undefined ? phoneHand(scene, machine, dice) : ownHand(world, scene, dice);
      const time = dice.chance(0.5) ? resetPassword(world, hand, scene.time) + MINUTE : scene.time;
      const done =
        methodsAt(person, time).length === 0 ? enrol(world, hand, time, 'push') : addMethod(world, hand, time, 'push', { proof: 'sms' });
      changePhone(person, done.time, machine);
      label.add(done);
    });
  });
}

const AWAY_DAYS = {
  insurer: { people: 14, far: false },
  logistics: { people: 0, far: false },
  research: { people: 18, far: true },
} as const;

/** A conference: many on one network of a city where none of them lives, some of whom register there. */
function conference(world: World, dice: Dice): readonly Closing[] {
  const { people, far } = AWAY_DAYS[world.kindName];
  const home = [...world.offices.values()][0]![0]!.shown;
  const city = far ? farCity(dice, home) : dice.pick([...world.offices.values()].at(-2)!).shown;
  const hall = anyLink(dice, 'hotel', city);
  const [from, until] = [15, 18];
  const fits = (person: Person) =>
    !person.taken &&
    !person.dormant &&
    person.computer !== undefined &&
    person.left > 30 &&
    person.joined < 0 &&
    methodsAt(person, 0).length > 0 &&
    person.away.length === 0 &&
    person.city.name !== city.name;
  return dice.some(world.people.filter(fits), people).flatMap((person) => {
    person.trips = [...person.trips.filter((trip) => trip.until < from - 2 || trip.from > until + 2), { from, until, city }];
    const scene = sceneOn(world, person, dice.int(from + 1, until - 1), dice, (stay) => stay.city === city && stay.wifi);
    if (scene === undefined) return [];
    return plan(world, 'conference', scene, (label) =>
      label.add(
        addMethod(
          world,
          { ...ownHand(world, scene, dice), link: hall },
          scene.time,
          dice.pick(['push', 'code', 'passkey', 'sms'] as const),
        ),
      ),
    );
  });
}

/** A day on which the foreman lets everybody register at the depot's computer. */
function depotDay(world: World, dice: Dice): readonly Closing[] {
  if (world.kindName !== 'logistics') return [];
  const [site, machines] = [...world.terminals][0]!;
  const machine = machines[0]!;
  const closings: Closing[] = [];
  for (const day of [16, 17]) {
    const fits = world.people.filter(
      (person) =>
        !person.taken &&
        !person.dormant &&
        person.joined < 0 &&
        person.role.computer === 'shared' &&
        person.phones.length > 0 &&
        person.city.name === site,
    );
    const present = fits.flatMap((person) => sceneOn(world, person, day, dice, (stay) => stay.link.kind === 'office') ?? []);
    for (const scene of present.slice(0, 16)) {
      const browser = { name: machine.browsers[0]!.name, session: undefined };
      const hand = { person: scene.person, dice, machine, browser, link: scene.stay.link };
      closings.push(
        plan(world, 'depot day', scene, (label) => label.add(enrol(world, hand, scene.time, dice.pick(['push', 'sms'] as const)))),
      );
    }
  }
  return closings;
}

/** Two accounts, one phone: someone's second account, or colleagues who share a device on duty. */
function sharedNumbers(world: World, dice: Dice): readonly Closing[] {
  return Array.from({ length: 4 }, () => {
    const one = findScene(world, dice, { where: (stay) => stay.link.kind === 'office', who: ({ role }) => role.guest !== true });
    if (one === undefined) return [];
    const mates = world.people.filter(
      ({ taken, role, city, dormant, joined, phones, computer }) =>
        !taken &&
        !dormant &&
        joined < 0 &&
        role === one.person.role &&
        city === one.person.city &&
        (computer !== undefined || phones.length > 0),
    );
    const other = mates
      .map((mate) => sceneOn(world, mate, one.day, dice, (stay) => stay.link.kind === 'office'))
      .find((scene) => scene !== undefined);
    if (other === undefined) return [];
    return [one, other].map((scene) =>
      plan(world, 'two accounts, one phone', scene, (label) => {
        const hand = { ...ownHand(world, scene, dice), link: one.stay.link };
        label.add(addMethod(world, hand, scene.time, 'sms', { number: one.person.number }));
      }),
    );
  }).flat();
}

/** Nobody registers, but much fails: people who type their old password on every device after they changed it. */
function oldPasswords(world: World, dice: Dice): readonly Closing[] {
  return Array.from({ length: 8 }, () => findScene(world, dice, { where: (stay) => stay.wifi })).flatMap((scene) => {
    if (scene === undefined) return [];
    return plan(world, 'changed password', scene, (label) => {
      const hand = ownHand(world, scene, dice);
      writeAudit(world, {
        operation: 'Change password (self-service)',
        time: scene.time,
        actor: scene.person,
        target: scene.person,
        ip: hand.link.ip,
        correlationId: dice.guid(),
      });
      label.note(scene.time);
      if (dice.chance(0.3)) label.add(register(world, hand, { time: scene.time + 6 * MINUTE, method: 'code', correlationId: dice.guid() }));
    });
  });
}

/** Whoever has a computer for one purpose only, and registers there what nobody uses: a laboratory's, a fair's. */
function borrowedComputers(world: World, dice: Dice): readonly Closing[] {
  return Array.from({ length: 6 }, () =>
    findScene(world, dice, { where: (stay) => stay.link.kind === 'office', who: (person) => methodsAt(person, 0).length > 0 }),
  ).flatMap((scene) => {
    if (scene === undefined) return [];
    const machine = machineOf(dice, { system: dice.pick(['windows', 'mac', 'linux'] as const) });
    const hand = { person: scene.person, dice, machine, browser: machine.browsers[0]!, link: scene.stay.link };
    return plan(world, 'borrowed computer', scene, (label) =>
      label.add(addMethod(world, hand, scene.time, dice.pick(['code', 'passkey', 'sms'] as const))),
    );
  });
}

/** Look-alikes in which several take part, or that follow from who starts and leaves. */
export const CROWDS: readonly ((world: World, dice: Dice) => readonly Closing[])[] = [
  firstDays,
  conference,
  backFromLeave,
  depotDay,
  sharedNumbers,
  oldPasswords,
  borrowedComputers,
];
