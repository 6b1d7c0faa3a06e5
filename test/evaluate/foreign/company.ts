import { CITIES, type City, hosting, mobile, residential, type Spot } from './places.ts';
import { Dice } from './random.ts';
import type { Change, Device, Exporter, Person, SignIn } from './rows.ts';

export const DAYS = 30;
export const START = Date.parse('2025-09-01T00:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface Employee extends Person {
  readonly city: City;
  /** The address at home, by day: providers hand out new ones now and then. */
  readonly homes: readonly Spot[];
  readonly device: Device;
  readonly phone: Device;
  /** Days of the week at the office, of seven; the rest is worked from home. */
  readonly atOffice: number;
  readonly firstDay: number;
  /** Someone whose account is not used in the whole period. */
  readonly dormant: boolean;
  /** Who turns a consumer VPN on now and then. */
  readonly hidden: boolean;
}

export interface Plan {
  readonly name: string;
  readonly people: number;
  readonly cities: readonly City[];
  /** Where attackers come from. */
  readonly abroad: readonly City[];
  readonly exporter: Exporter;
  /** Share of devices that are managed; the others have no identity. */
  readonly managed: number;
  readonly mac: number;
  readonly officeShare: number;
  /** Addresses through which the office, or the company's VPN, reaches the Internet. */
  readonly egress: (dice: Dice) => readonly Spot[];
  readonly shifts: boolean;
  readonly consumerVpn: number;
}

const APPS = [
  ['00000002-0000-0ff1-ce00-000000000000', 'Office 365 Exchange Online'],
  ['1fec8e78-bce4-4aaf-ab1b-5451cc387264', 'Microsoft Teams'],
  ['4765445b-32c6-49b0-83e6-1d93765276ca', 'OfficeHome'],
  ['08e18876-6177-487e-b8b5-cf950c1e598c', 'SharePoint Online Web Client Extensibility'],
] as const;
const REGISTRATION_APP = ['19db86c3-b2b9-44cc-b339-36da233a3be2', 'My Signins'] as const;

