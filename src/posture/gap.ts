/** What a gap is about. */
export const SUBJECTS = ['password', 'mfa', 'recovery'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** When somebody must see to it, the most pressing first. */
export const URGENCIES = ['now', 'soon', 'plan'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** One way in which an account is weakly protected. Its query is `queries/posture/<id>.kql`, which answers a row for each user. */
export interface Gap {
  /** Also the name of its query. */
  readonly id: string;
  readonly subject: Subject;
  /** For a user without a directory role; who has one is a step more urgent. */
  readonly urgency: Urgency;
  readonly title: string;
  /** What somebody else can do with it. */
  readonly means: string;
  /** Tables that tell of it: without any of them nothing is known. */
  readonly tables: readonly string[];
  /** Table that tells who has mended it since: without it the query answers those, too. */
  readonly mendedBy?: string;
  /** What to do, in this order. */
  readonly remedy: readonly string[];
}
