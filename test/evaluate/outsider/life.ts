import { audit } from './audit-rows.ts';
import { laptop, phone } from './clients.ts';
import { addMethod, type MethodKind, removeMethod } from './methods.ts';
import { newToken, type Owned, type Person } from './people.ts';
import { lodgingNet, towns } from './places.ts';
import { enter } from './routine.ts';
import { APPS, signIn, type Visit } from './sign-in-rows.ts';
import { clock, DAY, HOUR, label, MINUTE, newSession, type World, whereabouts } from './world.ts';

/** Does something at a time; gives the Ids of registrations and when it was over. */
type Event = (world: World, at: number, person: Person) => { readonly ids: string[]; readonly until: number };

/** Opens the page of one's methods, as a rule with a row of its own. */
function openMethods(world: World, at: number, person: Person, prefer?: 'laptop' | 'phone'): { visit: Visit; at: number } {
  const { dice, book } = world;
  const entered = enter(world, at, person, dice.chance(0.3) ? APPS.office : APPS.myMethods, prefer);
  if (dice.chance(0.12)) signIn(book, entered.at + 4000, entered.visit, { app: APPS.myProfile, outcome: 'token' });
  return { visit: entered.visit, at: entered.at + dice.between(30_000, 400_000) };
}

const pickHolder = (world: World, kind: MethodKind, person: Person): Owned => ({
  kind,
  holder: kind === 'app' ? person.token : kind === 'sms' || kind === 'voice' ? person.number : world.dice.guid(),
});

const newPhone: Event = (world, at, person) => {
  const { dice, book } = world;
  const old = person.methods.find(({ kind }) => kind === 'app' || kind === 'code');
  const opened = openMethods(world, at, person, dice.chance(0.7) ? 'laptop' : 'phone');
  person.phone = phone(dice, person.phone.id !== '');
  person.token = newToken(dice);
  const doing = { person, address: opened.visit.address };
  const ids = addMethod(book, opened.at, doing, pickHolder(world, 'app', person));
  const later = clock(opened.at);
  if (old !== undefined && dice.chance(0.6))
    removeMethod(book, later(dice.between(0.3, dice.chance(0.3) ? 3000 : 15) * MINUTE), doing, old);
  if (dice.chance(0.15))
    audit(book, later(20_000), {
      operation: 'User changed default security info',
      service: 'Authentication Methods',
      actor: person,
      address: doing.address,
      target: person,
      reason: 'User changed the default security info for Authenticator App with Notification',
    });
  return { ids, until: later() };
};

/** The old one is gone, so the text message, a pass from the help desk, or nothing lets them in. */
const lostPhone: Event = (world, at, person) => {
  const { dice, book } = world;
  const text = person.methods.find(({ kind }) => kind === 'sms');
  if (text === undefined) return helpDesk(world, at, person);
  const visit = newSession(world, whereabouts(world, person, at, 'laptop'));
  person.phone = phone(dice, false);
  person.token = newToken(dice);
  const correlation = dice.guid();
  signIn(book, at, visit, { app: APPS.office, outcome: 'challenge', correlation });
  signIn(book, at + 60_000, visit, { app: APPS.office, outcome: 'ignored', correlation });
  signIn(book, at + 120_000, visit, { app: APPS.office, outcome: 'full', factor: 'Text message', correlation });
  const ids = addMethod(book, at + 400_000, { person, address: visit.address }, pickHolder(world, 'app', person));
  return { ids, until: at + 400_000 };
};

const helpDesk: Event = (world, at, person) => {
  const { dice, book } = world;
  const agents = world.people.filter(({ roles, id }) => roles.length > 0 && id !== person.id);
  const agent = agents[0] ?? world.people[0]!;
  const from = { person, address: '', by: agent, byAddress: (agent.office ?? agent.home).address() };
  const ids: string[] = [];
  const pass = dice.chance(0.55);
  if (pass) ids.push(...addMethod(book, at, from, { kind: 'pass', holder: '' }));
  else for (const owned of [...person.methods].slice(0, 1)) removeMethod(book, at, from, owned);
  if (dice.chance(0.35))
    audit(book, at + 50_000, {
      operation: 'Reset password (by admin)',
      service: 'Self-service Password Management',
      actor: agent,
      address: from.byAddress,
      target: person,
    });
  const later = at + dice.between(2, 60) * MINUTE;
  const visit = newSession(world, whereabouts(world, person, later, dice.chance(0.7) ? 'laptop' : 'phone'));
  signIn(book, later, visit, { app: APPS.myMethods, outcome: pass ? 'pass' : 'enrol' });
  person.phone = phone(dice, false);
  person.token = newToken(dice);
  ids.push(...addMethod(book, later + 200_000, { person, address: visit.address }, pickHolder(world, 'app', person)));
  return { ids, until: later + 200_000 };
};

