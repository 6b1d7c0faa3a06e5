import type { Dice } from './dice.ts';

export type MethodName = 'app' | 'sms' | 'voice' | 'oath' | 'fido' | 'smartcard' | 'hello' | 'none';

export interface Method {
  /** As AuthenticationDetails names the step; '' where nothing was registered. */
  readonly step: string;
  readonly detail: string;
  /** The method as reasons of security-info events call it; '' where no such event is written for it. */
  readonly words: string;
  /** MethodType in StrongAuthenticationMethod; negative where the list does not hold it. */
  readonly type: number;
  /** One step that is both factors. */
  readonly isStrong: boolean;
}

const DEVICE_APP = 'Authenticator App with Notification and Code';

export const METHODS: Readonly<Record<MethodName, Method>> = {
  app: { step: 'Mobile app notification', detail: '', words: DEVICE_APP, type: 6, isStrong: false },
  sms: { step: 'Text message', detail: '+XX XXXXXXXX', words: 'Mobile Phone SMS', type: 5, isStrong: false },
  voice: {
    step: 'Phone call approval (Authentication phone)',
    detail: '+XX XXXXXXXX',
    words: 'Mobile Phone Call and SMS',
    type: 0,
    isStrong: false,
  },
  oath: { step: 'OATH verification code', detail: '', words: 'Software OATH token', type: 7, isStrong: false },
  fido: { step: 'FIDO2 security key', detail: 'Passkey', words: 'Fido', type: -1, isStrong: true },
  smartcard: { step: 'X.509 Certificate', detail: 'Multi-factor', words: '', type: -1, isStrong: true },
  hello: { step: 'Windows Hello for Business', detail: 'Windows Hello for Business', words: '', type: -1, isStrong: true },
  none: { step: '', detail: '', words: '', type: -1, isStrong: false },
};

const PREFIX: Readonly<Record<string, string>> = {
  NL: '+31 6',
  GB: '+44 7',
  DE: '+49 15',
  PT: '+351 9',
  PL: '+48 5',
  CZ: '+420 7',
  US: '+1 864',
};

/** A number, or the name that a telephone gives itself. */
export function tokenOf(dice: Dice, method: MethodName, country: string): string {
  if (method === 'app' || method === 'oath')
    return dice.pick(['iPhone', 'iPhone 15', 'SM-A546B', 'SM-S911B', 'Pixel 8', 'iPhone 13', 'NO_DEVICE']);
  return `${PREFIX[country] ?? '+44 7'}${dice.int(10_000_000, 99_999_999)}`;
}
