import type { FindingRow } from '../../schema/factor-findings.ts';
import { findingsText, sortedBySeverity } from '../findings/list-text.ts';
import { paint } from '../paint.ts';
import { tableText } from '../table.ts';
import type { Comparison } from './attacks.ts';

/** Findings that are printed; the rest is for `factorwatch findings`. */
const MOST_FINDINGS = 4;

/** What each kind of planted attack is, in words. */
const SCENARIOS: Readonly<Record<string, string>> = {
  S1: 'password spray, then own phone',
  S2: 'stolen session token',
  S3: "proxy in the victim's own city",
  S4: 'MFA fatigue',
  S5: 'help desk or admin abused',
  S6: 'dormant account without a method',
  S7: 'one phone for many accounts',
  S8: 'method added, owner locked out',
  S9: 'weeks of quiet visits first',
  S10: "insider at a colleague's account",
  S11: 'SIM taken over',
  S12: 'hidden among newcomers or travel',
};

export interface DemoText {
  readonly findings: readonly FindingRow[];
  readonly comparison: Comparison;
  readonly dataDir: string;
  readonly layout: { readonly columns: number; readonly color: boolean };
}

/** What the demo prints below its stages. */
export function demoText({ findings, comparison: { verdicts, falseFindings }, dataDir, layout }: DemoText): string {
  const shown = sortedBySeverity(findings).slice(0, MOST_FINDINGS);
  const found = verdicts.filter(({ finding }) => finding !== undefined);
  const heading = `Planted attacks: ${found.length} of ${verdicts.length} found, ${verdicts.length - found.length} missed`;
  const rows = verdicts.map(({ incident, finding }) => [
    finding === undefined ? 'missed' : 'found',
    `${incident.scenario} ${SCENARIOS[incident.scenario] ?? incident.variant}`,
    incident.upns.length === 1 ? incident.upns[0]!.replace(/@.*/, '') : `(${incident.upns.length} users)`,
    finding === undefined ? '' : `${finding.EventSeverity} ${finding.EventUid.slice(0, 8)}`,
  ]);
  const at = `--data-dir ${dataDir}`;
  const first = shown[0];
  return [
    findingsText(shown, layout),
    ...(findings.length > shown.length ? [`\n${findings.length - shown.length} more: npx factorwatch findings ${at}`] : []),
    '',
    layout.color ? paint(heading, 'bold') : heading,
    tableText([{ title: '' }, { title: 'ATTACK', overflow: 'cut' }, { title: 'USER', overflow: 'cut' }, { title: 'FINDING' }], rows, {
      ...layout,
      indent: '  ',
    }),
    `  Findings of Medium or more about nothing that was planted: ${falseFindings.length}`,
    '',
    'Next:',
    ...(first === undefined ? [] : [`  npx factorwatch findings explain ${first.EventUid.slice(0, 8)} ${at}`]),
    `  npx factorwatch query "SigninLogs | summarize count() by ResultType | top 5 by count_" ${at}`,
    `  npx factorwatch serve ${at}`,
    '  npx factorwatch import YOUR-LOGS && npx factorwatch run',
  ].join('\n');
}
