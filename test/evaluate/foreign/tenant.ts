import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ATTACKS, play, type Told } from './attacks.ts';
import { drive, HABITS, onboard } from './benign.ts';
import { Company, DAY, DAYS, type Employee, MINUTE, type Plan, START } from './company.ts';
import { changeRow, signInRow } from './rows.ts';

const VARIANTS = ['abroad', 'same-country'] as const;

const labelOf = (id: string, scenario: string, variant: string, told: Told) => {
  const times = told.registrations.map((change) => change.at);
  return {
    id,
    scenario,
    variant,
    user_ids: told.victims.map((who) => who.id),
    upns: told.victims.map((who) => who.upn),
    start: new Date(told.start - 3 * 60 * MINUTE).toISOString(),
    end: new Date(Math.max(...times) + DAY / 2).toISOString(),
    registration_time: new Date(Math.max(...times)).toISOString(),
    registration_event_ids: told.registrations.map((change) => change.id),
  };
};

/** Makes a month of one company and writes it as one NDJSON file a table and labels.json. */
export const writeForeignTenant = (plan: Plan, seed: number, directory: string): void => {
  const company = new Company(plan, seed);
  company.live();
  const { dice } = company;
  const free = company.staff.slice(60).filter((who) => !who.dormant && who.firstDay === 0);
  const deal = (): Employee => free.splice(dice.whole(0, free.length - 1), 1)[0] as Employee;
  const incidents = Object.keys(ATTACKS).flatMap((scenario) =>
    VARIANTS.map((variant, nth) => ({
      ...labelOf(`${plan.name}-${scenario}-${nth}`, scenario, variant, play(scenario, company, nth, deal)),
      must_detect: true,
      min_severity: 'Medium',
    })),
  );
  const decoys: unknown[] = [];
  const decoy = (cause: string, victims: readonly Employee[], registrations: Told['registrations']) =>
    decoys.push({
      ...labelOf(`${plan.name}-${cause}-${decoys.length}`, cause, '', {
        victims,
        registrations,
        start: Math.min(...registrations.map((change) => change.at)),
      }),
      must_detect: false,
      min_severity: null,
    });
  for (const { cause, perThousand, act } of HABITS) {
    for (let left = Math.round((perThousand * plan.people) / 1000); left > 0 && free.length > 60; left -= 1) {
      const who = deal();
      const at =
        START + dice.whole(1, DAYS - 4) * DAY + ((dice.whole(8, 20) - who.city.zone + 24) % 24) * 60 * MINUTE + dice.whole(0, 59) * MINUTE;
      decoy(cause, [who], act(company, who, at));
    }
  }
  for (const who of company.staff.filter((one) => one.firstDay > 0)) {
    decoy('onboarding', [who], onboard(company, who));
  }
  const enrolled = plan.officeShare > 0 ? free.slice(0, 40) : [];
  if (enrolled.length > 0) {
    decoy('enrolment-drive', enrolled, drive(company, enrolled));
  }

  mkdirSync(directory, { recursive: true });
  const lines = (rows: Iterable<unknown>) => Array.from(rows, (row) => `${JSON.stringify(row)}\n`).join('');
  const inOrder = company.signIns.sort((a, b) => a.at - b.at);
  const write = (table: string, rows: unknown[]) => rows.length > 0 && writeFileSync(join(directory, `${table}.ndjson`), lines(rows));
  write(
    'SigninLogs',
    inOrder.filter((row) => row.interactive).map((row) => signInRow(row, plan.exporter, dice)),
  );
  write(
    'AADNonInteractiveUserSignInLogs',
    inOrder.filter((row) => !row.interactive).map((row) => signInRow(row, plan.exporter, dice)),
  );
  write(
    'AuditLogs',
    company.changes.sort((a, b) => a.at - b.at).map((row) => changeRow(row, plan.exporter, dice)),
  );
  if (plan.exporter.hasIdentityInfo) {
    write(
      'IdentityInfo',
      company.staff.map((who) => ({
        TimeGenerated: new Date(START).toISOString(),
        AccountObjectId: who.id,
        AccountUPN: who.upn,
        AccountDisplayName: who.name,
        Department: 'Retail',
        AccountCreationTime: new Date(who.firstDay > 0 ? START + (who.firstDay - 2) * DAY : START - 900 * DAY).toISOString(),
        IsAccountEnabled: true,
      })),
    );
  }
  const end = new Date(START + DAYS * DAY).toISOString();
  const labels = { start: new Date(START).toISOString(), end, users: plan.people, incidents, decoys };
  writeFileSync(join(directory, 'labels.json'), JSON.stringify(labels, null, 1));
};
