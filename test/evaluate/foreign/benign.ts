import type { Told } from './attacks.ts';
import { browserOf, type Company, DAY, type Employee, HOUR, MINUTE, START } from './company.ts';
import { CITIES, hosting, residential, type Spot } from './places.ts';

const APP = 'Authenticator App with Notification and Code';
const MFA = ['Password', 'Mobile app notification'];

/** A story that looks like an attack from afar; each row says how many there are for 1,000 people and month. */
interface Habit {
  readonly cause: string;
  readonly perThousand: number;
  readonly act: (company: Company, who: Employee, at: number) => Told['registrations'];
}

const where = (company: Company, who: Employee, at: number): Spot =>
  who.atOffice > 0 && company.dice.chance(0.4) ? company.dice.pick(company.egress) : company.homeOf(who, at);
const ownNumber = (company: Company) => `+46 70${company.dice.whole(1_000_000, 9_999_999)}`;

export const HABITS: readonly Habit[] = [
  {
    cause: 'new-phone-at-home',
    perThousand: 60,
    act: (company, who, at) => {
      const registered = company.register(at, who, company.homeOf(who, at), who.device, APP, MFA);
      company.signIn(at + 10 * MINUTE, who, company.homeOf(who, at), browserOf('Ios 18', '', '', false), { methods: MFA });
      return [registered];
    },
  },
  {
    cause: 're-registration',
    perThousand: 40,
    act: (company, who, at) => {
      const spot = where(company, who, at);
      const device = company.deviceOf(who, company.egress.includes(spot));
      const removed = company.change(at - 3 * MINUTE, 'User deleted security info', `User deleted ${APP}`, who, who, spot.ip);
      return [removed, company.register(at, who, spot, device, APP, ['Password', 'Text message'])];
    },
  },
  {
    cause: 'travel-with-new-phone',
    perThousand: 10,
    act: (company, who, at) => {
      const hotel = residential(company.dice, company.dice.pick([CITIES.lisbon, CITIES.leeds, CITIES.austin]));
      const phone = browserOf('Ios 18', '', '', false);
      for (let day = 0; day < 3; day += 1) {
        company.signIn(at + day * DAY - HOUR, who, hotel, who.device, { methods: MFA });
      }
      const registered = company.register(at, who, hotel, who.device, APP, MFA);
      company.signIn(at + 5 * MINUTE, who, hotel, phone, { methods: MFA });
      return [registered];
    },
  },
  {
    cause: 'help-desk-reset',
    perThousand: 25,
    act: (company, who, at) => {
      const desk = company.egress[0] as Spot;
      const removed = company.change(at - 30 * MINUTE, 'Admin deleted security info', `Admin deleted ${APP}`, company.admin, who, desk.ip);
      company.other(at - 28 * MINUTE, 'Reset password (by admin)', company.admin, who, desk.ip);
      return [removed, company.register(at, who, where(company, who, at), who.device, APP, ['Password'])];
    },
  },
  {
    cause: 'help-desk-tap',
    perThousand: 10,
    act: (company, who, at) => {
      const reason = 'Admin registered temporary access pass method for user';
      const desk = company.egress[0] as Spot;
      const pass = company.change(at - 25 * MINUTE, 'Admin registered security info', reason, company.admin, who, desk.ip);
      return [pass, company.register(at, who, company.homeOf(who, at), who.device, APP, ['Temporary Access Pass'])];
    },
  },
  {
    cause: 'moved-house',
    perThousand: 8,
    act: (company, who, at) => {
      const flat = residential(company.dice, who.city);
      return [company.register(at, who, flat, who.device, 'Mobile Phone SMS', MFA, ownNumber(company))];
    },
  },
  {
    cause: 'forgotten-password',
    perThousand: 15,
    act: (company, who, at) => {
      company.other(at - 6 * MINUTE, 'Reset password (self-service)', who, who, company.homeOf(who, at).ip);
      return [company.register(at, who, company.homeOf(who, at), who.device, 'Mobile Phone SMS', ['Password'], ownNumber(company))];
    },
  },
  {
    cause: 'behind-a-vpn-of-their-own',
    perThousand: 8,
    act: (company, who, at) => {
      const relay = hosting(company.dice, company.dice.pick([CITIES.lisbon, CITIES.berlin, who.city]));
      for (let days = 12; days > 0; days -= 2) {
        company.signIn(Math.max(START, at - days * DAY), who, { ...relay, ip: hosting(company.dice, relay.city).ip }, who.device, {
          methods: MFA,
        });
      }
      return [company.register(at, who, relay, who.device, APP, MFA)];
    },
  },
  {
    cause: 'new-private-computer',
    perThousand: 8,
    act: (company, who, at) => {
      const computer = browserOf('MacOs', '', '', false);
      return [company.register(at, who, company.homeOf(who, at), computer, 'Fido', MFA)];
    },
  },
];

/** People who join within the month register on their first day; those at headquarters on a drive of one day. */
export const onboard = (company: Company, who: Employee): Told['registrations'] => {
  const at = START + who.firstDay * DAY + (8 - who.city.zone) * HOUR - company.dice.whole(5, 50) * MINUTE;
  const spot = where(company, who, at);
  const device = company.deviceOf(who, company.egress.includes(spot));
  company.other(at - 2 * DAY - 3 * HOUR, 'Add user', company.admin, who, (company.egress[0] as Spot).ip);
  company.signIn(at - 4 * MINUTE, who, spot, device, { code: 50079, methods: ['Password'] });
  const app = company.register(at, who, spot, device, APP, ['Password']);
  const phone = company.register(at + 5 * MINUTE, who, spot, device, 'Mobile Phone SMS', MFA, ownNumber(company));
  return [app, phone];
};

export const drive = (company: Company, people: readonly Employee[]): Told['registrations'] => {
  const day = START + 16 * DAY + (9 - (people[0] as Employee).city.zone) * HOUR;
  const hall = company.egress[0] as Spot;
  return people.map((who) => {
    const at = day + company.dice.whole(0, 6 * 60) * MINUTE;
    return company.register(at, who, hall, company.deviceOf(who, true), APP, ['Password']);
  });
};
