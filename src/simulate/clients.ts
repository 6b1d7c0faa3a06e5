import type { Rng } from './rng.ts';

export type BrowserFamily = 'Edge' | 'Chrome' | 'Safari' | 'Firefox' | 'Mobile Safari' | 'Chrome Mobile' | 'Samsung Browser' | 'App';
export type OsFamily = 'Windows10' | 'Windows11' | 'MacOs' | 'Ios 18' | 'Ios 19' | 'Android 15' | 'Android 16' | 'Linux';

/** What a client shows of itself: Entra's deviceDetail fields and the user agent, at one version. */
export interface ClientFace {
  readonly os: string;
  readonly browser: string;
  readonly userAgent: string;
}

/** Browser releases come every four weeks; day 0 is the first of the simulation. */
const CHROME_AT_START = 149;
const faces = new Map<string, ClientFace>();

function userAgent(os: OsFamily, browser: BrowserFamily, major: number): string {
  const windows = 'Windows NT 10.0; Win64; x64';
  const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
  const ios = os === 'Ios 19' ? '19_1' : '18_6';
  const android = os === 'Android 16' ? '16' : '15';
  const chrome = `Chrome/${major}.0.0.0`;
  switch (browser) {
    case 'Edge':
      return `Mozilla/5.0 (${os === 'MacOs' ? 'Macintosh; Intel Mac OS X 10_15_7' : windows}) ${webkit} ${chrome} Safari/537.36 Edg/${major}.0.0.0`;
    case 'Chrome':
      return `Mozilla/5.0 (${os === 'MacOs' ? 'Macintosh; Intel Mac OS X 10_15_7' : os === 'Linux' ? 'X11; Linux x86_64' : windows}) ${webkit} ${chrome} Safari/537.36`;
    case 'Firefox':
      return `Mozilla/5.0 (${os === 'Linux' ? 'X11; Linux x86_64' : windows}; rv:${major}.0) Gecko/20100101 Firefox/${major}.0`;
    case 'Safari':
      return 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15';
    case 'Mobile Safari':
      return `Mozilla/5.0 (iPhone; CPU iPhone OS ${ios} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1`;
    case 'Chrome Mobile':
      return `Mozilla/5.0 (Linux; Android ${android}; K) ${webkit} ${chrome} Mobile Safari/537.36`;
    case 'Samsung Browser':
      return `Mozilla/5.0 (Linux; Android ${android}; SAMSUNG SM-S931B) ${webkit} SamsungBrowser/29.0 ${chrome} Mobile Safari/537.36`;
    case 'App':
      return os.startsWith('Ios')
        ? `Mozilla/5.0 (iPhone; CPU iPhone OS ${ios} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 PKeyAuth/1.0`
        : os.startsWith('Android')
          ? `Dalvik/2.1.0 (Linux; U; Android ${android}; SM-S931B Build/AP3A.240905.015)`
          : os === 'MacOs'
            ? 'Mac OS X 26.1 MSAL 1.6.3 (com.microsoft.outlook)'
            : 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; WebView/3.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0.3538.102 Safari/537.36 Edge/18.26100';
  }
}

/** What deviceDetail says of an app in the place of a browser. */
function appName(os: OsFamily): string {
  if (os.startsWith('Ios')) return 'Mobile Safari';
  if (os.startsWith('Android')) return 'Android';
  return os === 'MacOs' ? 'Safari' : 'Rich Client 5.2.8.0';
}

/** The face of a client on a day; `lag` is how many days it updates after the release. */
export function faceOf(os: OsFamily, browser: BrowserFamily, day: number, lag: number): ClientFace {
  const major = CHROME_AT_START + Math.floor((day + 40 - lag) / 28);
  const key = `${os}|${browser}|${major}`;
  let face = faces.get(key);
  if (!face) {
    const versioned = browser === 'Mobile Safari' || browser === 'Safari' ? `${browser} 19.1` : `${browser} ${major}.0.0`;
    const shown = browser === 'App' ? appName(os) : versioned;
    face = { os, browser: shown, userAgent: userAgent(os, browser, major) };
    faces.set(key, face);
  }
  return face;
}

/** Clients without a browser: scripts of service accounts, and of others. */
export const TOOL_FACES: readonly ClientFace[] = ['python-requests/2.32.3', 'axios/1.7.9', 'BAV2ROPC', 'node-fetch/1.0'].map((agent) => ({
  os: '',
  browser: '',
  userAgent: agent,
}));

export const PHONE_NAMES: Readonly<Record<'Ios' | 'Android', readonly string[]>> = {
  Ios: ['iPhone 14', 'iPhone 15', 'iPhone 15 Pro', 'iPhone 16', 'iPhone 16 Pro', 'iPhone 17', 'iPhone SE'],
  Android: ['SM-S931B', 'SM-A556B', 'SM-S921U', 'Pixel 8', 'Pixel 9', 'Pixel 10', 'CPH2581', '2312DRA50G', 'M2101K6G'],
};

/** A push token as APNs or FCM issue it. */
export function pushToken(rng: Rng, apple: boolean): string {
  return apple ? `apns2-${rng.text(64, '0123456789abcdef')}` : `${rng.text(22, ALNUM)}:APA91b${rng.text(134, `${ALNUM}-_`)}`;
}
const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Calling codes; the subscriber part of a synthetic number begins with 000, which no operator assigns. */
const CALLING: Readonly<Record<string, string>> = {
  US: '1',
  CA: '1',
  GB: '44',
  DE: '49',
  FR: '33',
  NL: '31',
  IE: '353',
  ES: '34',
  IT: '39',
  PL: '48',
  SE: '46',
  BR: '55',
  MX: '52',
  IN: '91',
  SG: '65',
  JP: '81',
  AU: '61',
  AE: '971',
  ZA: '27',
  NG: '234',
  RO: '40',
  TR: '90',
  UA: '380',
  KR: '82',
  ID: '62',
  MV: '960',
  TH: '66',
  GR: '30',
  PT: '351',
  CH: '41',
  AT: '43',
  DK: '45',
  NO: '47',
  BE: '32',
  CZ: '420',
  VN: '84',
  CN: '86',
  RU: '7',
};

export function phoneNumber(rng: Rng, country: string): string {
  return `+${CALLING[country] ?? '1'} 000${rng.text(7, '0123456789')}`;
}
