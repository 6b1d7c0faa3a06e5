import { browserOf, type Company, DAY, type Employee, HOUR, MINUTE, START } from './company.ts';
import { hosting, overIpv6, residential, type Spot } from './places.ts';
import type { Change, Device } from './rows.ts';

/** What a story tells of itself for labels.json. */
export interface Told {
  readonly victims: readonly Employee[];
  readonly registrations: readonly Change[];
  readonly start: number;
}

type Story = (scene: Scene) => Told;

const APP = 'Authenticator App with Notification and Code';
const SMS = 'Mobile Phone SMS';
const STOLEN = ['Previously satisfied'];

/** The stage of one attack: a company, a moment, a machine of the attacker and victims who do nothing else of note. */
class Scene {
  readonly company: Company;
  readonly at: number;
  readonly variant: number;
  readonly near: boolean;
  #victims: () => Employee;

  constructor(company: Company, variant: number, victims: () => Employee) {
    const { dice } = company;
    this.company = company;
    this.variant = variant;
    this.near = variant === 1;
    this.at = START + dice.whole(14, 27) * DAY + dice.whole(0, 24 * 60 - 1) * MINUTE;
    this.#victims = victims;
  }

  victim(): Employee {
    return this.#victims();
  }

  /** Variant 0 comes from abroad, variant 1 from the victim's country. */
  cityFor(who: Employee) {
    return this.near ? who.city : this.company.dice.pick(this.company.plan.abroad.filter((city) => city.country !== who.city.country));
  }

  server(who: Employee): Spot {
    return hosting(this.company.dice, this.cityFor(who));
  }

  machine(): Device {
    return browserOf(this.company.dice.pick(['Windows', 'MacOs'] as const), '', '', false);
  }

  /** What is done with the account afterwards. */
  use(who: Employee, spot: Spot, device: Device, from: number): void {
    for (let times = this.company.dice.whole(1, 4); times > 0; times -= 1) {
      this.company.signIn(from + this.company.dice.whole(5, 300) * MINUTE, who, spot, device, {
        methods: ['Password', 'Mobile app notification'],
      });
    }
  }

  told(start: number, victims: readonly Employee[], registrations: readonly Change[]): Told {
    return { start, victims, registrations };
  }
}

/** Sign in from `spot`, register after `wait`, use the account. */
const takeOver = (scene: Scene, who: Employee, spot: Spot, wait: number, method: string, methods: readonly string[], phone = ''): Told => {
  const device = scene.machine();
  scene.company.signIn(scene.at, who, spot, device, { methods });
  const registered = scene.company.register(scene.at + wait, who, spot, device, method, methods, phone);
  scene.use(who, spot, device, scene.at + wait);
  return scene.told(scene.at, [who], [registered]);
};

const phoneOf = (scene: Scene): string => `+1 555${scene.company.dice.whole(1_000_000, 9_999_999)}`;

