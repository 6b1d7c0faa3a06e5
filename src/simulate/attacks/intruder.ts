import { passwordReset } from '../admin-events.ts';
import { APPS, type App } from '../apps.ts';
import type { ClientFace } from '../clients.ts';
import { helpDesk } from '../decoys/support.ts';
import { enrol, sessionAt } from '../enrolment.ts';
import type { IncidentLabel } from '../labels.ts';
import type { Method, MethodKind } from '../methods.ts';
import { HOUR_MS, MINUTE_MS, type User } from '../model.ts';
import { NEVER, newMethod } from '../population.ts';
import { deleteMethod, type Registered, registerMethod, registrationStep } from '../registration.ts';
import type { Rng } from '../rng.ts';
import { type SignInPlan, type SignInTrace, signIn } from '../sign-in.ts';
import { type Stage, tookHold, touch } from '../stage.ts';
import { siteAddress } from '../whereabouts.ts';
import { noticed, type Origin } from './origin.ts';

/** Accounts that are in use over the whole time: whom attacks are after. */
export function inUse(user: User): boolean {
  return user.role === 'person' && user.joinDay < 0 && user.leaveDay === NEVER && user.directoryRoles.length === 0;
}

export function hasMfa(user: User): boolean {
  return user.methods.some((method) => method.kind !== 'email');
}

/** Somebody in another's account. Every act of theirs widens the incident's label. */
export class Intruder {
  readonly stage: Stage;
  readonly rng: Rng;
  readonly label: IncidentLabel;
  readonly victim: User;
  readonly origin: Origin;
  readonly face: ClientFace;
  session: string;
  planted: Method | undefined;
  evicted = Number.POSITIVE_INFINITY;

  constructor(stage: Stage, rng: Rng, label: IncidentLabel, victim: User, origin: Origin, face: ClientFace) {
    this.stage = stage;
    this.rng = rng;
    this.label = label;
    this.victim = victim;
    this.origin = origin;
    this.face = face;
    this.session = rng.guid();
  }

  /** A sign-in by the intruder, from the next address of theirs. */
  enter(at: number, app: App, how: Partial<SignInPlan> = {}): SignInTrace {
    const { rng, victim, origin, face, session } = this;
    const risk = how.background ? undefined : noticed(rng, origin.style);
    const trace = signIn(this.stage.world, rng, { user: victim, at, from: origin.next(), face, app, session, risk, ...how });
    touch(this.label, at);
    touch(this.label, trace.at);
    return trace;
  }

  /** Adds a method of the intruder's to the account, from the security-info page. */
  plant(
    at: number,
    kind: MethodKind,
    { method, visits = true, makeDefault }: { method?: Method; visits?: boolean; makeDefault?: boolean } = {},
  ): Registered {
    const { rng, victim, stage } = this;
    let when = at;
    if (visits) when = this.enter(at, APPS.mySignIns, { second: hasMfa(victim) ? 'claim' : 'none' }).at + rng.between(15, 60) * 1000;
    const ip = this.origin.next().ip;
    const country = rng.chance(0.45) ? victim.phoneCountry : rng.pick(['US', 'US', 'GB', 'NG', 'RO', 'CA', 'NL']);
    const mine: Method = { ...(method ?? newMethod(rng, kind, country)), foreign: true };
    const who = { user: victim, ip };
    if (rng.chance(0.4)) registrationStep(stage.world, rng, { ...who, at: when }, 'started', mine);
    when += rng.between(15, 150) * 1000;
    if (rng.chance(0.05)) registrationStep(stage.world, rng, { ...who, at: when - 9000 }, 'failed', mine);
    const first = victim.methods.length === 0;
    const registered = registerMethod(stage.world, rng, { ...who, at: when }, mine, { makeDefault: makeDefault ?? rng.chance(0.4) });
    if (first && rng.chance(0.6)) registrationStep(stage.world, rng, { ...who, at: when + rng.between(5, 20) * 1000 }, 'finished');
    this.planted = mine;
    tookHold(this.label, registered);
    return registered;
  }

  /** Deletes a method of the victim's. */
  strike(at: number, method: Method | undefined): void {
    if (!method) return;
    deleteMethod(this.stage.world, this.rng, { at, user: this.victim, ip: this.origin.next().ip }, method);
    touch(this.label, at);
  }

  /** Comes back over the next days with the method that was planted. */
  stay(from: number, days: number): void {
    const { rng, stage } = this;
    const visits = rng.int(1, 2 + Math.ceil(days * 2));
    const last = stage.world.end - MINUTE_MS;
    for (let i = 0; i < visits; i++) {
      const at = from + rng.between(0.02, 1) ** 1.5 * days * 24 * HOUR_MS;
      if (at >= last) continue;
      stage.agenda.add(at, () => {
        if (at >= this.evicted) return;
        const fresh = rng.chance(0.5);
        if (fresh) this.session = rng.guid();
        const app = rng.pick([APPS.outlookWeb, APPS.officeHome, APPS.sharepoint, APPS.teamsWeb, APPS.mySignIns]);
        this.enter(
          at,
          app,
          fresh && this.planted
            ? { password: true, second: 'prompt', method: this.planted }
            : { second: hasMfa(this.victim) ? 'claim' : 'none' },
        );
        for (let n = rng.int(0, 3); n > 0; n--)
          this.enter(at + rng.between(1, 50) * MINUTE_MS, rng.pick([APPS.office, APPS.teams, APPS.oneDrive]), {
            background: true,
            second: hasMfa(this.victim) ? 'claim' : 'none',
          });
      });
    }
    if (rng.chance(0.5)) this.evict(from + rng.lognormal(20, 0.9) * HOUR_MS);
  }

  /** The tenant notices: the help desk resets the password and deletes the intruder's method; the owner registers again. */
  evict(at: number): void {
    const { rng, stage, victim } = this;
    const { world, agenda } = stage;
    if (at >= world.end - 2 * HOUR_MS) return;
    agenda.add(at, () => {
      if (this.evicted <= at) return;
      this.evicted = at;
      const agent = rng.pick(helpDesk(world.users));
      const ip = siteAddress(world.tenant, agent, rng).ip;
      passwordReset(world, rng, at, victim, { actor: agent, ip });
      for (const method of victim.methods.filter((one) => one.foreign))
        deleteMethod(world, rng, { at: at + rng.between(40, 300) * 1000, user: victim, actor: agent, ip }, method);
      if (victim.methods.length > 0) return;
      const day = world.dayOf(at) + 1;
      const back = stage.decoy('help-desk-reset', [victim]);
      agenda.add(world.timeOf(day), () => {
        const done = enrol(world, rng, victim, sessionAt(world, victim, day, rng), { kind: 'app' });
        back.registration_event_ids.push(...done.ids);
        touch(back, done.at);
      });
    });
  }
}

/** What intruders add when they may choose. */
export function likelyPlant(rng: Rng): MethodKind {
  return rng.weighted<MethodKind>([
    ['app', 5],
    ['totp', 2.5],
    ['sms', 2],
    ['voice', 1],
    ['passkey', 1],
    ['fido', 0.7],
    ['email', 0.2],
  ]);
}
