import type { Dice } from './dice.ts';

/** A browser or app on a device, as a sign-in shows it. */
export interface Client {
  readonly key: string;
  readonly os: string;
  readonly browser: string;
  readonly deviceId: string;
  readonly trust: '' | 'Azure AD joined' | 'Hybrid Azure AD joined' | 'Azure AD registered';
  readonly app: 'Browser' | 'Mobile Apps and Desktop clients' | 'Authenticated SMTP';
  /** Given the version that is current: browsers renew themselves every four weeks. */
  readonly agent: (version: number) => string;
}

interface Make {
  readonly share: number;
  readonly os: string;
  readonly browser: string;
  readonly agent: (version: number) => string;
}

const MOZILLA = 'Mozilla/5.0';
const KHTML = 'AppleWebKit/537.36 (KHTML, like Gecko)';

export const COMPUTERS: readonly Make[] = [
  {
    share: 50,
    os: 'Windows10',
    browser: 'Edge',
    agent: (v) => `${MOZILLA} (Windows NT 10.0; Win64; x64) ${KHTML} Chrome/${v}.0.0.0 Safari/537.36 Edg/${v}.0.0.0`,
  },
  {
    share: 25,
    os: 'Windows10',
    browser: 'Chrome',
    agent: (v) => `${MOZILLA} (Windows NT 10.0; Win64; x64) ${KHTML} Chrome/${v}.0.0.0 Safari/537.36`,
  },
  {
    share: 15,
    os: 'MacOs',
    browser: 'Safari',
    agent: () => `${MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15`,
  },
  {
    share: 6,
    os: 'MacOs',
    browser: 'Chrome',
    agent: (v) => `${MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) ${KHTML} Chrome/${v}.0.0.0 Safari/537.36`,
  },
  { share: 4, os: 'Linux', browser: 'Firefox', agent: (v) => `${MOZILLA} (X11; Linux x86_64; rv:${v}.0) Gecko/20100101 Firefox/${v}.0` },
];

export const PHONES: readonly Make[] = [
  {
    share: 45,
    os: 'Ios',
    browser: 'Mobile Safari',
    agent: () =>
      `${MOZILLA} (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1`,
  },
  {
    share: 45,
    os: 'Android',
    browser: 'Chrome Mobile',
    agent: (v) => `${MOZILLA} (Linux; Android 10; K) ${KHTML} Chrome/${v}.0.0.0 Mobile Safari/537.36`,
  },
  {
    share: 10,
    os: 'Android',
    browser: 'Samsung Internet',
    agent: () => `${MOZILLA} (Linux; Android 10; K) ${KHTML} SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36`,
  },
];

/** What scripts and phishing kits say that they are. */
export const TOOLS: readonly Make[] = [
  {
    share: 3,
    os: 'Windows10',
    browser: 'Chrome',
    agent: () => `${MOZILLA} (Windows NT 10.0; Win64; x64) ${KHTML} Chrome/124.0.0.0 Safari/537.36`,
  },
  { share: 2, os: '', browser: '', agent: () => 'axios/1.7.9' },
  { share: 1, os: '', browser: 'Python Requests', agent: () => 'python-requests/2.32.3' },
];

export function client(dice: Dice, makes: readonly Make[], trust: Client['trust'] = ''): Client {
  const { os, browser, agent } = dice.share(makes);
  return { key: dice.hex(8), os, browser, agent, trust, deviceId: trust === '' ? '' : dice.guid(), app: 'Browser' };
}

/** The mail program and the like of the same device. */
export const nativeOf = (base: Client): Client => ({ ...base, key: `${base.key}n`, browser: '', app: 'Mobile Apps and Desktop clients' });
