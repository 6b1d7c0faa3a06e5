import type { Deed } from './deeds.ts';
import * as deeds from './deeds.ts';
import type { Lair } from './intruder.ts';
import { hasMethods, type Person } from './people.ts';
import type { Tale } from './tale.ts';

export interface Attack {
  readonly scenario: string;
  /** The most that a tenant gets. */
  readonly most: number;
  readonly fits?: (person: Person) => boolean;
  readonly nearOnly?: true;
  readonly tell: (tale: Tale, place: Lair, isNear: boolean) => Deed;
}

const never = ({ kind, methods }: Person) => kind === 'dormant' || (kind === 'staff' && methods.length === 0);

export const ATTACKS: readonly Attack[] = [
  { scenario: 'S1', most: 2, fits: never, tell: deeds.sprayed },
  { scenario: 'S2', most: 2, tell: deeds.phished },
  { scenario: 'S3', most: 2, nearOnly: true, tell: deeds.targeted },
  { scenario: 'S4', most: 2, tell: deeds.fatigue },
  { scenario: 'S5', most: 2, tell: deeds.called },
  { scenario: 'S6', most: 2, fits: ({ kind }) => kind === 'dormant', tell: deeds.awakened },
  { scenario: 'S7', most: 1, tell: deeds.massed },
  { scenario: 'S8', most: 2, tell: deeds.lockedOut },
  { scenario: 'S9', most: 2, tell: deeds.patient },
  { scenario: 'S10', most: 2, nearOnly: true, tell: deeds.insider },
  {
    scenario: 'S11',
    most: 2,
    nearOnly: true,
    fits: (person) => hasMethods(person) && person.methods.includes('Mobile Phone SMS'),
    tell: deeds.ported,
  },
  { scenario: 'S12', most: 2, tell: deeds.hidden },
  { scenario: 'session without registration', most: 2, tell: deeds.replayed },
];

export const isVictim = (attack: Attack, person: Person) => (attack.fits ?? hasMethods)(person);
