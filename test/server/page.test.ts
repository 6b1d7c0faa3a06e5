import { describe, expect, it } from 'vitest';
import { withExactNumbers } from '../../src/server/page/client/api.ts';
import { duration, shown, span, text, time } from '../../src/server/page/client/format.ts';
import { findingQuery, kqlText, QUERIES, timelineQuery } from '../../src/server/page/client/kql.ts';
import { placeOf } from '../../src/server/page/client/navigation.ts';
import { byDay } from '../../src/server/page/client/overview.ts';
import { pageDocument } from '../../src/server/page/document.ts';
import { testApp } from './helpers.ts';

describe('the page', () => {
  it('has no script, style or handler in its document', async () => {
    const answer = await testApp().app.request('/');
    const html = await answer.text();
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(html.match(/<script[^>]*>[^<]*/g)).toEqual(['<script type="module" src="/assets/main.js">']);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|https?:\/\//);
  });

  it('comes with a token of its own each time, and with none where the user must bring one', async () => {
    const tokenOf = async (app: ReturnType<typeof testApp>['app']) =>
      /name="factorwatch-token" content="([^"]*)"/.exec(await (await app.request('/')).text())?.[1];
    const tokens = [await tokenOf(testApp().app), await tokenOf(testApp().app)];
    expect(new Set(tokens).size).toBe(2);
    expect(tokens[0]?.length).toBeGreaterThanOrEqual(32);
    expect(await tokenOf(testApp(undefined, { token: 'secret' }).app)).toBe('');
    expect(pageDocument('"><script>')).not.toContain('"><script>');
  });

  it('serves its own files and nothing else', async () => {
    const { app } = testApp();
    const get = async (name: string) => {
      const answer = await app.request(`/assets/${name}`);
      return [answer.status, answer.headers.get('content-type')];
    };
    expect(await get('style.css')).toEqual([200, 'text/css; charset=utf-8']);
    expect(await get('icon.svg')).toEqual([200, 'image/svg+xml']);
    for (const name of ['..%2fassets.js', '%2e%2e%2froutes.js', 'constructor', 'nothing.js', 'main.ts', 'main.js%00'])
      expect((await get(name))[0]).toBe(404);
  });
});

describe('what the page puts into a query', () => {
  it.each([
    ['ana@contoso.test', '"ana@contoso.test"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['a\nb\u0000\u2028', '"a\\u000ab\\u0000\\u2028"'],
    ['\\" | take 1 //', '"\\\\\\" | take 1 //"'],
  ])('%j is %s', (value, literal) => {
    expect(kqlText(value)).toBe(literal);
  });

  it('is always a literal', () => {
    expect(findingQuery('x" or true //')).toContain('EventUid == "x\\" or true //"');
    expect(findingQuery('abcdef01" or true //')).toContain('EventUid == "abcdef01\\" or true //"');
    expect(timelineQuery('a"b', 30)).toContain('UserTimeline("a\\"b", ');
    expect(Object.values(QUERIES).join('')).not.toContain('undefined');
  });
});

describe('the parts of the page', () => {
  it('read places from the address', () => {
    expect(placeOf('#user%2Fa%40b.c%2Fd')).toEqual({ tab: 'user', argument: 'a@b.c/d' });
    expect(placeOf('')).toEqual({ tab: '', argument: '' });
    expect(placeOf('#%E0%A4%A')).toEqual({ tab: '%E0%A4%A', argument: '' });
  });

  it('spell out what turns text around or hides in it, and leave other scripts alone', () => {
    expect(shown('exe.\u202emoc\u2066\u200b')).toBe('exe.\\u{202e}moc\\u{2066}\\u{200b}');
    expect(shown('مستخدم müller 用户')).toBe('مستخدم müller 用户');
  });

  it('count findings a day without a gap', () => {
    const row = (day: string, severity: string) => ({ EventStartTime: `${day}T10:00:00Z`, EventSeverity: severity });
    const bars = byDay([
      row('2026-02-27', 'High'),
      row('2026-03-01', 'Low'),
      row('2026-03-01', 'Low'),
      row('2026-03-01', 'Nonsense'),
      row('x', 'High'),
    ]);
    expect(bars.map(({ label, counts }) => [label, counts.High, counts.Low])).toEqual([
      ['2026-02-27', 1, 0],
      ['2026-02-28', 0, 0],
      ['2026-03-01', 0, 2],
    ]);
    expect(byDay([])).toEqual([]);
    expect(byDay([row('2020-01-01', 'Low'), row('2026-03-01', 'Low')])).toHaveLength(30);
  });

  it('print times, intervals and cells', () => {
    expect(time('2026-03-01T08:09:10.1234567Z')).toBe('2026-03-01 08:09:10');
    expect(span('2026-03-01T08:00:00Z', '2026-03-01T09:00:00Z')).toBe('2026-03-01 08:00:00 to 09:00:00');
    expect(span('2026-03-01T08:00:00Z', '2026-03-02T09:00:00Z')).toBe('2026-03-01 08:00:00 to 2026-03-02 09:00:00');
    expect([duration(12), duration(8412), duration(600_000)]).toEqual(['12 ms', '8.4 s', '10 min']);
    expect([text(null), text({ a: 1 }), text(false)]).toEqual(['', '{"a":1}', 'false']);
  });

  it('show whole numbers that JavaScript would round', () => {
    const json =
      '{"rows":[[9223372036854775807,12,"9223372036854775807","a\\"1234567890123456789",1234567890123456.5,1e300,-9223372036854775808]]}';
    expect(JSON.parse(withExactNumbers(json)).rows[0]).toEqual([
      '9223372036854775807',
      12,
      '9223372036854775807',
      'a"1234567890123456789',
      1234567890123456.5,
      1e300,
      '-9223372036854775808',
    ]);
  });
});
