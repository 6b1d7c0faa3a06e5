import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { ROOT } from '../support/source-files.ts';

interface Finding {
  readonly EventUid: string;
  readonly EventSeverity: string;
  readonly ThreatRiskLevel: number;
  readonly RuleId: string;
  readonly SrcIpAddr: string;
  readonly Username: string;
  readonly AlertStatus: string;
  readonly AlertVerdict: string;
}

const cwd = mkdtempSync(join(tmpdir(), 'factorwatch-allow-'));
const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);
const findings = async () => JSON.parse((await cli(cwd, 'findings', '--json')).out) as readonly Finding[];
let high: readonly Finding[];

beforeAll(async () => {
  await cli(cwd, 'import', join(ROOT, 'samples'));
  await cli(cwd, 'run', '--until', '2026-10-15T00:00Z');
  high = (await findings()).filter(({ RuleId, EventSeverity }) => RuleId === 'registration' && EventSeverity === 'High');
}, 240_000);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('allow test', () => {
  it('shows the findings that an entry would have hidden, and leaves everything as it is', { timeout: 120_000 }, async () => {
    write('people.txt', `${high[0]!.Username}  # moved abroad\n`);
    const before = await findings();
    const { code, out } = await cli(cwd, 'allow', 'test', 'people.txt', '--kind', 'user', '--json');
    expect(code).toBe(0);
    const told = JSON.parse(out) as { hidden: (Finding & { entries: object[] })[]; weaker: Finding[]; entries: object[] };
    expect(told.entries).toEqual([{ kind: 'user', value: high[0]!.Username, until: null, reason: 'moved abroad', source: 'people.txt:1' }]);
    expect(told.hidden.map(({ EventUid }) => EventUid)).toContain(high[0]!.EventUid);
    // An entry about one user changes nothing about another.
    expect([...told.hidden, ...told.weaker].every(({ Username }) => Username === high[0]!.Username)).toBe(true);
    expect(await findings()).toEqual(before);
  });

  it('names a finding whose own address is vouched for and which other evidence carries', { timeout: 120_000 }, async () => {
    const [finding] = high.filter(({ ThreatRiskLevel, SrcIpAddr }) => ThreatRiskLevel === 100 && SrcIpAddr !== '');
    write('address.txt', `${finding!.SrcIpAddr}\n`);
    const { out } = await cli(cwd, 'allow', 'test', 'address.txt', '--json');
    const told = JSON.parse(out) as Record<'hidden' | 'weaker' | 'same', readonly Finding[]>;
    const named = [...told.hidden, ...told.weaker, ...told.same].map(({ EventUid }) => EventUid);
    // Every finding from the address, be it changed or not.
    const there = (await findings()).filter(({ SrcIpAddr }) => SrcIpAddr === finding!.SrcIpAddr).map(({ EventUid }) => EventUid);
    expect(named).toEqual(expect.arrayContaining(there));
    expect(new Set(named).size).toBe(named.length);
  });

  it.each([
    ['no-such.txt', undefined, 66],
    ['words.txt', 'not an address\n', 78],
    ['range.txt', '203.0.113.0/99\n', 78],
    ['slip.txt', '198.51.100\n', 78],
    ['every.txt', '0.0.0.0/0\n', 78],
    ['time.txt', '203.0.113.0/24 until tomorrow\n', 78],
    ['kind.yaml', '- { kind: phone, values: [x] }\n', 78],
    ['empty.txt', '# nothing\n', 64],
  ])('%s ends with its own exit code', async (name, text, code) => {
    if (text !== undefined) write(name, text);
    const result = await cli(cwd, 'allow', 'test', name);
    expect(result.code, result.err).toBe(code);
  });
});

