import type { Dice } from './dice.ts';

/** What a device shows of itself in a sign-in. Version numbers move on by themselves: see `versioned`. */
export interface Client {
  readonly kind: 'laptop' | 'phone' | 'script';
  readonly os: string;
  readonly browser: string;
  readonly agent: string;
  readonly id: string;
  readonly name: string;
  readonly trust: '' | 'Azure AD registered' | 'Azure AD joined' | 'Hybrid Azure AD joined';
  readonly managed: boolean;
}

const LAPTOPS = [
  [
    50,
    [
      'Windows10',
      'Edge',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/$V.0.0.0 Safari/537.36 Edg/$V.0.0.0',
    ],
  ],
  [
    22,
    [
      'Windows10',
      'Chrome',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/$V.0.0.0 Safari/537.36',
    ],
  ],
  [
    14,
    [
      'MacOs',
      'Safari',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15',
    ],
  ],
  [
    9,
    [
      'MacOs',
      'Chrome',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/$V.0.0.0 Safari/537.36',
    ],
  ],
  [5, ['Windows10', 'Firefox', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:$V.0) Gecko/20100101 Firefox/$V.0']],
] as const;

const PHONES = [
  [
    55,
    [
      'Ios 18.3',
      'Mobile Safari',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1',
    ],
  ],
  [
    35,
    [
      'Android 15',
      'Chrome Mobile',
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/$V.0.0.0 Mobile Safari/537.36',
    ],
  ],
  [
    10,
    [
      'Android 14',
      'Samsung Browser',
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/$V.0.0.0 Mobile Safari/537.36',
    ],
  ],
] as const;

export function laptop(dice: Dice, trust: Client['trust'], idShare: number): Client {
  const [os, browser, agent] = dice.draw<readonly [string, string, string]>(LAPTOPS);
  const known = trust !== '' && dice.chance(idShare);
  return {
    kind: 'laptop',
    os,
    browser,
    agent,
    id: known ? dice.guid() : '',
    name: known ? `${dice.pick(['LT', 'NB', 'WS', 'PC'])}-${dice.text(6, 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789')}` : '',
    trust: known ? trust : '',
    managed: known && trust !== 'Azure AD registered' && dice.chance(0.9),
  };
}

export function phone(dice: Dice, registered: boolean): Client {
  const [os, browser, agent] = dice.draw<readonly [string, string, string]>(PHONES);
  return {
    kind: 'phone',
    os,
    browser,
    agent,
    id: registered ? dice.guid() : '',
    name: registered ? dice.pick(['iPhone', 'Pixel 8', 'SM-S921B', 'iPhone von mir', 'SM-A556B']) : '',
    trust: registered ? 'Azure AD registered' : '',
    managed: false,
  };
}

/** What attackers sit at: an ordinary browser, or the library that their kit is written with. */
export function attackerClient(dice: Dice, likeness?: Client): Client {
  if (likeness !== undefined) return { ...likeness, id: '', name: '', trust: '', managed: false };
  return dice.draw<Client>([
    [70, { ...laptop(dice, '', 0) }],
    [12, { ...phone(dice, false) }],
    [
      12,
      {
        kind: 'script',
        os: 'Linux',
        browser: 'Chrome',
        agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/$V.0.0.0 Safari/537.36',
        id: '',
        name: '',
        trust: '',
        managed: false,
      },
    ],
    [
      6,
      {
        kind: 'script',
        os: '',
        browser: '',
        agent: dice.pick(['axios/1.7.9', 'python-requests/2.32.3', 'node']),
        id: '',
        name: '',
        trust: '',
        managed: false,
      },
    ],
  ]);
}

/** Browsers renew themselves every four weeks. */
export function versioned(client: Client, day: number): { agent: string; browser: string } {
  const version = String(143 + Math.floor(day / 28 + client.agent.length / 40));
  return {
    agent: client.agent.replaceAll('$V', version),
    browser: client.browser === '' ? '' : `${client.browser} ${client.agent.includes('$V') ? `${version}.0.0` : '18.3'}`,
  };
}
