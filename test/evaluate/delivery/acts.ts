import type { AppName, Book, Seat, SignIn } from './book.ts';
import { COURSES, type Course, type Step } from './courses.ts';
import type { Person } from './people.ts';

const SECOND = 1000;

/** Who does something when, and from where. */
export interface Doing {
  readonly person: Person;
  readonly at: number;
  readonly seat: Seat;
}

/** Writes the rows of one interactive sign-in; gives the time of its last row. */
export function signIn(book: Book, doing: Doing & { app?: AppName; course: Course; risk?: SignIn['risk'] }): number {
  const { person, seat, app = 'OfficeHome', course, risk = 'none' } = doing;
  const [correlation, original] = [book.ids.guid(), book.ids.guid()];
  const method = person.methods[0] ?? '';
  let at = doing.at;
  for (const [place, [code, proof, seconds]] of (COURSES[course] as readonly Step[]).entries()) {
    at += Math.round(seconds * SECOND * book.ids.between(0.6, 1.7));
    const id = place === 0 ? original : book.ids.guid();
    book.signIns.push({ at, id, correlation, original, person, seat, app, code, proof, method, interactive: true, risk });
  }
  return at;
}

/** A token renewed by a program, without anybody. */
export function refresh(book: Book, { person, at, seat, app, code = 0 }: Doing & { app: AppName; code?: number }): void {
  const id = book.ids.guid();
  const proof = code === 0 ? 'claim' : 'none';
  book.signIns.push({
    at,
    id,
    correlation: book.ids.guid(),
    original: id,
    person,
    seat,
    app,
    code,
    proof,
    method: '',
    interactive: false,
    risk: 'none',
  });
}
