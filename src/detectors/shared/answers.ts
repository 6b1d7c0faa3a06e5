import { isAnswer, type MethodKind, methodKind } from '../../events/audit/methods.ts';
import { entryText, type StringColumn } from '../../events/column-batch.ts';
import { EventClass, Flag } from '../../events/event-record.ts';
import { hashText } from '../../events/hash.ts';
import type { EventView } from '../stream/event-view.ts';

/** Whoever answered a prompt: a kind of method and, where the log shows it, which phone, number or key that was. */
export interface Answer {
  /** Hash of kind and name, of 32 bits; of a phone or number the same whether it was asked for a code, a tap or a call. */
  readonly id: number;
  readonly kind: MethodKind;
  /** The phone's name, the number's last digits; '' where the log shows nothing. */
  readonly name: string;
}

/** Kinds that one registration gives, and one phone or number answers for. */
const ALIKE: readonly ReadonlySet<MethodKind>[] = [new Set(['authenticator', 'phone-sign-in', 'totp']), new Set(['sms', 'voice', 'phone'])];
const [APPS, TELEPHONES] = ALIKE as readonly [ReadonlySet<MethodKind>, ReadonlySet<MethodKind>];

/** The kinds that a method may answer as. */
export function kindsLike(kind: MethodKind): ReadonlySet<MethodKind> {
  return ALIKE.find((kinds) => kinds.has(kind)) ?? new Set([kind]);
}

/** Whether what answered may be what was registered, by their kinds: an app answers by a tap or a code, a number by a call or a text. */
export function isOfKind(kind: MethodKind, registered: MethodKind): boolean {
  return kindsLike(registered).has(kind);
}

/** Methods that stay in one computer answer there and nowhere else, whosever it is; and a pass is used on whichever is new. */
export const BOUND: ReadonlySet<MethodKind> = new Set(['windows-hello', 'certificate', 'tap']);

/** Whether the event is a sign-in by hand that a method of the registered kind answered. */
export function isUsed(event: EventView, registered: MethodKind): boolean {
  if (event.eventClass !== EventClass.signIn || !event.has(Flag.answered)) return false;
  return answersOf(event).some(({ kind }) => isOfKind(kind, registered));
}

/** The log hides a number but for its last digits, and not everywhere alike. */
const lastDigits = (name: string) => /(\d{2})\D*$/.exec(name)?.[1] ?? name;

/** An answer's id by its kind and the name of what gave it; of nameless ones by the kind alone. */
export function answerId(kind: MethodKind, name: string): number {
  const text = name.trim().toLowerCase();
  if (text === '') return hashText(`${kind}\n`)[0] | 0;
  if (APPS.has(kind)) return hashText(`app\n${text}`)[0] | 0;
  return hashText(TELEPHONES.has(kind) ? `telephone\n${lastDigits(text)}` : `${kind}\n${text}`)[0] | 0;
}

const NONE: readonly Answer[] = [];
const MOST = 4;

function answerOf(text: string): Answer {
  const at = text.indexOf(': ');
  const words = at < 0 ? text.replace(/:$/, '') : text.slice(0, at);
  const name = at < 0 ? '' : text.slice(at + 2).trim();
  const kind = methodKind(words);
  return { id: answerId(kind, name), kind, name };
}

function parse(text: string): readonly Answer[] {
  return text
    .split('; ')
    .filter((part) => isAnswer(part.split(': ', 1)[0]!))
    .slice(0, MOST)
    .map(answerOf);
}

/** There are as many different texts as phones and keys, and each is read once a batch. */
const parsed = new WeakMap<StringColumn, (readonly Answer[] | undefined)[]>();

function read(event: EventView, column: string): readonly Answer[] {
  const strings = event.batch?.strings.get(column);
  const entry = strings?.indices[event.row] ?? -1;
  if (strings === undefined || entry < 0) return NONE;
  const known = parsed.get(strings) ?? [];
  if (known.length === 0) parsed.set(strings, known);
  known[entry] ??= parse(entryText(strings, entry).slice(0, 512));
  return known[entry];
}

/** The answers of a sign-in: by name where the log has names, else by the kind of method alone. */
export function answersOf(event: EventView): readonly Answer[] {
  const named = read(event, 'Answers');
  return named.length > 0 ? named : read(event, 'Methods');
}
