import type { Dice } from './dice.ts';

export type System = 'windows' | 'mac' | 'linux' | 'iphone' | 'android';
export type BrowserName = 'Edge' | 'Chrome' | 'Firefox' | 'Safari';

/** What a browser keeps of its sign-in; times in Unix ms. */
export interface Session {
  id: string;
  since: number;
  mfaAt: number;
}

export interface Browser {
  readonly name: BrowserName;
  session: Session | undefined;
}

/** A computer or a phone. Only those that the company manages have an id and a trust. */
export interface Machine {
  readonly system: System;
  /** The system as a log names it. */
  readonly systemName: string;
  readonly deviceId: string;
  readonly displayName: string;
  readonly trust: '' | 'Hybrid Azure AD joined' | 'Azure AD joined' | 'Azure AD registered';
  readonly browsers: readonly Browser[];
  /** What its programs, not its browsers, keep. */
  readonly native: Browser;
  /** Major version of the browsers on the first day; a new one comes each 4 weeks. */
  readonly version: number;
  /** Day of the four weeks on which this machine takes the new version. */
  readonly updateDay: number;
  /** What an Android phone says it is. */
  readonly model: string;
}

const OS_NAMES: Readonly<Record<System, readonly string[]>> = {
  windows: ['Windows 11', 'Windows 11', 'Windows 10'],
  mac: ['MacOs 14.5', 'MacOs 15.1', 'MacOs'],
  linux: ['Linux'],
  iphone: ['Ios 17.5.1', 'Ios 18.1', 'Ios 18.3.2'],
  android: ['Android 13', 'Android 14', 'Android 15'],
};

const BROWSERS: Readonly<Record<System, readonly (readonly [BrowserName, number])[]>> = {
  windows: [
    ['Edge', 6],
    ['Chrome', 3],
    ['Firefox', 1],
  ],
  mac: [
    ['Safari', 4],
    ['Chrome', 4],
    ['Firefox', 2],
  ],
  linux: [
    ['Firefox', 6],
    ['Chrome', 4],
  ],
  iphone: [
    ['Safari', 9],
    ['Chrome', 1],
  ],
  android: [['Chrome', 1]],
};

const MODELS = ['SM-A546B', 'SM-S911B', 'Pixel 8', 'M2101K6G', 'CPH2449'] as const;

export interface MachineWish {
  readonly system: System;
  readonly trust?: Machine['trust'];
  /** How many browsers its owner uses. */
  readonly browsers?: number;
}

export function machineOf(dice: Dice, { system, trust = '', browsers = 1 }: MachineWish): Machine {
  const names = new Set<BrowserName>();
  for (let tries = 0; names.size < browsers && tries < 12; tries++) names.add(dice.weighted(BROWSERS[system]));
  return {
    system,
    systemName: dice.pick(OS_NAMES[system]),
    trust,
    deviceId: trust === '' ? '' : dice.guid(),
    displayName: trust === '' ? '' : `CT-${dice.int(10_000, 99_999)}`,
    browsers: [...names].map((name) => ({ name, session: undefined })),
    native: { name: 'Edge', session: undefined },
    version: dice.int(120, 124),
    updateDay: dice.int(0, 27),
    model: dice.pick(MODELS),
  };
}

const isPhone = (system: System) => system === 'iphone' || system === 'android';

const PLATFORM: Readonly<Record<System, string>> = {
  windows: 'Windows NT 10.0; Win64; x64',
  mac: 'Macintosh; Intel Mac OS X 10_15_7',
  linux: 'X11; Linux x86_64',
  iphone: 'iPhone; CPU iPhone OS 17_5 like Mac OS X',
  android: 'Linux; Android 10; K',
};

/** The version on a day counted from the first of the logs. */
const versionOn = (machine: Machine, day: number) => machine.version + Math.floor((day + machine.updateDay) / 28);

/** The user agent of a browser, as each of the four writes it. */
export function browserAgent(machine: Machine, { name }: Browser, day: number): string {
  const version = versionOn(machine, day);
  const start = `Mozilla/5.0 (${PLATFORM[machine.system]})`;
  const mobile = isPhone(machine.system) ? ' Mobile' : '';
  const webkit = `${start} AppleWebKit/605.1.15 (KHTML, like Gecko)`;
  if (machine.system === 'iphone' && name === 'Chrome') return `${webkit} CriOS/${version}.0.6367.88 Mobile/15E148 Safari/604.1`;
  const agents: Readonly<Record<BrowserName, string>> = {
    Chrome: `${start} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0${mobile} Safari/537.36`,
    Edge: `${start} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0${mobile} Safari/537.36 Edg/${version}.0.0.0`,
    Firefox: `${start.slice(0, -1)}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`,
    Safari: `${webkit} Version/17.5${mobile === '' ? '' : ' Mobile/15E148'} Safari/60${mobile === '' ? 5 : 4}.1`.replace(
      'Safari/605.1',
      'Safari/605.1.15',
    ),
  };
  return agents[name];
}

const NATIVE_AGENTS: Readonly<Record<System, string>> = {
  windows: 'Windows-AzureAD-Authentication-Provider/1.0',
  mac: 'Mac%20SSO%20Extension/53.2404.1 CFNetwork/1496.0.7 Darwin/23.5.0',
  linux: '',
  iphone: 'Microsoft%20Authenticator/6.8.9 CFNetwork/1496.0.7 Darwin/23.5.0',
  android: 'Dalvik/2.1.0 (Linux; U; Android 14; MODEL Build/UP1A.231005.007)',
};

/** The user agent of what signs in for programs. */
export const nativeAgent = (machine: Machine) => NATIVE_AGENTS[machine.system].replace('MODEL', machine.model);

/** DeviceDetail of a row. */
export function deviceDetail(machine: Machine, browser: Browser, day: number): Readonly<Record<string, unknown>> {
  const isNative = browser === machine.native;
  const known =
    machine.trust === '' ? {} : { displayName: machine.displayName, trustType: machine.trust, isManaged: true, isCompliant: true };
  return {
    deviceId: machine.deviceId,
    operatingSystem: machine.systemName,
    ...(isNative ? {} : { browser: `${browser.name} ${versionOn(machine, day)}.0.0` }),
    ...known,
  };
}
