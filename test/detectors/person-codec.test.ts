import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '../../src/core/bytes.ts';
import type { Contribution, EvidenceEvent } from '../../src/detectors/evidence.ts';
import { personCodec } from '../../src/detectors/stream/person-codec.ts';
import type { MethodChange, Person, RiskySession } from '../../src/detectors/stream/unit.ts';
import { plainEntries } from '../../src/state/entries-codec.ts';

// 'binary' holds halves of pairs of UTF-16 too: logs cut within one.
const own = { noNullPrototype: true } as const;
const text = fc.string({ unit: 'binary', maxLength: 8 });
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true }));
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const few = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 3 });

/** Leaves out what is undefined, as the detectors do. */
const present = <T extends object>(value: T) => Object.fromEntries(Object.entries(value).filter(([, held]) => held !== undefined)) as T;

const event: fc.Arbitrary<EvidenceEvent> = fc.record(
  {
    table: fc.constantFrom('SigninLogs', 'AuditLogs'),
    id: text,
    timeMs: number,
    what: text,
    ip: text,
    country: text,
    city: text,
    asn: text,
    deviceId: text,
    deviceName: text,
    app: text,
  },
  own,
);
const contribution: fc.Arbitrary<Contribution> = fc
  .record(
    {
      detector: text,
      group: fc.constantFrom<Contribution['group']>('network', 'context'),
      llr: number,
      words: text,
      counts: fc.dictionary(fc.stringMatching(/^[a-z_]{1,5}$/), number, { maxKeys: 3, noNullPrototype: true }),
      eventIds: few(text),
      techniques: few(text),
      hard: optional(fc.constant(true)),
      least: optional(fc.integer({ min: 0, max: 100 })),
      prior: optional(fc.constant(true)),
    },
    own,
  )
  .map(present);
const session: fc.Arbitrary<RiskySession> = fc.record(
  {
    timeMs: number,
    fold: number,
    risk: number,
    evidence: few(contribution),
    event,
    correlationId: text,
    sessionId: text,
    ipLo: number,
    ipHi: number,
    prefix: number,
    asn: number,
    mobile: fc.boolean(),
  },
  own,
);
const change: fc.Arbitrary<MethodChange> = fc.record(
  {
    timeMs: number,
    happening: fc.constantFrom<MethodChange['happening']>('registered', 'cancelled'),
    methodKind: fc.constantFrom<MethodChange['methodKind']>('sms', 'phone'),
    method: text,
    unit: text,
    isTwin: fc.boolean(),
  },
  own,
);
const person: fc.Arbitrary<Person> = fc.record({ touchedMs: number, sessions: few(session), units: few(text), changes: few(change) }, own);

test('a person comes back as it was, and a key that has none any more as such', () => {
  const codec = plainEntries(personCodec);
  fc.assert(
    fc.property(few(fc.tuple(text, fc.option(person))), (entries) => {
      const writer = new ByteWriter();
      codec.write(writer, entries);
      const back = codec.read(new ByteReader(writer.finish()));
      expect(back).toStrictEqual(entries);
    }),
    { numRuns: 200 },
  );
});
