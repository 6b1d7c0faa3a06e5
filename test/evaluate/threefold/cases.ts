import type { Book } from './book.ts';
import type { Person } from './people.ts';
import type { Registered } from './registrations.ts';

/** What is known of one label while the rows are being written. */
export class Case {
  readonly persons: readonly Person[];
  readonly #ids: string[] = [];
  readonly #registered: number[] = [];
  readonly #times: number[] = [];

  constructor(...persons: readonly Person[]) {
    this.persons = persons;
  }

  /** A row of the case was written at a time, Unix ms. */
  note(time: number): void {
    this.#times.push(time);
  }

  add({ ids, time }: Registered): void {
    this.#ids.push(...ids);
    this.#registered.push(time);
    this.#times.push(time);
  }

  get #label() {
    const iso = (time: number) => new Date(time).toISOString();
    return {
      user_ids: this.persons.map(({ id }) => id),
      upns: this.persons.map(({ upn }) => upn),
      start: iso(Math.min(...this.#times)),
      end: iso(Math.max(...this.#times)),
      registration_event_ids: this.#ids,
    };
  }

  /** Puts the label into the book; nothing happened where no row was written. */
  closeAsDecoy(book: Book, kind: string): void {
    if (this.#times.length > 0) book.decoys.push({ id: `decoy-${book.decoys.length + 1}`, kind, ...this.#label });
  }

  /** A takeover that registered something must be found. */
  closeAsIncident(book: Book, scenario: string, variant: string): void {
    if (this.#times.length === 0) return;
    const registered = this.#registered.length === 0 ? null : new Date(Math.min(...this.#registered)).toISOString();
    book.incidents.push({
      id: `incident-${book.incidents.length + 1}`,
      scenario,
      variant,
      ...this.#label,
      registration_time: registered,
      must_detect: registered !== null,
      min_severity: 'Medium',
    });
  }
}
