import { audit } from './audit-rows.ts';
import { attackerClient, type Client } from './clients.ts';
import { addMethod, METHODS, type MethodKind, removeMethod } from './methods.ts';
import type { OutcomeName } from './outcomes.ts';
import { newToken, type Owned, type Person } from './people.ts';
import { homeNet, hostingNet, type Net, phoneNet, towns } from './places.ts';
import { APPS, type App, signIn, type Visit } from './sign-in-rows.ts';
import { HOUR, label, MINUTE, type World } from './world.ts';

export type From =
  | 'hosting'
  | 'hosting-same-country'
  | 'residential'
  | 'residential-other-town'
  | 'phone-abroad'
  | 'phone-same-country'
  | 'home-abroad';

/** Where attackers sit, or seem to. */
const NETS: Readonly<Record<From, (world: World, victim: Person) => Net>> = {
  hosting: ({ dice }) => hostingNet(dice),
  'hosting-same-country': ({ dice }, victim) => hostingNet(dice, victim.town.country),
  residential: ({ dice }, victim) => homeNet(dice, victim.town),
  'residential-other-town': ({ dice }, victim) => homeNet(dice, dice.pick(towns(victim.town.country))),
  'phone-abroad': ({ dice }) => phoneNet(dice, dice.pick(towns(dice.pick(['NG', 'RO', 'TR', 'VN', 'BR'])))),
  'phone-same-country': ({ dice }, victim) => phoneNet(dice, dice.pick(towns(victim.town.country))),
  'home-abroad': ({ dice }) => homeNet(dice, dice.pick(towns(dice.pick(['NG', 'RO', 'TR', 'VN', 'BR'])))),
};

/** One attacker at one account: the rows of what is done, and the label in the end. */
export class Intruder {
  readonly ids: string[] = [];
  firstRegistration: number | undefined;
  now: number;
  readonly started: number;
  visit: Visit;
  readonly #world: World;

  constructor(world: World, at: number, victim: Person, from: From, likeVictim = 0.35, net?: Net, client?: Client) {
    const { dice } = world;
    this.#world = world;
    this.now = at;
    this.started = at;
    const place = net ?? NETS[from](world, victim);
    // Identity Protection knows some of it, where the tenant pays for it.
    const risk = dice.draw<Visit['risk'] | ''>([
      [62, ''],
      [12, 'low'],
      [17, 'medium'],
      [9, 'high'],
    ]);
    this.visit = {
      person: victim,
      net: place,
      address: place.address(),
      session: dice.guid(),
      client: client ?? attackerClient(dice, dice.chance(likeVictim) ? victim.laptop : undefined),
      ...(risk === '' || risk === undefined ? {} : { risk }),
    };
  }

  wait(low: number, high: number): this {
    this.now += this.#world.dice.between(low, high);
    // A phone network gives another address every few minutes.
    if (this.visit.net.kind === 'phone' && high > 5 * MINUTE) this.visit = { ...this.visit, address: this.visit.net.address() };
    return this;
  }

  tries(app: App, outcome: OutcomeName, more: { factor?: string; protocol?: 'deviceCode'; background?: boolean } = {}): this {
    signIn(this.#world.book, this.now, this.visit, { app, outcome, ...more });
    this.now += this.#world.dice.between(2000, 30_000);
    return this;
  }

  /** Looks at mail and files. */
  looksAround(most: number): this {
    for (let left = this.#world.dice.whole(1, most); left > 0; left--) {
      this.tries(
        this.#world.dice.pick([APPS.outlook, APPS.office, APPS.sharepoint]),
        this.visit.person.methods.length === 0 ? 'singleToken' : 'token',
        { background: this.#world.dice.chance(0.4) },
      );
      this.wait(30_000, 12 * MINUTE);
    }
    return this;
  }

  toMethods(): this {
    if (this.#world.dice.chance(0.85)) this.tries(this.#world.dice.chance(0.8) ? APPS.myMethods : APPS.myProfile, 'token');
    return this.wait(20_000, 4 * MINUTE);
  }

  registers(kind: MethodKind, holder?: string, by?: Person): Owned {
    const { dice, book } = this.#world;
    const owned = {
      kind,
      holder:
        holder ?? (kind === 'app' ? newToken(dice) : kind === 'sms' || kind === 'voice' ? `+${dice.text(11, '0123456789')}` : dice.guid()),
    };
    const doing =
      by === undefined
        ? { person: this.visit.person, address: this.visit.address }
        : { person: this.visit.person, address: '', by, byAddress: this.visit.address };
    this.ids.push(...addMethod(book, this.now, doing, owned));
    this.firstRegistration ??= this.now;
    return owned;
  }

  deletes(owned: Owned): this {
    this.ids.push(...removeMethod(this.#world.book, this.now, { person: this.visit.person, address: this.visit.address }, owned));
    return this;
  }

  says(operation: string, service: Parameters<typeof audit>[2]['service'], more: Partial<Parameters<typeof audit>[2]> = {}): this {
    audit(this.#world.book, this.now, {
      operation,
      service,
      actor: this.visit.person,
      address: this.visit.address,
      target: this.visit.person,
      ...more,
    });
    return this;
  }

  /** Comes back with the new method, hours or days later, or never: the access was sold. */
  returns(kind: MethodKind): this {
    const { dice } = this.#world;
    if (dice.chance(0.3)) return this;
    for (let left = dice.whole(1, 4); left > 0; left--) {
      this.wait(20 * MINUTE, 40 * HOUR);
      this.visit = { ...this.visit, session: dice.guid(), address: dice.chance(0.6) ? this.visit.address : this.visit.net.address() };
      const words = METHODS[kind].words;
      this.tries(APPS.outlook, kind === 'passkey' ? 'passkey' : 'full', {
        factor: words.startsWith('Authenticator App with Not')
          ? 'Mobile app notification'
          : words.startsWith('Mobile')
            ? 'Text message'
            : 'OATH verification code',
      });
      this.looksAround(3);
    }
    return this;
  }

  labelled(scenario: string, variant: string, others: readonly Person[] = []): void {
    const { incidents } = this.#world;
    const took = this.firstRegistration !== undefined;
    incidents.push({
      scenario,
      variant,
      ...label([this.visit.person, ...others], this.started, this.now, this.ids),
      registration_time: took ? new Date(this.firstRegistration!).toISOString() : null,
      must_detect: took,
      min_severity: 'Medium',
    });
  }
}