const another =
  (kind: MethodKind): Event =>
  (world, at, person) => {
    const opened = openMethods(world, at, person);
    return {
      ids: addMethod(world.book, opened.at, { person, address: opened.visit.address }, pickHolder(world, kind, person)),
      until: opened.at,
    };
  };

const newNumber: Event = (world, at, person) => {
  const { dice, book } = world;
  const old = person.methods.find(({ kind }) => kind === 'sms');
  const opened = openMethods(world, at, person, dice.chance(0.5) ? 'phone' : 'laptop');
  person.number = `+${dice.text(2, '123456789')} ${dice.text(9, '0123456789')}`;
  const doing = { person, address: opened.visit.address };
  if (old !== undefined) removeMethod(book, opened.at - 20_000, doing, old);
  return { ids: addMethod(book, opened.at, doing, pickHolder(world, 'sms', person)), until: opened.at };
};

const forgot: Event = (world, at, person) => {
  const { dice, book } = world;
  const visit = newSession(world, whereabouts(world, person, at));
  const later = clock(at);
  for (let left = dice.whole(3, 9); left > 0; left--)
    signIn(book, later(dice.between(8000, 60_000)), visit, { app: APPS.office, outcome: 'wrong' });
  if (dice.chance(0.2)) signIn(book, later(9000), visit, { app: APPS.office, outcome: 'locked' });
  audit(book, later(200_000), {
    operation: 'Reset password (self-service)',
    service: 'Self-service Password Management',
    actor: person,
    address: visit.address,
    target: person,
    reason: 'Successfully completed reset.',
  });
  signIn(book, later(60_000), visit, { app: APPS.office, outcome: person.methods.length === 0 ? 'single' : 'full' });
  return { ids: [], until: later() };
};

const newLaptop: Event = (world, at, person) => {
  const { dice, book, habits } = world;
  person.laptop = laptop(dice, habits.trust === '' ? 'Azure AD registered' : habits.trust, 1 - habits.noDeviceId);
  const visit = newSession(world, whereabouts(world, person, at, 'laptop'));
  signIn(book, at, visit, { app: APPS.broker, outcome: person.methods.length === 0 ? 'single' : 'full' });
  const device = {
    id: person.laptop.id || dice.guid(),
    name: person.laptop.name || `DESKTOP-${dice.text(7, 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789')}`,
  };
  for (const [operation, after] of [
    ['Add device', 1],
    ['Register device', 2],
    ['Add registered owner to device', 4],
    ['Add registered users to device', 5],
  ] as const)
    audit(book, at + 60_000 + after * 1000, {
      operation,
      service: operation === 'Register device' ? 'Device Registration Service' : 'Core Directory',
      type: 'Add',
      actor: operation === 'Register device' ? person : 'Device Registration Service',
      target: person,
      device,
    });
  if (person.laptop.id === '' || dice.chance(0.5)) return { ids: [], until: at + 70_000 };
  const ids = [
    audit(book, at + 400_000, {
      operation: 'Add Windows Hello for Business credential',
      service: 'Device Registration Service',
      type: 'Add',
      actor: person,
      target: person,
      device,
    }),
  ];
  person.methods.push({ kind: 'hello', holder: device.id });
  return { ids, until: at + 400_000 };
};

const thoughtAgain: Event = (world, at, person) => {
  const opened = openMethods(world, at, person);
  audit(world.book, opened.at, {
    operation: 'User started security info registration',
    service: 'Authentication Methods',
    actor: person,
    address: opened.visit.address,
    target: person,
  });
  audit(world.book, opened.at + 90_000, {
    operation: 'User canceled security info registration',
    service: 'Authentication Methods',
    result: 'failure',
    actor: person,
    address: opened.visit.address,
    target: person,
    reason: 'User canceled security info registration.',
  });
  return { ids: [], until: opened.at + 90_000 };
};

