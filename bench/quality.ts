import { resolve } from 'node:path';
import { causeOf, concerns, shows } from '../src/evaluate/match.ts';
import { evaluate } from '../src/evaluate/report.ts';
import { poissonInterval, type Share, wilson } from '../src/evaluate/statistics.ts';
import { LEAST_RISK } from '../src/findings/severity.ts';
import type { Contribution } from '../src/scoring/judgement.ts';
import { NEAR } from './quality/fit.ts';
import { type JudgedAlert, type JudgedTenant, judgeTenant } from './quality/judge.ts';
import { tenantsBelow } from './quality/tenants-below.ts';

/** Takeovers for 1,000 users and week where they are rare: six in 2,000 users and 35 days. */
const RARE = 0.6;

const percent = ({ count, of, value, low, high }: Share) =>
  of === 0 ? '-' : `${count} of ${of} = ${(100 * value).toFixed(1)} % (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`;
const out = (line: string) => process.stdout.write(`${line}\n`);
const evidence = ({ detector, group, llr, words }: Contribution) =>
  `      ${llr.toFixed(2).padStart(6)} ${detector.split('-')[0]} ${group.slice(0, 4)}  ${words}`;

function explain(alert: JudgedAlert): void {
  const { judgement } = alert;
  out(`    ${judgement.kind} ${alert.score} ${new Date(judgement.startMs).toISOString().slice(0, 16)} ${judgement.methods.join(', ')}`);
  for (const item of judgement.contributions) out(evidence(item));
}

interface Tally {
  found: number;
  high: number;
  of: number;
}

/**
 * How often the detection is right on labelled tenants, straight from their events: `npm run bench quality [--explain] DIR...`, where a directory
 * holds a tenant as `simulate` writes it, or several. --explain prints the evidence of what was missed and of what is false.
 */
export async function benchQuality(argv: readonly string[]): Promise<void> {
  const directories = argv.filter((word) => !word.startsWith('--')).flatMap((word) => tenantsBelow(resolve(word)));
  if (directories.length === 0) throw new Error('name at least one directory of a tenant: logs and labels.json');
  const explaining = argv.includes('--explain');
  const scenarios = new Map<string, Tally>();
  const total = { near: [0, 0], far: [0, 0], raised: 0, wrong: 0, userWeeks: 0 };
  const causes = new Map<string, number>();
  for (const directory of directories) {
    const tenant = await judgeTenant(directory);
    const report = evaluate(tenant.alerts, tenant.truth);
    out(
      `${tenant.name.padEnd(40)} recall ${report.recall.count}/${report.recall.of} high ${report.recallHigh.count} near ${report.recallNear.count}/${report.recallNear.of}` +
        ` false ${report.falseAlerts.count} (${report.falseAlerts.per1000UsersAndWeek.toFixed(2)}) PR-AUC ${report.prAuc.toFixed(2)} ECE ${report.calibrationError.toFixed(2)}`,
    );
    count(tenant, scenarios, total, causes, explaining);
  }
  out('');
  for (const [name, { found, high, of }] of [...scenarios].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))) {
    out(`${name.padEnd(44)} ${found}/${of}, High ${high}`);
  }
  const [low, high] = poissonInterval(total.wrong);
  const scale = total.userWeeks / 1000;
  const [near, far] = [total.near, total.far] as [[number, number], [number, number]];
  out('');
  out(`recall Medium+        ${percent(wilson(near[0] + far[0], near[1] + far[1]))}`);
  out(`  near the victim     ${percent(wilson(...near))}`);
  out(`  elsewhere           ${percent(wilson(...far))}`);
  out(`precision Medium+     ${percent(wilson(total.raised - total.wrong, total.raised))}`);
  out(
    `false Medium+         ${total.wrong} in ${scale.toFixed(1)} thousand user-weeks = ${(total.wrong / scale).toFixed(2)} (${(low / scale).toFixed(2)} to ${(high / scale).toFixed(2)})`,
  );
  const recall = (near[0] + far[0]) / (near[1] + far[1]);
  const rare = (wrong: number) => ((100 * RARE * recall) / (RARE * recall + wrong / scale)).toFixed(0);
  out(
    `precision of findings where takeovers are rare (${RARE} for 1,000 users and week, one finding each)  ${rare(total.wrong)} % (${rare(high)} to ${rare(low)})`,
  );
  out(
    `  causes              ${[...causes]
      .sort((a, b) => b[1] - a[1])
      .map(([cause, n]) => `${cause} ${n}`)
      .join(', ')}`,
  );
}

function count(
  { alerts, truth }: JudgedTenant,
  scenarios: Map<string, Tally>,
  total: { near: number[]; far: number[]; raised: number; wrong: number; userWeeks: number },
  causes: Map<string, number>,
  explaining: boolean,
): void {
  const raised = alerts.filter(({ score }) => score >= LEAST_RISK.Medium);
  for (const incident of truth.incidents.filter(({ mustDetect }) => mustDetect)) {
    const mine = raised.filter((alert) => shows(alert, incident));
    const tally = scenarios.get(incident.scenario) ?? { found: 0, high: 0, of: 0 };
    scenarios.set(incident.scenario, tally);
    const side = NEAR.test(incident.variant) ? total.near : total.far;
    tally.of++;
    side[1]!++;
    if (mine.some(({ score }) => score >= LEAST_RISK.High)) tally.high++;
    if (mine.length > 0) {
      tally.found++;
      side[0]!++;
    } else if (explaining) {
      out(`  MISSED ${incident.scenario} ${incident.variant} ${incident.id} ${incident.upns[0] ?? incident.userIds[0]}`);
      for (const alert of alerts.filter((one) => shows(one, incident))) explain(alert);
    }
  }
  total.userWeeks += truth.users * truth.weeks;
  total.raised += raised.length;
  for (const alert of raised) {
    if (truth.incidents.some((incident) => concerns(alert, incident))) continue;
    total.wrong++;
    const cause = causeOf(alert, truth.decoys) || 'unexplained';
    causes.set(cause, (causes.get(cause) ?? 0) + 1);
    if (!explaining) continue;
    out(`  FALSE ${cause} ${alert.users.join(' ')}`);
    explain(alert);
  }
}
