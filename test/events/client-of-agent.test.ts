import { expect, test } from 'vitest';
import { clientOfAgent } from '../../src/events/client-of-agent.ts';
import { columnBatch } from '../../src/events/column-batch.ts';
import { EVENT_WORDS, Flag, systemOf, Word } from '../../src/events/event-record.ts';
import { buildRecords } from '../../src/events/record-builder.ts';
import { at, batchOf, type EventRow, noEgress, signIn } from '../support/events.ts';

const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15';
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1';
const android = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36';

// Families as the test cases of ua-parser/uap-core give them; systems as DeviceDetail of sign-ins has them.
test.each([
  [windows, 'Windows', 'Chrome'],
  [`${windows} Edg/141.0.0.0`, 'Windows', 'Edge'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0', 'Windows', 'Firefox'],
  [mac, 'MacOs', 'Safari'],
  [iphone, 'Ios', 'Mobile Safari'],
  [iphone.replace('Version/18.6', 'CriOS/141.0.7390.41'), 'Ios', 'Chrome Mobile iOS'],
  [android, 'Android', 'Chrome Mobile'],
  [android.replace('Chrome/', 'SamsungBrowser/28.0 Chrome/'), 'Android', 'Samsung Browser'],
  [`${android} EdgA/141.0.0.0`, 'Android', 'Edge Mobile'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'Linux', 'Firefox'],
  ['Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36', 'ChromeOS', 'Chrome'],
  ['BAV2ROPC', '', ''],
  ['python-requests/2.32', '', ''],
  ['', '', ''],
])('%s', (agent, system, browser) => {
  expect(clientOfAgent(agent)).toEqual({ system, browser });
});

const recordOf = (over: Partial<EventRow>) => {
  const batch = columnBatch('sign-in', batchOf('sign-in', [signIn('user-1', at('2026-03-02T08:00:00Z'), over)]));
  const words = new Uint32Array(EVENT_WORDS);
  buildRecords(batch, 0, 0, noEgress, words, 0);
  const flags = words[Word.flags]!;
  return { client: words[Word.client], system: systemOf(flags), mobile: (flags & Flag.mobile) !== 0 };
};
const empty = { OperatingSystem: '', Browser: '' };

test.each([
  [windows, 'Windows10', 'Chrome 141.0.0'],
  [iphone, 'Ios 18.6', 'Mobile Safari 18.6'],
])('a row whose DeviceDetail is empty has the client of one that names it: %s', (UserAgent, OperatingSystem, Browser) => {
  expect(recordOf({ ...empty, UserAgent })).toEqual(recordOf({ UserAgent, OperatingSystem, Browser }));
  expect(recordOf({ ...empty, UserAgent })).not.toEqual(recordOf({ ...empty, UserAgent: '' }));
});

test('what DeviceDetail says goes before the user agent', () => {
  const named = { OperatingSystem: 'Windows10', Browser: 'Rich Client' };
  expect(recordOf({ ...named, UserAgent: iphone })).toEqual(recordOf({ ...named, UserAgent: '' }));
});