describe('lists by file and by watchlist', () => {
  it('are read with their expiry, and what is over is said', { timeout: 120_000 }, async () => {
    write('vpn.csv', 'Range,Until,Reason\n198.51.100.0/24,2020-01-01T00:00:00Z,old office\n203.0.113.0/24,2999-01-01T00:00:00Z,VPN\n');
    expect((await cli(cwd, 'import', 'vpn.csv', '--watchlist', 'Egress')).code).toBe(0);
    write('tools.txt', 'svc-hr@contoso.test until 2999-01-01  # provisioning\n');
    const verdict = high[1]!.EventUid.slice(0, 12);
    write('verdicts.csv', `EventUid,Verdict,Comment\n${verdict},False Positive,asked in person\n${'0'.repeat(12)},Unknown,\n`);
    expect((await cli(cwd, 'import', 'verdicts.csv', '--watchlist', 'Verdicts')).code).toBe(0);
    write(
      'factorwatch.yaml',
      `version: 1
allow_lists:
  - { kind: egress-range, watchlist: Egress }
  - { kind: service-account, file: tools.txt }
  - { kind: shared-target, values: ["+49 30 5550100"], until: 2999-01-01, reason: ward phone }
  - { kind: verdict, watchlist: Verdicts }
`,
    );
    const listed = JSON.parse((await cli(cwd, 'allow', '--json')).out) as object[];
    expect(listed).toMatchObject([
      {
        kind: 'egress-range',
        value: '198.51.100.0/24',
        until: '2020-01-01T00:00:00.000Z',
        expired: true,
        reason: 'old office',
        source: 'watchlist Egress',
      },
      { kind: 'egress-range', value: '203.0.113.0/24', expired: false },
      { kind: 'service-account', value: 'svc-hr@contoso.test', until: '2999-01-01T00:00:00.000Z', source: 'tools.txt:1' },
      { kind: 'shared-target', reason: 'ward phone' },
      { kind: 'verdict', value: `${verdict} False Positive` },
      { kind: 'verdict' },
    ]);
    const run = await cli(cwd, 'run', '--until', '2026-10-15T00:00Z');
    expect(run.code, run.err).toBe(0);
    expect(run.err).toContain('allow-list entry expired: 198.51.100.0/24 (egress-range of watchlist Egress, until 2020-01-01)');
    expect(run.err).toContain(`there is no finding ${'0'.repeat(12)}`);
    const closed = (await findings()).find(({ EventUid }) => EventUid === high[1]!.EventUid)!;
    expect(closed).toMatchObject({ AlertStatus: 'Closed', AlertVerdict: 'False Positive' });
    // A second run has nothing to add.
    await cli(cwd, 'run', '--until', '2026-10-15T00:00Z');
    expect((await findings()).find(({ EventUid }) => EventUid === high[1]!.EventUid)).toEqual(closed);
  });

  it('a watchlist that does not exist is refused, not taken for an empty one', async () => {
    write('factorwatch.yaml', 'version: 1\nallow_lists: [{ kind: egress-range, watchlist: Egres }]\n');
    const { code, err } = await cli(cwd, 'run');
    expect(code).toBe(66);
    expect(err).toContain("there is no watchlist 'Egres'");
  });

  it('one row of a watchlist that is no verdict is left out and told: detection goes on', async () => {
    write('odd.csv', `EventUid,Verdict\n${high[0]!.EventUid.slice(0, 12)},harmless\n`);
    expect((await cli(cwd, 'import', 'odd.csv', '--watchlist', 'Odd')).code).toBe(0);
    write('factorwatch.yaml', 'version: 1\nallow_lists: [{ kind: verdict, watchlist: Odd }]\n');
    const { code, err } = await cli(cwd, 'run', '--until', '2026-10-15T00:00Z');
    expect(code, err).toBe(0);
    expect(err).toContain('watchlist Odd');
    expect(err).toContain('is not a finding and a verdict');
    expect((await findings()).find(({ EventUid }) => EventUid === high[0]!.EventUid)).toMatchObject({ AlertVerdict: 'Unknown' });
  });

  it('so is a row whose time or range cannot be read: it excuses nothing, and the others hold', async () => {
    write('nets.csv', 'SearchKey,Until\n198.51.100.0/24,soon\n198.51.100.0/240,\n192.0.2.0/24,2030-01-01\n');
    expect((await cli(cwd, 'import', 'nets.csv', '--watchlist', 'Nets')).code).toBe(0);
    write('factorwatch.yaml', 'version: 1\nallow_lists: [{ kind: egress-range, watchlist: Nets }]\n');
    const { code, err } = await cli(cwd, 'run', '--until', '2026-10-15T00:00Z');
    expect(code, err).toBe(0);
    expect(err).toMatch(/watchlist Nets: "soon" is not a time[\s\S]*the row is left out/);
    expect(err).toMatch(/watchlist Nets: 198\.51\.100\.0\/240 is neither an address nor a CIDR range; the row is left out/);
    const listed = JSON.parse((await cli(cwd, 'allow', 'list', '--json')).out);
    expect(listed.map(({ value }: { value: string }) => value)).toEqual(['192.0.2.0/24']);
  });

  it('and a row that is neither a number nor a token', async () => {
    write('desks.csv', 'SearchKey\n+972.3.555.1234\nward 7\n');
    expect((await cli(cwd, 'import', 'desks.csv', '--watchlist', 'Desks')).code).toBe(0);
    write('factorwatch.yaml', 'version: 1\nallow_lists: [{ kind: shared-target, watchlist: Desks }]\n');
    const { code, out, err } = await cli(cwd, 'allow', 'list', '--json');
    expect(code, err).toBe(0);
    expect(err).toMatch(/watchlist Desks: "ward 7" is neither a phone number nor a device token; the row is left out/);
    expect(JSON.parse(out).map(({ value }: { value: string }) => value)).toEqual(['+972.3.555.1234']);
  });

  it('in a file of the configuration it is refused', async () => {
    write('factorwatch.yaml', 'version: 1\nallow_lists: [{ kind: shared-target, values: [ward 7] }]\n');
    const { code, err } = await cli(cwd, 'run');
    expect(code).toBe(78);
    expect(err).toContain('"ward 7" is neither a phone number nor a device token');
  });

  it('a verdict that is none is refused with its place', async () => {
    write('said.txt', `${high[0]!.EventUid} harmless\n`);
    write('factorwatch.yaml', 'version: 1\nallow_lists: [{ kind: verdict, file: said.txt }]\n');
    const { code, err } = await cli(cwd, 'run');
    expect(code).toBe(78);
    expect(err).toContain('said.txt:1');
  });
});
