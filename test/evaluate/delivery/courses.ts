import type { Proof } from './book.ts';

/** One row of a sign-in: its result, what was proven, and seconds since the row before. */
export type Step = readonly [code: number, proof: Proof, seconds: number];

/** How a sign-in goes on, row by row; interrupts are rows of their own under one correlation. */
export const COURSES = {
  remembered: [[0, 'claim', 0]],
  password: [[0, 'password', 0]],
  key: [[0, 'key', 0]],
  both: [
    [50074, 'password', 0],
    [0, 'both', 14],
  ],
  'both, stay signed in': [
    [50076, 'password', 0],
    [50140, 'both', 12],
    [0, 'both', 5],
  ],
  'password, stay signed in': [
    [50140, 'password', 0],
    [0, 'password', 4],
  ],
  mistyped: [
    [50126, 'none', 0],
    [50126, 'none', 11],
    [0, 'claim', 13],
  ],
  'mistyped, both': [
    [50126, 'none', 0],
    [50074, 'password', 12],
    [0, 'both', 15],
  ],
  missed: [
    [50074, 'password', 0],
    [500121, 'unanswered', 61],
    [50074, 'password', 25],
    [0, 'both', 12],
  ],
  declined: [
    [50074, 'password', 0],
    [500121, 'declined', 9],
  ],
  forgotten: [
    [50126, 'none', 0],
    [50126, 'none', 9],
    [50126, 'none', 14],
    [50126, 'none', 22],
    [50053, 'none', 31],
  ],
  'must enrol': [
    [50125, 'password', 0],
    [50072, 'password', 8],
  ],
  'must enrol, by policy': [
    [50079, 'password', 0],
    [50074, 'password', 4],
  ],
  wrong: [[50126, 'none', 0]],
  locked: [[50053, 'none', 0]],
  expired: [
    [50055, 'password', 0],
    [0, 'both', 95],
  ],
  blocked: [[53003, 'password', 0]],
  disabled: [[50057, 'none', 0]],
} as const satisfies Record<string, readonly Step[]>;
export type Course = keyof typeof COURSES;
