export const HOUR = 3_600_000;
export const MINUTE = 60_000;
export const DAY = 24 * HOUR;

type Summer = 'eu' | 'us' | 'none';

export interface City {
  readonly name: string;
  readonly state: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  /** Standard time's offset from UTC in hours. */
  readonly offset: number;
  readonly summer: Summer;
}

const ROWS = {
  hague: ["'s-Gravenhage", 'Zuid-Holland', 'NL', 52.08, 4.31, 1, 'eu'],
  rotterdam: ['Rotterdam', 'Zuid-Holland', 'NL', 51.92, 4.48, 1, 'eu'],
  utrecht: ['Utrecht', 'Utrecht', 'NL', 52.09, 5.12, 1, 'eu'],
  groningen: ['Groningen', 'Groningen', 'NL', 53.22, 6.57, 1, 'eu'],
  amsterdam: ['Amsterdam', 'Noord-Holland', 'NL', 52.37, 4.89, 1, 'eu'],
  london: ['London', 'England', 'GB', 51.51, -0.13, 0, 'eu'],
  brighton: ['Brighton', 'England', 'GB', 50.82, -0.14, 0, 'eu'],
  manchester: ['Manchester', 'England', 'GB', 53.48, -2.24, 0, 'eu'],
  berlin: ['Berlin', 'Berlin', 'DE', 52.52, 13.4, 1, 'eu'],
  frankfurt: ['Frankfurt am Main', 'Hessen', 'DE', 50.11, 8.68, 1, 'eu'],
  stuttgart: ['Stuttgart', 'Baden-Württemberg', 'DE', 48.78, 9.18, 1, 'eu'],
  esslingen: ['Esslingen', 'Baden-Württemberg', 'DE', 48.74, 9.31, 1, 'eu'],
  leipzig: ['Leipzig', 'Sachsen', 'DE', 51.34, 12.37, 1, 'eu'],
  paris: ['Paris', 'Ile-de-France', 'FR', 48.86, 2.35, 1, 'eu'],
  lyon: ['Lyon', 'Auvergne-Rhone-Alpes', 'FR', 45.76, 4.84, 1, 'eu'],
  lisbon: ['Lisboa', 'Lisboa', 'PT', 38.72, -9.14, 0, 'eu'],
  barcelona: ['Barcelona', 'Cataluna', 'ES', 41.39, 2.17, 1, 'eu'],
  madrid: ['Madrid', 'Madrid', 'ES', 40.42, -3.7, 1, 'eu'],
  wroclaw: ['Wroclaw', 'Dolnoslaskie', 'PL', 51.11, 17.04, 1, 'eu'],
  warsaw: ['Warszawa', 'Mazowieckie', 'PL', 52.23, 21.01, 1, 'eu'],
  brno: ['Brno', 'Jihomoravsky kraj', 'CZ', 49.2, 16.61, 1, 'eu'],
  prague: ['Praha', 'Praha', 'CZ', 50.08, 14.44, 1, 'eu'],
  greenville: ['Greenville', 'South Carolina', 'US', 34.85, -82.4, -5, 'us'],
  atlanta: ['Atlanta', 'Georgia', 'US', 33.75, -84.39, -5, 'us'],
  newyork: ['New York', 'New York', 'US', 40.71, -74.01, -5, 'us'],
  dublin: ['Dublin', 'Dublin', 'IE', 53.35, -6.26, 0, 'eu'],
  brussels: ['Brussels', 'Bruxelles-Capitale', 'BE', 50.85, 4.35, 1, 'eu'],
  bangalore: ['Bengaluru', 'Karnataka', 'IN', 12.97, 77.59, 5.5, 'none'],
  lagos: ['Lagos', 'Lagos', 'NG', 6.52, 3.38, 1, 'none'],
} as const satisfies Record<string, readonly [string, string, string, number, number, number, Summer]>;

export type CityName = keyof typeof ROWS;

export const CITIES = Object.fromEntries(
  Object.entries(ROWS).map(([key, [name, state, country, latitude, longitude, offset, summer]]) => [
    key,
    { name, state, country, latitude, longitude, offset, summer },
  ]),
) as unknown as Readonly<Record<CityName, City>>;

export const citiesOf = (country: string): readonly City[] => Object.values(CITIES).filter((city) => city.country === country);

/** Unix ms of the n-th (from 1) Sunday of a month, or of the last one (n = 0). */
function sunday(year: number, month: number, n: number): number {
  const first = Date.UTC(year, n === 0 ? month + 1 : month, n === 0 ? 0 : 1);
  const weekday = new Date(first).getUTCDay();
  return n === 0 ? first - weekday * DAY : first + (((7 - weekday) % 7) + 7 * (n - 1)) * DAY;
}

const SUMMERS: Readonly<Record<Summer, (midnight: number, year: number) => boolean>> = {
  eu: (midnight, year) => midnight >= sunday(year, 2, 0) && midnight < sunday(year, 9, 0),
  us: (midnight, year) => midnight >= sunday(year, 2, 2) && midnight < sunday(year, 10, 1),
  none: () => false,
};

/** Unix ms of an hour by the clocks of a city, on the date that begins at a UTC midnight; by whole days, which is near enough for the night of a change. */
export function localTime(city: City, midnight: number, hour: number): number {
  const summer = SUMMERS[city.summer](midnight, new Date(midnight).getUTCFullYear()) ? 1 : 0;
  return midnight + Math.round((hour - city.offset - summer) * HOUR);
}
