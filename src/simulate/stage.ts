import type { DecoyKind, DecoyLabel, IncidentLabel } from './labels.ts';
import type { User } from './model.ts';
import type { Registered } from './registration.ts';
import { Rng } from './rng.ts';
import type { World } from './world.ts';

/** Something that happens at a time; it may put further things on the agenda. */
export interface Task {
  readonly at: number;
  readonly run: () => void;
}

/** What is to happen, by day. */
export class Agenda {
  readonly #world: World;
  readonly #days = new Map<number, Task[]>();

  constructor(world: World) {
    this.#world = world;
  }

  add(at: number, run: () => void): void {
    const day = this.#world.dayOf(at);
    const tasks = this.#days.get(day);
    if (tasks) tasks.push({ at, run });
    else this.#days.set(day, [{ at, run }]);
  }

  /** Runs what is due on a day in order of time, with what it adds to that same day. */
  runDay(day: number): void {
    for (;;) {
      const tasks = this.#days.get(day);
      if (!tasks || tasks.length === 0) return;
      tasks.sort((a, b) => a.at - b.at);
      tasks.shift()!.run();
    }
  }
}

/** What the planners of attacks and decoys share: the world, the agenda, the labels, and who is taken already. */
export class Stage {
  readonly world: World;
  readonly agenda: Agenda;
  readonly incidents: IncidentLabel[] = [];
  readonly decoys: DecoyLabel[] = [];
  readonly #taken = new Set<number>();

  constructor(world: World) {
    this.world = world;
    this.agenda = new Agenda(world);
  }

  rng(...keys: readonly (number | string)[]): Rng {
    return new Rng('stage', this.world.tenant.kind, this.world.tenant.seed, ...keys);
  }

  /** Draws people whom no other incident or decoy has, and takes them. */
  cast(rng: Rng, count: number, fits: (user: User) => boolean): User[] {
    const { users } = this.world;
    const chosen: User[] = [];
    for (let tries = 0; chosen.length < count && tries < count * 60 + users.length; tries++) {
      const user = users[Math.floor(rng.unit() * users.length)]!;
      if (this.#taken.has(user.index) || !fits(user)) continue;
      this.#taken.add(user.index);
      chosen.push(user);
    }
    return chosen;
  }

  isTaken(user: User): boolean {
    return this.#taken.has(user.index);
  }

  incident(scenario: string, variant: string, users: readonly User[], minSeverity: IncidentLabel['min_severity']): IncidentLabel {
    const label: IncidentLabel = {
      id: `incident-${String(this.incidents.length + 1).padStart(3, '0')}`,
      scenario,
      variant,
      user_ids: users.map((user) => user.id),
      upns: users.map((user) => user.upn),
      start: '',
      end: '',
      registration_time: null,
      registration_event_ids: [],
      must_detect: false,
      min_severity: minSeverity,
    };
    this.incidents.push(label);
    return label;
  }

  decoy(kind: DecoyKind, users: readonly User[]): DecoyLabel {
    const label: DecoyLabel = {
      id: `decoy-${String(this.decoys.length + 1).padStart(4, '0')}`,
      kind,
      user_ids: users.map((user) => user.id),
      upns: users.map((user) => user.upn),
      start: '',
      end: '',
      registration_event_ids: [],
    };
    this.decoys.push(label);
    return label;
  }
}

/** Widens a label to a time. */
export function touch(label: { start: string; end: string }, at: number): void {
  const text = new Date(at).toISOString();
  if (label.start === '' || text < label.start) label.start = text;
  if (label.end === '' || text > label.end) label.end = text;
}

/** Puts an attacker's registration on a label; whoever registered something must be found. */
export function tookHold(label: IncidentLabel, registered: Registered): void {
  if (registered.ids.length === 0) return;
  label.registration_event_ids.push(...registered.ids);
  const text = new Date(registered.at).toISOString();
  if (label.registration_time === null || text < label.registration_time) label.registration_time = text;
  label.must_detect = true;
  touch(label, registered.at);
}
