/** A system and a browser, as DeviceDetail names them; '' where it is not known. */
export interface Client {
  readonly system: string;
  readonly browser: string;
}

/** First match holds: Android names Linux too, an iPhone Mac OS X. */
const systems: readonly (readonly [RegExp, string])[] = [
  [/Windows NT/, 'Windows'],
  [/iPhone|iPad|iPod/, 'Ios'],
  [/Android/, 'Android'],
  [/Mac OS X|Macintosh/, 'MacOs'],
  [/CrOS/, 'ChromeOS'],
  [/Linux|X11/, 'Linux'],
];

/** First match holds: all name Safari, Edge and Samsung's name Chrome. Families as ua-parser/uap-core has them, after which DeviceDetail's are called. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/ Edg(?:A|iOS)\//, 'Edge Mobile'],
  [/ Edge?\//, 'Edge'],
  [/ OPR\//, 'Opera'],
  [/ SamsungBrowser\//, 'Samsung Browser'],
  [/ CriOS\//, 'Chrome Mobile iOS'],
  [/ FxiOS\//, 'Firefox iOS'],
  [/Android.* Chrome\/.* Mobile/, 'Chrome Mobile'],
  [/ Chrome\//, 'Chrome'],
  [/Android.* Firefox\//, 'Firefox Mobile'],
  [/ Firefox\//, 'Firefox'],
  [/(?:iPhone|iPad|iPod).* Version\/.* Safari\//, 'Mobile Safari'],
  [/ Version\/.* Safari\//, 'Safari'],
];

const MOST_LETTERS = 512;
const nameIn = (text: string, table: readonly (readonly [RegExp, string])[]) => table.find(([pattern]) => pattern.test(text))?.[1] ?? '';

/**
 * What a user agent says of the client. For rows whose DeviceDetail is empty, as Entra ID often leaves it where no device is registered: the request
 * named its browser all the same.
 */
export function clientOfAgent(agent: string): Client {
  const text = agent.slice(0, MOST_LETTERS);
  return { system: nameIn(text, systems), browser: nameIn(text, browsers) };
}