const tidied: Event = (world, at, person) => {
  const opened = openMethods(world, at, person);
  if (person.methods.length > 1)
    removeMethod(world.book, opened.at, { person, address: opened.visit.address }, person.methods[person.methods.length - 1]!);
  else
    audit(world.book, opened.at, {
      operation: 'User reviewed security info',
      service: 'Authentication Methods',
      actor: person,
      address: opened.visit.address,
      target: person,
      reason: 'User successfully reviewed security info.',
    });
  return { ids: [], until: opened.at };
};

/** First day: a password, the demand to enrol, the methods. */
export const enrol: Event = (world, at, person) => {
  const { dice, book } = world;
  const visit = newSession(world, whereabouts(world, person, at));
  signIn(book, at, visit, { app: APPS.office, outcome: dice.pick(['enrol', 'enrolNow', 'registerFirst']) });
  const ids = addMethod(
    book,
    at + dice.between(60_000, 300_000),
    { person, address: visit.address },
    pickHolder(world, dice.chance(0.75) ? 'app' : 'sms', person),
  );
  if (dice.chance(0.5)) ids.push(...addMethod(book, at + 340_000, { person, address: visit.address }, pickHolder(world, 'sms', person)));
  person.lastFullMs = at + 400_000;
  signIn(book, at + 400_000, visit, { app: APPS.office, outcome: 'full' });
  return { ids, until: at + 400_000 };
};

/** Back from a year away, with another phone. */
const returned: Event = (world, at, person) => {
  person.lastFullMs = 0;
  return world.dice.chance(0.5) ? newPhone(world, at, person) : helpDesk(world, at, person);
};

/** Times a user and year. */
export const LIFE: readonly { readonly kind: string; readonly perYear: number; readonly run: Event; readonly absent?: number }[] = [
  { kind: 'new-phone', perYear: 0.5, run: newPhone },
  { kind: 'lost-phone', perYear: 0.12, run: lostPhone },
  { kind: 'help-desk-reset', perYear: 0.15, run: helpDesk },
  { kind: 'second-method', perYear: 0.25, run: another('sms') },
  { kind: 'app-added', perYear: 0.15, run: another('app') },
  { kind: 'passkey-added', perYear: 0.15, run: another('passkey') },
  { kind: 'code-app-added', perYear: 0.08, run: another('code') },
  { kind: 'recovery-mail', perYear: 0.08, run: another('email') },
  { kind: 'new-number', perYear: 0.15, run: newNumber },
  { kind: 'forgotten-password', perYear: 0.6, run: forgot },
  { kind: 'new-laptop', perYear: 0.5, run: newLaptop },
  { kind: 'cancelled-registration', perYear: 0.2, run: thoughtAgain },
  { kind: 'tidied-methods', perYear: 0.25, run: tidied },
  { kind: 'returned-from-leave', perYear: 0.03, run: returned, absent: 20 },
];

export function happen(world: World, kind: string, at: number, person: Person, run: Event): void {
  if (at < person.startsMs || at > person.leavesMs) return;
  const { ids, until } = run(world, at, person);
  world.decoys.push({ kind, ...label([person], at, until + HOUR, ids) });
}

export function planLife(world: World, person: Person, workTime: (person: Person, day: number) => number): void {
  const { dice, book, habits } = world;
  const days = (book.endMs - book.startMs) / DAY;
  for (const { kind, perYear, run, absent } of LIFE) {
    const rate = kind === 'new-laptop' && person.guest ? 0 : perYear;
    for (let left = dice.poisson((rate * days) / 365); left > 0; left--) {
      const at = workTime(person, dice.whole(0, days - 1));
      if (absent !== undefined) {
        if (at < book.startMs + absent * DAY) continue;
        person.startsMs = at - HOUR;
      }
      world.plans.push({ at, run: () => happen(world, kind, at, person, run) });
    }
  }
  for (let left = dice.poisson((habits.trips * days) / 30); left > 0; left--)
    world.plans.push(trip(world, person, book.startMs + dice.between(0, days - 2) * DAY));
}

export function trip(world: World, person: Person, at: number, where = world.dice.draw(world.habits.abroad)): World['plans'][number] {
  const { dice } = world;
  return { at, run: () => (person.away = journey(dice, where, at)) };
}

function journey(dice: World['dice'], country: string, at: number): NonNullable<Person['away']> {
  const town = dice.pick(towns(country));
  return { town, net: lodgingNet(dice, town), fromMs: at, untilMs: at + dice.between(1.5, 7) * DAY };
}
