import { refresh, signIn } from './acts.ts';
import { someAddress } from './addresses.ts';
import type { AppName, Book, Seat } from './book.ts';
import { audit, selfReset } from './changes.ts';
import { client, TOOLS } from './clients.ts';
import { HOUR, MINUTE } from './clock.ts';
import type { Course } from './courses.ts';
import { type Dice, diceOf } from './dice.ts';
import { type Person, whereabouts, works } from './people.ts';
import { HOSTED_DESKTOPS, HOSTING, SERVICE } from './places.ts';
import { DAYS } from './tenants.ts';
import { type Device, isNewSession, later, moment, type Place, seatOf, type When, type World } from './world.ts';

/** What happens by chance at a sign-in, by share; what is left goes as the session demands. */
const MISHAPS: readonly { readonly share: number; readonly course: Course }[] = [
  { share: 0.035, course: 'mistyped' },
  { share: 0.012, course: 'mistyped, both' },
  { share: 0.004, course: 'missed' },
  { share: 0.0012, course: 'declined' },
  { share: 0.003, course: 'expired' },
  { share: 0.002, course: 'blocked' },
];

const INTERACTIVE: readonly { readonly share: number; readonly app: AppName }[] = [
  { share: 45, app: 'OfficeHome' },
  { share: 25, app: 'Office 365 SharePoint Online' },
  { share: 20, app: 'Microsoft Teams' },
  { share: 10, app: 'Office 365 Exchange Online' },
];

function courseOf(dice: Dice, person: Person, isNew: boolean, place: Place): Course {
  let left = dice.real();
  for (const { share, course } of MISHAPS) {
    left -= share;
    if (left < 0) return course;
  }
  if (!isNew) return 'remembered';
  if (person.methods[0] === 'Fido') return 'key';
  // The site's address is trusted: a password is enough there.
  if (place === 'site' || person.methods.length === 0) return dice.chance(0.3) ? 'password, stay signed in' : 'password';
  return dice.chance(0.4) ? 'both, stay signed in' : 'both';
}

function visit(world: World, book: Book, dice: Dice, person: Person, when: When, place: Place, device: Device): void {
  const seat = seatOf(world, person, when, place, device);
  const isNew = isNewSession(person, when.day, seat.client) && dice.chance(0.7);
  const app = person.admin && dice.chance(0.4) ? 'Azure Portal' : dice.share(INTERACTIVE).app;
  const course = courseOf(dice, person, isNew, place);
  const risk = world.tenant.risk && dice.chance(0.002) ? dice.pick(['low', 'medium'] as const) : 'none';
  const done = signIn(book, { person, at: when.at, seat, app, course, risk });
  if (course === 'declined' || course === 'blocked')
    signIn(book, { person, at: done + dice.int(2, 9) * MINUTE, seat, app, course: 'both' });
}

/** A day of work: sign-ins over the shift, programs that renew their tokens, the phone before and after. */
function workDay(world: World, book: Book, dice: Dice, person: Person, day: number): void {
  const base: Place = dice.chance(world.tenant.onSite) ? 'site' : person.vpn && dice.chance(0.7) ? 'company-vpn' : 'home';
  const hour = person.from + 0.25 * dice.gauss();
  const times = Math.min(7, Math.round(dice.lognormal(2, 0.6)));
  for (let i = 0; i < times; i++) {
    const when = moment(world, person, day, i === 0 ? hour : hour + dice.between(0.3, person.hours));
    const device: Device = dice.chance(0.88) ? 'computer' : 'other';
    visit(world, book, dice, person, when, base === 'company-vpn' && device === 'other' ? 'home' : base, device);
  }
  const programs = Math.round(dice.lognormal(3, 0.4));
  for (let i = 0; i < programs; i++) {
    const when = moment(world, person, day, hour + dice.between(0, person.hours));
    const app = dice.pick(['Microsoft Teams', 'Office 365 Exchange Online', 'Microsoft Authentication Broker'] as const);
    refresh(book, { person, at: when.at, seat: seatOf(world, person, when, base, 'native'), app, code: dice.chance(0.02) ? 70043 : 0 });
  }
  pocket(world, book, dice, person, day, hour);
}

/** The phone's mail: on the move, at home, or in the site's own wireless network. */
function pocket(world: World, book: Book, dice: Dice, person: Person, day: number, hour: number): void {
  for (let i = dice.int(1, 3); i > 0; i--) {
    const when = moment(world, person, day, hour + dice.between(-1.2, person.hours + 4));
    const place: Place = dice.chance(0.6) ? 'mobile' : 'home';
    refresh(book, { person, at: when.at, seat: seatOf(world, person, when, place, 'phoneApp'), app: 'Outlook Mobile' });
    if (dice.chance(0.07)) visit(world, book, dice, person, later(when, 3 * MINUTE), place, 'phone');
  }
}

