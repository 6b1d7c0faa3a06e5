import type { MethodName } from './methods.ts';
import type { Person } from './people.ts';
import type { Step } from './scene.ts';

/** What an intruder's traffic comes out of. Names with `near` lie in the victim's city. */
export type Base = 'near-resident' | 'near-mobile' | 'near-office' | 'vps' | 'vpn' | 'abroad-home';

/** Whose device the rows show. */
export type Tool = 'kit' | 'lookalike' | 'victims' | 'colleagues' | 'phone';

export interface AttackRow {
  readonly scenario: string;
  readonly variant: string;
  /** Where one incident each comes from. */
  readonly bases: readonly Base[];
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

type Who = AttackRow['who'];

const any: Who = ({ role }) => role.guest !== true && role.helpDesk !== true;
const prompts: Who = (person) => any(person) && ['app', 'sms', 'oath', 'voice'].includes(person.method);
const pushes: Who = (person) => any(person) && person.method === 'app';
const passwordOnly: Who = (person) => any(person) && person.method === 'none';
const helped: Who = (person) => any(person) && person.method !== 'none';
const texts: Who = (person) => any(person) && person.method === 'sms' && person.hasPhone;
const works: Who = (person) =>
  any(person) && person.role.shared !== true && person.computer.kind !== 'hosted' && person.role.places.office >= 50;
const worksWithProof: Who = (person) => works(person) && person.method !== 'none';
const worksWithPrompt: Who = (person) => works(person) && prompts(person);
const phishable: Who = (person) => prompts(person) || passwordOnly(person);

const TAKE: readonly Step[] = [['page'], ['register'], ['refresh', 4]];
const ENROL: readonly Step[] = [['mustRegister'], ['register'], ['afterwards'], ['refresh', 4]];
const PASS: readonly Step[] = [['adminReset'], ['adminPass'], ['pause', 6], ['pass'], ['register'], ['afterwards'], ['refresh', 4]];
const LOCK_OUT: readonly Step[] = [['signIn'], ['page'], ['register'], ['makeDefault'], ['deleteOld'], ['refresh', 4]];
const SWAP: readonly Step[] = [['selfReset'], ['pause', 3], ['signIn'], ['page'], ['deleteOld'], ['register'], ['refresh', 4]];
const DESK: readonly Step[] = [['signIn'], ['page'], ['register'], ['pause', 200], ['hop'], ['afterwards'], ['refresh', 4]];
const KIT: readonly Step[] = [['signIn'], ['pause', 4], ['hop'], ['refresh', 1], ...TAKE];
const MANY: readonly Step[] = [['signIn'], ['page'], ['register'], ['refresh', 1]];

const APP = { app: 1 };
const EITHER = { app: 6, sms: 4 };
const TEXT = { sms: 8, app: 2 };

type Extra = Partial<Pick<AttackRow, 'hours' | 'victims' | 'isDormant' | 'sprayed' | 'fails'>>;

function row(
  name: string,
  bases: readonly Base[],
  who: Who,
  tool: Tool,
  methods: AttackRow['methods'],
  steps: readonly Step[],
  extra: Extra = {},
): AttackRow {
  const [scenario = '', variant = ''] = name.split(' ');
  return { scenario, variant, bases, who, tool, methods, steps, victims: [1, 1], hours: 'work', ...extra };
}

const night = { hours: 'any' } as const;

/** The scenarios by the numbers of the evaluation's plan, each from every base named; S12 is its benign part. */
export const ATTACKS: readonly AttackRow[] = [
  row('S1 spray-then-phone', ['near-resident', 'vps'], passwordOnly, 'kit', TEXT, [['password'], ['pause', 25], ...ENROL], {
    ...night,
    sprayed: [25, 80],
  }),
  row('S2 phishing-kit', ['near-resident', 'vps'], prompts, 'kit', APP, KIT),
  row('S2 stolen-cookies', ['near-resident', 'vpn'], worksWithProof, 'lookalike', EITHER, [['stolen'], ['pause', 40], ...TAKE], night),
  row('S3 targeted', ['near-resident', 'near-mobile'], prompts, 'lookalike', APP, [
    ['wrongPassword', 1],
    ['signIn'],
    ['pause', 10],
    ...TAKE,
  ]),
  row('S4 fatigue', ['near-resident', 'vps'], pushes, 'kit', APP, [['declined', 7], ['signIn'], ...TAKE], night),
  row('S5 help-desk-call', ['near-mobile', 'vpn'], helped, 'lookalike', APP, PASS),
  row('S5 help-desk-deletes', ['abroad-home'], prompts, 'phone', APP, [['adminReset'], ['adminDelete'], ['pause', 5], ...ENROL]),
  row('S6 dormant', ['near-resident', 'vps'], passwordOnly, 'kit', EITHER, [['legacy', 2], ['wrongPassword', 1], ...ENROL], {
    ...night,
    isDormant: true,
  }),
  row('S7 one-phone-for-many', ['vps'], phishable, 'kit', { sms: 1 }, MANY, { victims: [3, 6] }),
  row('S8 lock-out', ['near-mobile', 'vpn'], prompts, 'lookalike', APP, LOCK_OUT),
  row('S9 patient', ['near-resident', 'vps'], prompts, 'lookalike', APP, [['signIn'], ['visit', 3], ...TAKE]),
  row('S10 unlocked-computer', ['near-office'], works, 'victims', EITHER, [['page'], ['register']]),
  row('S10 colleague', ['near-office'], worksWithPrompt, 'colleagues', EITHER, DESK),
  row('S11 sim-swap', ['near-mobile', 'vps'], texts, 'phone', APP, SWAP, night),
  row('resisted fatigue', ['vps'], pushes, 'kit', APP, [['declined', 6]], { ...night, fails: true }),
  row('resisted phishing-kit', ['vps'], prompts, 'kit', APP, [['blocked', 3]], { fails: true }),
];
