import type { MethodName } from './methods.ts';
import type { Person } from './people.ts';
import type { Step } from './scene.ts';

/** What an intruder's traffic comes out of. Names with `near` lie in the victim's city. */
export type Base = 'near-resident' | 'near-mobile' | 'near-office' | 'vps' | 'vpn' | 'abroad-home' | 'rotating-vps';

/** Whose device the rows show. */
export type Tool = 'kit' | 'lookalike' | 'victims' | 'colleagues' | 'phone';

export interface AttackRow {
  readonly scenario: string;
  readonly variant: string;
  readonly near: readonly Base[];
  readonly far: readonly Base[];
  readonly who: (person: Person) => boolean;
  /** Victims of one incident, fewest and most. */
  readonly victims: readonly [number, number];
  /** Local hours of the victim at which it begins; in the `day` of work, or in any night. */
  readonly hours: 'work' | 'any';
  readonly tool: Tool;
  readonly methods: Readonly<Partial<Record<MethodName, number>>>;
  readonly steps: readonly Step[];
  /** The account is used by nobody else. */
  readonly isDormant?: true;
  /** Passwords are tried on as many others before. */
  readonly sprayed?: readonly [number, number];
  /** The attack is over before the account is the intruder's. */
  readonly fails?: true;
}

const any = ({ role }: Person) => role.guest !== true && role.helpDesk !== true;
const prompts = (person: Person) => any(person) && ['app', 'sms', 'oath', 'voice'].includes(person.method);
const pushes = (person: Person) => any(person) && person.method === 'app';
const passwordOnly = (person: Person) => any(person) && person.method === 'none';
const texts = (person: Person) => any(person) && person.method === 'sms' && person.hasPhone;
const works = (person: Person) =>
  any(person) && person.role.shared !== true && person.computer.kind !== 'hosted' && person.role.places.office >= 50;

const common = { victims: [1, 1], hours: 'work', tool: 'kit', methods: { app: 1 } } as const;
const looking: readonly Step[] = [['refresh', 4]];

/** The scenarios by the numbers of the evaluation's plan; S12 is its benign part. */
export const ATTACKS: readonly AttackRow[] = [
  {
    ...common,
    scenario: 'S1',
    variant: 'spray-then-phone',
    near: ['near-resident'],
    far: ['rotating-vps'],
    who: passwordOnly,
    hours: 'any',
    tool: 'kit',
    methods: { sms: 8, app: 2 },
    sprayed: [25, 80],
    steps: [['password'], ['pause', 25], ['mustRegister'], ['register'], ['afterwards'], ...looking],
  },
  {
    ...common,
    scenario: 'S2',
    variant: 'phishing-kit',
    near: ['near-resident'],
    far: ['vps'],
    who: prompts,
    steps: [['signIn'], ['pause', 4], ['hop'], ['refresh', 1], ['page'], ['register'], ...looking],
  },
  {
    ...common,
    scenario: 'S2',
    variant: 'stolen-cookies',
    near: ['near-resident'],
    far: ['vpn'],
    who: (person) => works(person) && person.method !== 'none',
    hours: 'any',
    tool: 'lookalike',
    methods: { app: 7, sms: 3 },
    steps: [['stolen'], ['pause', 40], ['page'], ['register'], ...looking],
  },
  {
    ...common,
    scenario: 'S3',
    variant: 'targeted',
    near: ['near-resident', 'near-mobile'],
    far: [],
    who: prompts,
    tool: 'lookalike',
    steps: [['wrongPassword', 1], ['signIn'], ['pause', 10], ['page'], ['register'], ['makeDefault'], ...looking],
  },
  {
    ...common,
    scenario: 'S4',
    variant: 'fatigue',
    near: ['near-resident'],
    far: ['vps'],
    who: pushes,
    hours: 'any',
    steps: [['declined', 7], ['signIn'], ['page'], ['register'], ...looking],
  },
  {
    ...common,
    scenario: 'S5',
    variant: 'help-desk-call',
    near: ['near-mobile'],
    far: ['vpn'],
    who: (person) => any(person) && person.method !== 'none',
    tool: 'lookalike',
    steps: [['adminReset'], ['adminPass'], ['pause', 6], ['pass'], ['register'], ['afterwards'], ...looking],
  },
  {
    ...common,
    scenario: 'S5',
    variant: 'help-desk-deletes',
    near: [],
    far: ['abroad-home'],
    who: prompts,
    tool: 'phone',
    steps: [['adminReset'], ['adminDelete'], ['pause', 5], ['mustRegister'], ['register'], ['afterwards'], ...looking],
  },
  {
    ...common,
    scenario: 'S6',
    variant: 'dormant',
    near: ['near-resident'],
    far: ['vps'],
    who: passwordOnly,
    hours: 'any',
    methods: { app: 6, sms: 4 },
    isDormant: true,
    steps: [['legacy', 2], ['wrongPassword', 1], ['mustRegister'], ['register'], ['afterwards'], ...looking],
  },
  {
    ...common,
    scenario: 'S7',
    variant: 'one-phone-for-many',
    near: [],
    far: ['vps'],
    who: (person) => prompts(person) || passwordOnly(person),
    victims: [3, 6],
    methods: { sms: 1 },
    steps: [['signIn'], ['page'], ['register'], ['refresh', 1]],
  },
  {
    ...common,
    scenario: 'S8',
    variant: 'lock-out',
    near: ['near-mobile'],
    far: ['vpn'],
    who: prompts,
    tool: 'lookalike',
    steps: [['signIn'], ['page'], ['register'], ['makeDefault'], ['deleteOld'], ...looking],
  },
  {
    ...common,
    scenario: 'S9',
    variant: 'patient',
    near: ['near-resident'],
    far: ['vps'],
    who: prompts,
    tool: 'lookalike',
    steps: [['signIn'], ['visit', 3], ['page'], ['register'], ...looking],
  },
  {
    ...common,
    scenario: 'S10',
    variant: 'unlocked-computer',
    near: ['near-office'],
    far: [],
    who: works,
    tool: 'victims',
    methods: { sms: 6, app: 4 },
    steps: [['page'], ['register']],
  },
  {
    ...common,
    scenario: 'S10',
    variant: 'colleague',
    near: ['near-office'],
    far: [],
    who: (person) => works(person) && prompts(person),
    tool: 'colleagues',
    methods: { sms: 6, app: 4 },
    steps: [['signIn'], ['page'], ['register'], ['pause', 200], ['hop'], ['afterwards'], ...looking],
  },
  {
    ...common,
    scenario: 'S11',
    variant: 'sim-swap',
    near: ['near-mobile'],
    far: ['vps'],
    who: texts,
    hours: 'any',
    tool: 'phone',
    steps: [['selfReset'], ['pause', 3], ['signIn'], ['page'], ['deleteOld'], ['register'], ...looking],
  },
  {
    ...common,
    scenario: 'resisted',
    variant: 'fatigue',
    near: [],
    far: ['vps'],
    who: pushes,
    hours: 'any',
    fails: true,
    steps: [['declined', 6]],
  },
  { ...common, scenario: 'resisted', variant: 'phishing-kit', near: [], far: ['vps'], who: prompts, fails: true, steps: [['blocked', 3]] },
];
