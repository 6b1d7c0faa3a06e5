import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/simulate/simulate.ts';

describe.each(['office', 'university', 'shifts'] as const)('a tenant of 2,000 users and 35 days: %s', (tenant) => {
  it('has twenty takeovers and more, of every scenario, whose networks are not theirs alone', () => {
    const signIns: { user: string; asn: string; session: string; at: string }[] = [];
    const steps = simulate({ users: 2000, days: 35, seed: 41, tenant });
    let step = steps.next();
    while (!step.done) {
      if (step.value.table === 'SigninLogs')
        for (const row of step.value.rows as readonly Record<string, string>[])
          signIns.push({
            user: row['UserId']!,
            asn: row['AutonomousSystemNumber']!,
            session: row['SessionId']!,
            at: row['TimeGenerated']!,
          });
      step = steps.next();
    }
    const takeovers = step.value.incidents.filter((incident) => incident.must_detect);
    expect(takeovers.length).toBeGreaterThanOrEqual(20);
    expect(new Set(takeovers.map((incident) => incident.scenario)).size).toBe(12);

    const victims = new Set(step.value.incidents.flatMap((incident) => incident.user_ids));
    const benign = new Set(signIns.filter((row) => !victims.has(row.user)).map((row) => row.asn));
    const within = signIns.filter((row) =>
      step.value!.incidents.some((incident) => incident.user_ids.includes(row.user) && row.at >= incident.start && row.at <= incident.end),
    );
    const shared = within.filter((row) => benign.has(row.asn)).length / within.length;
    expect(within.length).toBeGreaterThan(100);
    expect(shared).toBeGreaterThan(0.85);
  });
});