/** Some work from a hosted desktop now and then: an address of a data centre, from a known person. */
function hosted(world: World, book: Book, dice: Dice, person: Person, day: number): void {
  const when = moment(world, person, day, person.from + dice.between(1, person.hours - 1));
  const own = seatOf(world, person, when, 'home', 'computer');
  const desktop = client(diceOf(`${world.seed}/hosted/${person.id}`), TOOLS.slice(0, 1), 'Hybrid Azure AD joined');
  const seat: Seat = {
    ...own,
    client: desktop,
    point: someAddress(dice, HOSTED_DESKTOPS, person.city, 120),
    session: diceOf(`${person.id}/hosted/${day}`).guid(),
  };
  signIn(book, { person, at: when.at, seat, app: 'Azure Virtual Desktop Client', course: 'both' });
}

/** A program with a password of its own that writes mails all day, and fails while the password is being changed. */
function serve(world: World, book: Book, dice: Dice, person: Person, day: number): void {
  const server = HOSTING[3]!;
  const seat: Seat = {
    point: someAddress(diceOf(person.id), server.network, server.city, 1),
    client: { ...person.computer, os: '', browser: '', deviceId: '', trust: '', app: 'Authenticated SMTP', agent: () => 'BAV2ROPC' },
    session: '',
  };
  const failing = dice.chance(0.03);
  for (let hour = 0; hour < 24; hour += 2) {
    const at = world.start + day * 24 * HOUR + hour * HOUR + dice.int(0, 3_000_000);
    signIn(book, { person, at, seat, app: 'Office 365 Exchange Online', course: failing && hour < 6 ? 'wrong' : 'password' });
  }
}

/** A change of a user's attributes by the directory itself. */
function byService(book: Book, what: Pick<Parameters<typeof audit>[1], 'at' | 'target' | 'ip' | 'changed'>): void {
  audit(book, { activity: 'Update user', service: 'Core Directory', operation: 'Update', reason: '', actor: undefined, ...what });
}

/** What directory upkeep leaves in the audit log every day: no registration, an actor that is the service. */
function upkeep(world: World, book: Book, dice: Dice, day: number): void {
  for (let i = dice.int(5, 25); i > 0; i--) {
    const target = dice.pick(world.people);
    const at = world.start + day * 24 * HOUR + dice.int(0, 86_000) * 1000;
    const changed = [{ displayName: 'Department', oldValue: '["Desk"]', newValue: '["Front desk"]' }];
    byService(book, { at, target, ip: someAddress(dice, SERVICE, target.city, 90).ip, changed });
  }
}

/** The new name of who got one, as the directory's synchronisation writes it. */
function rename(world: World, book: Book, target: Person): void {
  if (target.rename === undefined) return;
  const { at, upn } = target.rename;
  const changed = [{ displayName: 'UserPrincipalName', oldValue: JSON.stringify([target.upn]), newValue: JSON.stringify([upn]) }];
  const { ip } = someAddress(diceOf(`${world.seed}/synchronisation`), SERVICE, target.city, 1);
  byService(book, { at, target, ip, changed });
}

/** Everything that people do by habit, day by day. */
export function live(world: World, book: Book): void {
  for (const person of world.people) rename(world, book, person);
  for (let day = 0; day < DAYS; day++) {
    upkeep(world, book, diceOf(`${world.seed}/upkeep/${day}`), day);
    for (const person of world.people) {
      const dice = diceOf(`${world.seed}/day/${day}/${person.id}`);
      if (person.kind === 'service') serve(world, book, dice, person, day);
      else if (whereabouts(person, day) === undefined || !dice.chance(person.keen)) continue;
      else if (!works(person, world.tenant, day)) {
        if (dice.chance(0.35)) pocket(world, book, dice, person, day, 11);
      } else {
        workDay(world, book, dice, person, day);
        if (dice.chance(0.006)) hosted(world, book, dice, person, day);
        if (dice.chance(0.002)) forget(world, book, dice, person, day);
      }
    }
  }
}

/** A password forgotten in the evening, and reset by its owner; nothing is registered. */
function forget(world: World, book: Book, dice: Dice, person: Person, day: number): void {
  const when = moment(world, person, day, person.from + person.hours + dice.between(0.2, 2));
  const seat = seatOf(world, person, when, 'home', 'computer');
  const locked = signIn(book, { person, at: when.at, seat, course: 'forgotten' });
  const done = selfReset(book, { person, at: locked + 3 * MINUTE, seat });
  signIn(book, { person, at: done + MINUTE, seat, course: 'both' });
}
