import type { Dice } from './dice.ts';

export type DeviceKind = 'winManaged' | 'winOwn' | 'macManaged' | 'macOwn' | 'iphone' | 'android' | 'kiosk' | 'hosted' | 'kit' | 'script';

type BrowserName = 'edge' | 'chrome' | 'safari' | 'firefox' | 'mobileSafari' | 'chromeMobile' | 'python';

interface Browser {
  /** Name as DeviceDetail writes it, before the version. */
  readonly name: string;
  readonly version: number;
  /** User agent of an operating system's clause and a version. */
  readonly agent: (system: string, version: number) => string;
}

const chromium = (system: string, version: number) =>
  `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`;

const BROWSERS: Readonly<Record<BrowserName, Browser>> = {
  edge: { name: 'Edge', version: 139, agent: (system, version) => `${chromium(system, version)} Edg/${version}.0.0.0` },
  chrome: { name: 'Chrome', version: 139, agent: chromium },
  firefox: {
    name: 'Firefox',
    version: 141,
    agent: (system, version) => `Mozilla/5.0 (${system}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`,
  },
  safari: {
    name: 'Safari',
    version: 18,
    agent: (system, version) => `Mozilla/5.0 (${system}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version}.5 Safari/605.1.15`,
  },
  mobileSafari: {
    name: 'Mobile Safari',
    version: 18,
    agent: (system, version) =>
      `Mozilla/5.0 (${system}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version}.5 Mobile/15E148 Safari/604.1`,
  },
  chromeMobile: {
    name: 'Chrome Mobile',
    version: 139,
    agent: (system, version) => chromium(system, version).replace(' Safari', ' Mobile Safari'),
  },
  python: { name: 'Python Requests', version: 2, agent: () => 'python-requests/2.32.3' },
};

interface Model {
  readonly system: string;
  /** What the browser says of the operating system. */
  readonly clause: string;
  readonly browsers: Readonly<Partial<Record<BrowserName, number>>>;
  /** As DeviceDetail.trustType has it; '' for a machine that the directory does not know. */
  readonly trust: string;
  readonly prefix: string;
}

const WINDOWS = 'Windows NT 10.0; Win64; x64';
const MAC = 'Macintosh; Intel Mac OS X 10_15_7';

export const MODELS: Readonly<Record<DeviceKind, Model>> = {
  winManaged: {
    system: 'Windows10',
    clause: WINDOWS,
    browsers: { edge: 70, chrome: 22, firefox: 8 },
    trust: 'Hybrid Azure AD joined',
    prefix: 'LT',
  },
  winOwn: { system: 'Windows10', clause: WINDOWS, browsers: { chrome: 60, edge: 30, firefox: 10 }, trust: '', prefix: '' },
  macManaged: {
    system: 'MacOs',
    clause: MAC,
    browsers: { chrome: 55, safari: 40, firefox: 5 },
    trust: 'Azure AD registered',
    prefix: 'MB',
  },
  macOwn: { system: 'MacOs', clause: MAC, browsers: { safari: 55, chrome: 45 }, trust: '', prefix: '' },
  iphone: { system: 'Ios 18.6', clause: 'iPhone; CPU iPhone OS 18_6 like Mac OS X', browsers: { mobileSafari: 1 }, trust: '', prefix: '' },
  android: { system: 'Android 15', clause: 'Linux; Android 10; K', browsers: { chromeMobile: 1 }, trust: '', prefix: '' },
  kiosk: { system: 'Windows10', clause: WINDOWS, browsers: { edge: 1 }, trust: 'Azure AD joined', prefix: 'KIOSK' },
  hosted: { system: 'Windows10', clause: WINDOWS, browsers: { edge: 90, chrome: 10 }, trust: 'Hybrid Azure AD joined', prefix: 'AVD' },
  kit: { system: 'Windows10', clause: WINDOWS, browsers: { chrome: 80, edge: 12, firefox: 8 }, trust: '', prefix: '' },
  script: { system: '', clause: '', browsers: { python: 1 }, trust: '', prefix: '' },
};

export interface Device {
  readonly kind: DeviceKind;
  readonly id: string;
  readonly name: string;
  /** Browsers in use, the usual one first. */
  readonly browsers: readonly BrowserName[];
  /** Day in a cycle of 28 on which its browsers go on to the next version. */
  readonly phase: number;
}

export function makeDevice(dice: Dice, kind: DeviceKind): Device {
  const { browsers, trust, prefix } = MODELS[kind];
  const usual = dice.weighted(browsers);
  const other = dice.weighted(browsers);
  const isKnown = trust !== '';
  return {
    kind,
    id: isKnown ? dice.guid() : '',
    name: isKnown ? `${prefix}-${dice.letters(7)}` : '',
    browsers: usual === other ? [usual] : [usual, other],
    phase: dice.int(0, 27),
  };
}

export interface Client {
  readonly agent: string;
  readonly detail: Readonly<Record<string, string | boolean>>;
}

/** What a sign-in from a device says of it on a day; `isBrowser` false for the system's own applications. */
export function clientOf(device: Device, day: number, dice: Dice, isBrowser: boolean): Client {
  const { system, clause, trust } = MODELS[device.kind];
  const name = device.browsers.length > 1 && dice.chance(0.15) ? device.browsers[1]! : device.browsers[0]!;
  const browser = BROWSERS[name];
  const version = name === 'python' || /safari/i.test(name) ? browser.version : browser.version + Math.floor((day + device.phase) / 28);
  const known = trust === '' ? {} : { displayName: device.name, isCompliant: true, isManaged: true, trustType: trust };
  return {
    agent: isBrowser ? browser.agent(clause, version) : (NATIVE[device.kind] ?? ''),
    detail: { deviceId: device.id, operatingSystem: system, ...(isBrowser ? { browser: `${browser.name} ${version}.0.0` } : {}), ...known },
  };
}

/** User agents of applications; most brokers send none. */
const NATIVE: Readonly<Partial<Record<DeviceKind, string>>> = {
  iphone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  android: 'Dalvik/2.1.0 (Linux; U; Android 15; SM-A546B Build/AP3A.240905.015.A2)',
  winManaged:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.6478.127 Safari/537.36 Teams/25198',
  script: 'python-requests/2.32.3',
};