export const ATTACKS: Readonly<Record<string, Story>> = {
  'aitm-then-app': (scene) => {
    const who = scene.victim();
    return takeOver(scene, who, scene.server(who), scene.company.dice.whole(2, 15) * MINUTE, APP, STOLEN);
  },
  'spray-then-sms': (scene) => {
    const { company } = scene;
    const who = scene.victim();
    const spot = scene.server(who);
    for (const other of company.staff.slice(10, 55)) {
      const at = scene.at - company.dice.whole(5, 180) * MINUTE;
      company.signIn(at, other, spot, scene.machine(), { code: 50126, methods: ['Password'] });
    }
    company.signIn(scene.at - 30_000, who, spot, scene.machine(), { code: 50079, methods: ['Password'] });
    return takeOver(scene, who, spot, 4 * MINUTE, SMS, ['Password'], phoneOf(scene));
  },
  'residential-proxy-same-city': (scene) => {
    const who = scene.victim();
    return takeOver(scene, who, residential(scene.company.dice, who.city), 20 * MINUTE, APP, STOLEN);
  },
  'device-code-then-fido': (scene) => {
    const { company } = scene;
    const who = scene.victim();
    const spot = scene.server(who);
    const device = scene.machine();
    company.signIn(scene.at, who, spot, device, { protocol: 'deviceCode', methods: STOLEN });
    const registered = company.register(scene.at + 9 * MINUTE, who, spot, device, 'Fido', STOLEN);
    scene.use(who, spot, device, scene.at + 10 * MINUTE);
    return scene.told(scene.at, [who], [registered]);
  },
  'help-desk-tap': (scene) => {
    const { company } = scene;
    const who = scene.victim();
    const desk = company.egress[0] as Spot;
    const reason = 'Admin registered temporary access pass method for user';
    const pass = company.change(scene.at - 12 * MINUTE, 'Admin registered security info', reason, company.admin, who, desk.ip);
    const told = takeOver(scene, who, residential(company.dice, scene.cityFor(who)), 5 * MINUTE, APP, ['Temporary Access Pass']);
    return scene.told(scene.at - 12 * MINUTE, told.victims, [pass, ...told.registrations]);
  },
  'owner-method-deleted': (scene) => {
    const { company } = scene;
    const who = scene.victim();
    const spot = scene.server(who);
    const told = takeOver(scene, who, spot, 6 * MINUTE, APP, STOLEN);
    const removed = company.change(scene.at + 8 * MINUTE, 'User deleted security info', `User deleted ${SMS}`, who, who, spot.ip);
    return scene.told(scene.at, told.victims, [...told.registrations, removed]);
  },
  'dormant-first-registration': (scene) => {
    const sleepers = scene.company.staff.filter((who) => who.dormant);
    const who = sleepers[scene.variant] ?? scene.victim();
    const spot = residential(scene.company.dice, scene.cityFor(who));
    scene.company.signIn(scene.at - MINUTE, who, spot, scene.machine(), { code: 50079, methods: ['Password'] });
    return takeOver(scene, who, spot, 3 * MINUTE, SMS, ['Password'], phoneOf(scene));
  },
  'one-phone-four-accounts': (scene) => {
    const { company } = scene;
    const phone = phoneOf(scene);
    const base = hosting(company.dice, company.dice.pick(company.plan.abroad));
    const told = [0, 1, 2, 3].map((nth) => {
      const who = scene.victim();
      const at = scene.at + nth * company.dice.whole(20, 300) * MINUTE;
      const spot = scene.near ? base : { ...base, ip: hosting(company.dice, base.city).ip };
      const device = scene.machine();
      company.signIn(at, who, spot, device, { methods: ['Password'] });
      return [who, company.register(at + 3 * MINUTE, who, spot, device, SMS, ['Password'], phone)] as const;
    });
    return scene.told(
      scene.at,
      told.map(([who]) => who),
      told.map(([, change]) => change),
    );
  },
  'fatigue-then-app': (scene) => {
    const { company } = scene;
    const who = scene.victim();
    const spot = residential(company.dice, scene.cityFor(who));
    const device = scene.machine();
    for (let nth = company.dice.whole(5, 12); nth > 0; nth -= 1) {
      company.signIn(scene.at - nth * 90_000, who, spot, device, { code: 500121 });
    }
    return takeOver(scene, who, spot, 7 * MINUTE, APP, ['Password', 'Mobile app notification']);
  },
  'hours-later-over-ipv6': (scene) => {
    const who = scene.victim();
    const spot = overIpv6(scene.company.dice, scene.server(who));
    return takeOver(scene, who, spot, scene.company.dice.whole(3, 8) * HOUR, APP, STOLEN);
  },
  'registered-from-another-address': (scene) => {
    const { company } = scene;
    const who = scene.victim();
    const spot = scene.server(who);
    const device = scene.machine();
    company.signIn(scene.at, who, spot, device, { methods: STOLEN });
    const elsewhere = residential(company.dice, scene.cityFor(who));
    const at = scene.at + company.dice.whole(10, 60) * MINUTE;
    const registered = company.change(at, 'User registered security info', `User registered ${APP}`, who, who, elsewhere.ip);
    scene.use(who, spot, device, at);
    return scene.told(scene.at, [who], [registered]);
  },
  'password-reset-then-phone': (scene) => {
    const { company } = scene;
    const who = scene.victim();
    const spot = scene.server(who);
    company.other(scene.at - 5 * MINUTE, 'Reset password (self-service)', who, who, spot.ip);
    return takeOver(scene, who, spot, 5 * MINUTE, 'Mobile Phone Call and SMS', ['Password', 'Text message'], phoneOf(scene));
  },
};

/** Plays one attack on people whom `victims` deals out. */
export const play = (name: string, company: Company, variant: number, victims: () => Employee): Told =>
  (ATTACKS[name] as Story)(new Scene(company, variant, victims));
