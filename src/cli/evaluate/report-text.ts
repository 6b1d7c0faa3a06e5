import type { Arrival } from '../../evaluate/arrival.ts';
import type { Report } from '../../evaluate/report.ts';
import type { Share } from '../../evaluate/statistics.ts';
import { paint } from '../paint.ts';
import { tableText } from '../table.ts';

export interface ReportText {
  readonly report: Report;
  readonly findings: number;
  readonly baselines: readonly { readonly name: string; readonly report: Report }[];
  readonly layout: { readonly columns: number; readonly color: boolean };
}

const percent = (value: number) => (Number.isNaN(value) ? '-' : `${(100 * value).toFixed(1)} %`);
const number = (value: number, digits = 2) => (Number.isNaN(value) ? '-' : value.toFixed(digits));
const shareText = (share: Share) =>
  share.of === 0
    ? 'none of them'
    : `${share.count} of ${share.of} = ${percent(share.value)} (${percent(share.low)} to ${percent(share.high)})`;
const minutesText = (minutes: number) =>
  Number.isNaN(minutes) ? '-' : minutes < 120 ? `${Math.round(minutes)} min` : `${Math.round(minutes / 60)} h`;

/** The evaluation for a person: a row a scenario, then precision, false findings by cause, calibration, and the baselines. */
export function reportText({ report, findings, baselines, layout }: ReportText): string {
  const bold = (text: string) => (layout.color ? paint(text, 'bold') : text);
  const table = (titles: readonly string[], rows: readonly (readonly string[])[]) =>
    tableText(
      titles.map((title, at) => (at === 0 ? ({ title, overflow: 'cut' } as const) : ({ title, align: 'right' } as const))),
      rows.map((row) => [...row]),
      { ...layout, indent: '  ' },
    );
  const { falseAlerts: wrong } = report;
  const lines = [
    bold(
      `${report.users} users, ${number(report.weeks, 1)} weeks, ${report.recall.of} takeovers with a registration, ${findings} findings`,
    ),
    '',
    table(
      ['SCENARIO', 'FOUND, MEDIUM+', 'HIGH', 'EVIDENCE WITHIN', '95 %', 'SAME RUN'],
      report.scenarios.map(({ scenario, medium, high, minutesMedian, minutesMost, arrival }) => [
        scenario,
        `${medium.count} of ${medium.of}`,
        String(high.count),
        minutesText(minutesMedian),
        minutesText(minutesMost),
        arrival.sameRun.of === 0 ? '-' : `${arrival.sameRun.count} of ${arrival.sameRun.of}`,
      ]),
    ),
    '',
    `Recall, Medium+      ${shareText(report.recall)}`,
    `  near the victim    ${shareText(report.recallNear)}`,
    `  elsewhere          ${shareText(report.recallElsewhere)}`,
    `Recall, High         ${shareText(report.recallHigh)}`,
    `Precision, Medium+   ${shareText(report.precision)}`,
    `False findings       ${wrong.count}: ${number(wrong.per1000UsersAndWeek, 3)} per 1,000 users and week (${number(wrong.low, 3)} to ${number(wrong.high, 3)})`,
    ...wrong.causes.map(([cause, count]) => `  ${String(count).padStart(3)}  ${cause}`),
    ...arrivalLines(report.arrival),
    `PR-AUC               ${number(report.prAuc, 3)}`,
    `Calibration error    ${number(report.calibrationError, 3)}`,
  ];
  if (baselines.length > 0) lines.push('', bold('Rules of today on the same logs'), baselineTable(report, baselines, table));
  return lines.join('\n');
}

/** From the arrival of the registration to the finding: in runs always, in minutes where the logs were not replayed. */
function arrivalLines({ sameRun, minutesMedian, minutesMost }: Arrival): readonly string[] {
  if (sameRun.of === 0) return [];
  const time = Number.isNaN(minutesMedian)
    ? 'minutes cannot be told of replayed logs'
    : `${minutesText(minutesMedian)}, 95 % within ${minutesText(minutesMost)}`;
  return [`Arrival to finding   ${sameRun.count} of ${sameRun.of} by the run that read the registration;`, `                     ${time}`];
}

function baselineTable(
  own: Report,
  baselines: ReportText['baselines'],
  table: (titles: readonly string[], rows: readonly (readonly string[])[]) => string,
): string {
  const row = (name: string, report: Report) => [
    name,
    percent(report.recall.value),
    percent(report.precision.value),
    String(report.falseAlerts.count),
    number(report.falseAlerts.per1000UsersAndWeek, 2),
  ];
  return table(
    ['RULE', 'RECALL', 'PRECISION', 'FALSE', 'A WEEK PER 1,000'],
    [row('factorwatch', own), ...baselines.map(({ name, report }) => row(name, report))],
  );
}
