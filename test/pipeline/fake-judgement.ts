import type { Judgement } from '../../src/scoring/judgement.ts';

export function fakeJudgement(
  unit: string,
  score: number,
  events: readonly { readonly id: string; readonly ms: number; readonly weight: number }[],
): Judgement {
  const odds = 10 ** ((score - 50) / 15);
  return {
    kind: 'registration',
    tenantId: 'tenant',
    subject: `user-of-${unit}`,
    anchor: unit,
    posterior: odds / (1 + odds),
    score,
    hardEvidence: false,
    parts: [],
    contributions: events.map((event) => ({
      detector: 'D6-registration-after-risky-session',
      group: 'registration',
      llr: event.weight / 10,
      words: `Event ${event.id} weighs ${event.weight}.`,
      counts: { weight: event.weight },
      eventIds: [event.id],
      techniques: ['T1556.006'],
    })),
    benignIf: ['The user says so.'],
    gaps: [],
    users: [{ userId: `user-of-${unit}`, upn: `${unit}@contoso.test` }],
    events: events.map((event) => ({
      table: 'AuditLogs',
      id: event.id,
      timeMs: event.ms,
      what: 'User registered security info',
      ip: '198.51.100.7',
      country: 'NL',
      city: '',
      asn: '9009',
      deviceId: '',
      deviceName: '',
      app: '',
    })),
    startMs: Math.min(...events.map((event) => event.ms)),
    endMs: Math.max(...events.map((event) => event.ms)),
    originalId: events[0]!.id,
    source: { ip: '198.51.100.7', country: 'NL', city: '', asn: '9009', deviceId: '', sessionId: '', app: '' },
    methods: ['Mobile Phone SMS'],
    closedReason: score < 30 ? 'The new method was used from the usual managed device.' : undefined,
  };
}
