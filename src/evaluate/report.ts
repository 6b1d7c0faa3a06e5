import { LEAST_RISK } from '../findings/severity.ts';
import type { Alert } from './alert.ts';
import { type Arrival, arrivalOf, arrivalsOf } from './arrival.ts';
import type { Incident, Truth } from './labels.ts';
import { causeOf, concerns, shows } from './match.ts';
import { averagePrecision, calibrationError, poissonInterval, quantile, type Share, wilson } from './statistics.ts';

export interface ScenarioResult {
  readonly scenario: string;
  readonly medium: Share;
  readonly high: Share;
  /** Minutes from the attacker's registration to the last event that the finding needed; NaN where none was found. */
  readonly minutesMedian: number;
  readonly minutesMost: number;
  readonly arrival: Arrival;
}

export interface FalseAlerts {
  readonly count: number;
  readonly per1000UsersAndWeek: number;
  readonly low: number;
  readonly high: number;
  /** Counts by benign cause, the most frequent first; 'unexplained' where nothing planted explains them. */
  readonly causes: readonly (readonly [string, number])[];
}

export interface Report {
  readonly users: number;
  readonly weeks: number;
  readonly scenarios: readonly ScenarioResult[];
  /** Takeovers that registered a method. */
  readonly recall: Share;
  readonly recallHigh: Share;
  /** Of those that came from a residential or mobile network of the victim's own country, and of the others; by the variant's name. */
  readonly recallNear: Share;
  readonly recallElsewhere: Share;
  /** Of alerts of Medium and more: about a planted attack, whether it had to be found or not. */
  readonly precision: Share;
  readonly falseAlerts: FalseAlerts;
  readonly arrival: Arrival;
  readonly prAuc: number;
  readonly calibrationError: number;
  readonly missed: readonly { readonly id: string; readonly scenario: string; readonly variant: string }[];
}

/** Variants whose attacker is, by the label's own words, in the victim's city or country. */
const NEAR = /near|same-(?:city|country)|neighbou?r|resident|mobile-near/i;

function minutesOf(found: readonly Alert[], incident: Incident): number {
  const ends = found.map(({ endMs }) => (endMs - incident.registrationMs) / 60_000).filter((minutes) => !Number.isNaN(minutes));
  return ends.length === 0 ? Number.NaN : Math.max(0, Math.min(...ends));
}

function scenarioResult(
  scenario: string,
  incidents: readonly Incident[],
  alerts: readonly Alert[],
  arrivals: ReadonlyMap<string, number>,
): ScenarioResult {
  const found = incidents.map((incident) => alerts.filter((alert) => shows(alert, incident)));
  const minutes = incidents.map((incident, at) => minutesOf(found[at]!, incident)).filter((value) => !Number.isNaN(value));
  return {
    scenario,
    medium: wilson(found.filter((list) => list.length > 0).length, incidents.length),
    high: wilson(found.filter((list) => list.some(({ score }) => score >= LEAST_RISK.High)).length, incidents.length),
    minutesMedian: quantile(minutes, 0.5),
    minutesMost: quantile(minutes, 0.95),
    arrival: arrivalOf(arrivalsOf(incidents, alerts, arrivals)),
  };
}

/** Orders S2 before S10. */
const byNumber = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });

export interface EvaluateOptions {
  /** Score from which alerts count as raised. */
  readonly least?: number;
  /** Ingestion time of raw rows by Id, Unix ms, of the registrations at least. */
  readonly arrivals?: ReadonlyMap<string, number>;
}

/** Holds alerts against what was planted. `alerts` may be of every score. */
export function evaluate(
  alerts: readonly Alert[],
  truth: Truth,
  { least = LEAST_RISK.Medium, arrivals = new Map() }: EvaluateOptions = {},
): Report {
  const wanted = truth.incidents.filter(({ mustDetect }) => mustDetect);
  const raised = alerts.filter(({ score }) => score >= least);
  const isTrue = (alert: Alert) => truth.incidents.some((incident) => concerns(alert, incident));
  const wrong = raised.filter((alert) => !isTrue(alert));
  const isFound = (incident: Incident) => raised.some((alert) => shows(alert, incident));
  const share = (incidents: readonly Incident[]) => wilson(incidents.filter(isFound).length, incidents.length);
  const causes = new Map<string, number>();
  for (const alert of wrong) {
    const cause = causeOf(alert, truth.decoys) || 'unexplained';
    causes.set(cause, (causes.get(cause) ?? 0) + 1);
  }
  const scale = (truth.users / 1000) * truth.weeks;
  const [low, high] = poissonInterval(wrong.length);
  const judged = alerts.map((alert) => ({ score: alert.score, confidence: alert.confidence, positive: isTrue(alert) }));
  const unseen = wanted.filter((incident) => !alerts.some((alert) => shows(alert, incident))).length;
  const scenarios = [...new Set(wanted.map(({ scenario }) => scenario))].sort(byNumber);
  const highAlerts = raised.filter(({ score }) => score >= LEAST_RISK.High);
  return {
    users: truth.users,
    weeks: truth.weeks,
    scenarios: scenarios.map((name) =>
      scenarioResult(
        name,
        wanted.filter(({ scenario }) => scenario === name),
        raised,
        arrivals,
      ),
    ),
    recall: share(wanted),
    recallHigh: wilson(wanted.filter((incident) => highAlerts.some((alert) => shows(alert, incident))).length, wanted.length),
    recallNear: share(wanted.filter(({ variant }) => NEAR.test(variant))),
    recallElsewhere: share(wanted.filter(({ variant }) => !NEAR.test(variant))),
    precision: wilson(raised.length - wrong.length, raised.length),
    falseAlerts: {
      count: wrong.length,
      per1000UsersAndWeek: wrong.length / scale,
      low: low / scale,
      high: high / scale,
      causes: [...causes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)),
    },
    arrival: arrivalOf(arrivalsOf(wanted, raised, arrivals)),
    prAuc: averagePrecision(judged, unseen),
    calibrationError: calibrationError(judged),
    missed: wanted.filter((incident) => !isFound(incident)).map(({ id, scenario, variant }) => ({ id, scenario, variant })),
  };
}
