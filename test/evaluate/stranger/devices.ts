import type { Random } from './random.ts';
import { DAY } from './time.ts';

export interface Device {
  readonly kind: 'pc' | 'mac' | 'iphone' | 'android' | 'kiosk' | 'linux' | 'tool';
  /** Empty where the device is not registered with the tenant. */
  readonly id: string;
  readonly name: string;
  readonly trust: '' | 'Azure AD joined' | 'Hybrid Azure AD joined' | 'Azure AD registered';
  readonly managed: boolean;
  readonly os: string;
  readonly browser: 'Edge' | 'Chrome' | 'Safari' | 'Mobile Safari' | 'Chrome Mobile' | 'Firefox' | 'Python Requests';
}

const trustOf = (random: Random, managed: boolean, hybrid: boolean): Device['trust'] =>
  managed ? (hybrid ? 'Hybrid Azure AD joined' : 'Azure AD joined') : random.chance(0.3) ? 'Azure AD registered' : '';

export function newPc(random: Random, options: { readonly managed: boolean; readonly hybrid?: boolean; readonly mac?: number }): Device {
  const mac = random.chance(options.mac ?? 0.05);
  const trust = trustOf(random, options.managed, options.hybrid ?? false);
  return {
    kind: mac ? 'mac' : 'pc',
    id: trust === '' ? '' : random.guid(),
    name: trust === '' ? '' : `${options.managed ? 'WS' : 'DESKTOP'}-${random.letters(7)}`,
    trust,
    managed: options.managed,
    os: mac
      ? 'MacOs'
      : random.weighted([
          ['Windows10', 3],
          ['Windows11', 7],
        ]),
    browser: mac
      ? random.pick(['Safari', 'Chrome'])
      : random.weighted([
          ['Edge', 6],
          ['Chrome', 4],
          ['Firefox', 0.5],
        ]),
  };
}

export function newPhone(random: Random, options: { readonly managed: boolean; readonly iphone?: number }): Device {
  const iphone = random.chance(options.iphone ?? 0.55);
  const registered = options.managed || random.chance(0.15);
  return {
    kind: iphone ? 'iphone' : 'android',
    id: registered ? random.guid() : '',
    name: registered ? `${iphone ? 'iPhone' : 'Android'}_${random.letters(6)}` : '',
    trust: registered ? 'Azure AD registered' : '',
    managed: options.managed,
    os: iphone ? `Ios ${random.pick([17, 18, 26])}` : `Android ${random.pick([12, 13, 14, 15])}`,
    browser: iphone ? 'Mobile Safari' : 'Chrome Mobile',
  };
}

export const newKiosk = (random: Random): Device => ({
  kind: 'kiosk',
  id: '',
  name: '',
  trust: '',
  managed: false,
  os: random.pick(['Windows10', 'ChromeOS']),
  browser: 'Chrome',
});

/** Browsers are renewed every five weeks; the number counts from some date long past. */
const major = (at: number, lag: number): number => 96 + Math.floor((at - lag) / (35 * DAY) - 540);

const EPOCH_LAG = 3 * DAY;

const WINDOWS = 'Windows NT 10.0; Win64; x64';
const AGENTS: Readonly<Record<Device['browser'], (os: string, version: number) => string>> = {
  Edge: (_, v) => `Mozilla/5.0 (${WINDOWS}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${v}.0.0.0 Safari/537.36 Edg/${v}.0.0.0`,
  Chrome: (os, v) =>
    `Mozilla/5.0 (${os === 'MacOs' ? 'Macintosh; Intel Mac OS X 10_15_7' : os === 'Linux' ? 'X11; Linux x86_64' : WINDOWS}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${v}.0.0.0 Safari/537.36`,
  Firefox: (os, v) => `Mozilla/5.0 (${os === 'Linux' ? 'X11; Linux x86_64' : WINDOWS}; rv:${v}.0) Gecko/20100101 Firefox/${v}.0`,
  Safari: () => 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mobile Safari': (os) =>
    `Mozilla/5.0 (iPhone; CPU iPhone OS ${os.slice(4)}_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${os.slice(4)}.5 Mobile/15E148 Safari/604.1`,
  'Chrome Mobile': (os, v) => `Mozilla/5.0 (Linux; ${os}; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${v}.0.0.0 Mobile Safari/537.36`,
  'Python Requests': () => 'python-requests/2.32.3',
};

export function userAgent(device: Device, at: number): string {
  return AGENTS[device.browser](device.os, major(at, EPOCH_LAG));
}

/** DeviceDetail as the portal shows it; what is not known is left out or empty. */
export function deviceDetail(device: Device, at: number): Record<string, unknown> {
  const version =
    device.browser === 'Python Requests' ? '2.32' : device.browser.endsWith('Safari') ? '18.5' : `${major(at, EPOCH_LAG)}.0.0`;
  const browser = `${device.browser} ${version}`;
  const detail: Record<string, unknown> = { deviceId: device.id, operatingSystem: device.os, browser };
  if (device.id !== '') {
    detail['displayName'] = device.name;
    detail['trustType'] = device.trust;
    if (device.managed) Object.assign(detail, { isCompliant: true, isManaged: true });
  }
  return detail;
}