export const browserOf = (os: 'Windows' | 'MacOs' | 'Ios 18' | 'Android', id: string, trust: Device['trust'], managed: boolean): Device => {
  const shapes = {
    Windows: [
      'Windows10',
      'Edge 139.0.0',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0',
    ],
    MacOs: ['MacOs', 'Chrome 139.0.0', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/139.0.0.0 Safari/537.36'],
    'Ios 18': [
      'Ios 18',
      'Mobile Safari 18.5',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1',
    ],
    Android: [
      'Android',
      'Chrome Mobile 139.0.0',
      'Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 Chrome/139.0.0.0 Mobile Safari/537.36',
    ],
  } as const;
  const [system, browser, userAgent] = shapes[os];
  return { id, name: id === '' ? '' : `PC-${id.slice(0, 6)}`, os: system, browser, userAgent, trust, managed };
};

/** A tenant in the making: its people, their habits and everything that gets logged. */
export class Company {
  readonly plan: Plan;
  readonly dice: Dice;
  readonly staff: Employee[];
  readonly egress: readonly Spot[];
  readonly signIns: SignIn[] = [];
  readonly changes: Change[] = [];
  readonly admin: Employee;
  #stations: readonly Device[];

  constructor(plan: Plan, seed: number) {
    this.plan = plan;
    this.dice = new Dice(seed);
    this.egress = plan.egress(this.dice);
    this.#stations = Array.from({ length: 45 }, () => browserOf('Windows', this.dice.guid(), 'Hybrid Azure AD joined', true));
    this.staff = Array.from({ length: plan.people }, (_, index) => this.#hire(index));
    this.admin = this.staff[0] as Employee;
  }

  #hire(index: number): Employee {
    const { dice, plan } = this;
    const city = dice.pick(plan.cities);
    const managed = dice.chance(plan.managed);
    const os = dice.chance(plan.mac) ? 'MacOs' : 'Windows';
    return {
      id: dice.guid(),
      upn: `p${index}@${plan.name}.example`,
      name: `Person ${index}`,
      city,
      homes: this.#homes(city),
      device: browserOf(os, managed ? dice.guid() : '', managed ? 'Azure AD joined' : '', managed),
      phone: browserOf(dice.chance(0.6) ? 'Ios 18' : 'Android', '', '', false),
      atOffice: dice.chance(plan.officeShare) ? dice.whole(2, 5) : 0,
      firstDay: index > 0 && dice.chance(0.05) ? dice.whole(5, DAYS - 2) : 0,
      dormant: index > 0 && dice.chance(0.02),
      hidden: dice.chance(plan.consumerVpn),
    };
  }

  #homes(city: City): Spot[] {
    const homes = [residential(this.dice, city)];
    for (let day = 1; day < DAYS; day += 1) {
      const before = homes[day - 1] as Spot;
      const next = residential(this.dice, city);
      homes.push(this.dice.chance(0.03) && next.asn === before.asn ? next : before);
    }
    return homes;
  }

  /** Where somebody lives at a moment, as the Internet sees it. */
  homeOf(who: Employee, at: number): Spot {
    return who.homes[Math.min(DAYS - 1, Math.max(0, Math.floor((at - START) / DAY)))] as Spot;
  }

  /** A workstation of the ward on shifts, else the person's own device. */
  deviceOf(who: Employee, atWork: boolean): Device {
    return this.plan.shifts && atWork ? this.dice.pick(this.#stations) : who.device;
  }

  signIn(at: number, who: Employee, spot: Spot, device: Device, more: Partial<SignIn> = {}): SignIn {
    const row: SignIn = {
      kind: 'sign-in',
      at,
      person: who,
      spot,
      device,
      app: this.dice.pick(APPS),
      code: 0,
      interactive: true,
      methods: ['Password', 'Mobile app notification'],
      correlation: this.dice.guid(),
      session: this.dice.guid(),
      protocol: 'none',
      ...more,
    };
    this.signIns.push(row);
    return row;
  }

  /** The rows that one registration, change or removal leaves in the tenant's way of logging. */
  change(at: number, operation: string, reason: string, actor: Employee, target: Employee, ip: string, phone = ''): Change {
    const { dice } = this;
    const correlation = dice.guid();
    const { registrations } = this.plan.exporter;
    const service: Change = {
      kind: 'change',
      at,
      id: `IAMUX_${correlation}_${dice.hex(5).toUpperCase()}_${dice.whole(1e6, 9e8)}`,
      operation,
      reason,
      record: 'service',
      actor,
      target,
      ip,
      correlation,
      modified: [],
    };
    const removed = operation.includes('deleted');
    const method = JSON.stringify([{ MethodType: phone === '' ? 6 : 0, Default: false }]);
    const kept = JSON.stringify([{ MethodType: 7, Default: true }]);
    const both = JSON.stringify([...JSON.parse(kept), ...JSON.parse(method)]);
    const modified = [{ displayName: 'StrongAuthenticationMethod', oldValue: removed ? both : kept, newValue: removed ? kept : both }];
    if (phone !== '' && !removed) {
      const details = JSON.stringify([{ PhoneNumber: phone, AlternativePhoneNumber: null, Email: null, VoiceOnlyPhoneNumber: null }]);
      modified.push({ displayName: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: details });
    }
    const twin: Change = {
      ...service,
      id: `Directory_${correlation}_${dice.hex(5).toUpperCase()}_${dice.whole(1e6, 9e8)}`,
      operation: 'Update user',
      reason: '',
      record: 'directory',
      modified,
      actor: registrations === 'directory' && phone === '' ? null : actor,
    };
    const onlyDirectory = registrations === 'directory' && !operation.startsWith('Admin');
    const rows = onlyDirectory ? [twin] : registrations === 'both' ? [service, twin] : [service];
    this.changes.push(...rows);
    return rows[0] as Change;
  }

  /** Opens the registration page and registers: what precedes every registration, whoever does it. */
  register(at: number, who: Employee, spot: Spot, device: Device, method: string, methods: readonly string[], phone = ''): Change {
    this.signIn(at - this.dice.whole(40, 240) * 1000, who, spot, device, { app: REGISTRATION_APP, methods });
    return this.change(at, 'User registered security info', `User registered ${method}`, who, who, spot.ip, phone);
  }

  other(at: number, operation: string, actor: Employee | null, target: Employee, ip: string): Change {
    const correlation = this.dice.guid();
    const id = `SSPR_${correlation}_${this.dice.hex(5).toUpperCase()}_1`;
    const row: Change = { kind: 'change', at, id, operation, reason: '', record: 'other', actor, target, ip, correlation, modified: [] };
    this.changes.push(row);
    return row;
  }

  /** A month of everybody's work. */
  live(): void {
    for (const who of this.staff) {
      if (who.dormant) {
        continue;
      }
      const chronotype = this.dice.whole(-1, 1);
      for (let day = who.firstDay; day < DAYS; day += 1) {
        const weekday = day % 7;
        const works = this.plan.shifts ? this.dice.chance(0.55) : weekday < 5 ? this.dice.chance(0.93) : this.dice.chance(0.1);
        if (!works) {
          continue;
        }
        const begin = this.plan.shifts ? this.dice.pick([7, 7, 15, 22]) : 8 + chronotype;
        const atWork = weekday < 5 && this.dice.chance(who.atOffice / 5);
        this.#workday(who, START + day * DAY + (begin - who.city.zone) * HOUR, atWork, who.homes[day] as Spot);
      }
    }
  }

  #workday(who: Employee, begin: number, atWork: boolean, home: Spot): void {
    const { dice } = this;
    const spot = atWork || (this.plan.name === 'startup' && dice.chance(0.3)) ? dice.pick(this.egress) : home;
    const spotHere = who.hidden && dice.chance(0.15) ? hosting(dice, dice.pick([CITIES.lisbon, CITIES.berlin, CITIES.oakland])) : spot;
    for (let session = dice.whole(1, 3); session > 0; session -= 1) {
      const at = begin + dice.whole(0, 8 * 60) * MINUTE + dice.whole(0, 59_999);
      const onPhone = dice.chance(0.18);
      const device = onPhone ? who.phone : this.deviceOf(who, atWork);
      const here = onPhone && dice.chance(0.7) ? mobile(dice, who.city) : spotHere;
      const correlation = dice.guid();
      const session1 = dice.guid();
      if (dice.chance(0.06)) {
        this.signIn(at - dice.whole(8, 50) * 1000, who, here, device, { code: 50126, methods: ['Password'] });
      }
      if (dice.chance(0.1)) {
        this.signIn(at - 6000, who, here, device, { code: dice.pick([50074, 50140]), correlation, methods: ['Password'] });
      }
      if (dice.chance(0.004)) {
        this.signIn(at - 40_000, who, here, device, { code: 500121, correlation });
      }
      const fresh = onPhone || dice.chance(0.25);
      const methods = fresh ? ['Password', 'Mobile app notification'] : ['Previously satisfied'];
      this.signIn(at, who, here, device, { correlation, session: session1, methods });
      for (let silent = this.plan.exporter.hasNonInteractive ? dice.whole(0, 3) : 0; silent > 0; silent -= 1) {
        const later = at + dice.whole(10, 150) * MINUTE;
        this.signIn(later, who, here, device, { interactive: false, session: session1, methods: ['Previously satisfied'] });
      }
    }
  }
}
