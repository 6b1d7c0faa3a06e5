/** A place where people are; coordinates in degrees, hours from UTC in winter. */
export interface City {
  readonly name: string;
  readonly state: string;
  readonly country: string;
  readonly lat: number;
  readonly lon: number;
  readonly utc: number;
  /** One hour more in summer. */
  readonly summer: boolean;
}

const ROWS = [
  ['Leeds', 'England', 'GB', 53.8, -1.55, 0, true],
  ['Bradford', 'England', 'GB', 53.79, -1.75, 0, true],
  ['Manchester', 'England', 'GB', 53.48, -2.24, 0, true],
  ['Bristol', 'England', 'GB', 51.45, -2.59, 0, true],
  ['London', 'England', 'GB', 51.51, -0.13, 0, true],
  ['Glasgow', 'Scotland', 'GB', 55.86, -4.25, 0, true],
  ['Dublin', 'Leinster', 'IE', 53.35, -6.26, 0, true],
  ['Rotterdam', 'Zuid-Holland', 'NL', 51.92, 4.48, 1, true],
  ['Utrecht', 'Utrecht', 'NL', 52.09, 5.12, 1, true],
  ['Amsterdam', 'Noord-Holland', 'NL', 52.37, 4.9, 1, true],
  ['Duisburg', 'Nordrhein-Westfalen', 'DE', 51.43, 6.76, 1, true],
  ['Dortmund', 'Nordrhein-Westfalen', 'DE', 51.51, 7.47, 1, true],
  ['Leipzig', 'Sachsen', 'DE', 51.34, 12.37, 1, true],
  ['Berlin', 'Berlin', 'DE', 52.52, 13.4, 1, true],
  ['Frankfurt am Main', 'Hessen', 'DE', 50.11, 8.68, 1, true],
  ['Poznan', 'Wielkopolskie', 'PL', 52.41, 16.93, 1, true],
  ['Warszawa', 'Mazowieckie', 'PL', 52.23, 21.01, 1, true],
  ['Ostrava', 'Moravskoslezsky', 'CZ', 49.83, 18.28, 1, true],
  ['Uppsala', 'Uppsala', 'SE', 59.86, 17.64, 1, true],
  ['Stockholm', 'Stockholm', 'SE', 59.33, 18.07, 1, true],
  ['Paris', 'Ile-de-France', 'FR', 48.86, 2.35, 1, true],
  ['Lyon', 'Auvergne-Rhone-Alpes', 'FR', 45.76, 4.84, 1, true],
  ['Milano', 'Lombardia', 'IT', 45.46, 9.19, 1, true],
  ['Madrid', 'Madrid', 'ES', 40.42, -3.7, 1, true],
  ['Boston', 'Massachusetts', 'US', 42.36, -71.06, -5, true],
  ['San Francisco', 'California', 'US', 37.77, -122.42, -8, true],
  ['Toronto', 'Ontario', 'CA', 43.65, -79.38, -5, true],
  ['Sao Paulo', 'Sao Paulo', 'BR', -23.55, -46.63, -3, false],
  ['Bengaluru', 'Karnataka', 'IN', 12.97, 77.59, 5.5, false],
  ['Tokyo', 'Tokyo', 'JP', 35.68, 139.69, 9, false],
  ['Singapore', 'Singapore', 'SG', 1.35, 103.82, 8, false],
  ['Lagos', 'Lagos', 'NG', 6.52, 3.38, 1, false],
  ['Istanbul', 'Istanbul', 'TR', 41.01, 28.98, 3, false],
  ['Bucuresti', 'Bucuresti', 'RO', 44.43, 26.1, 2, true],
  ['Ashburn', 'Virginia', 'US', 39.04, -77.49, -5, true],
] as const;

export type CityName = (typeof ROWS)[number][0];

export const CITIES: readonly City[] = ROWS.map(([name, state, country, lat, lon, utc, summer]) => ({
  name,
  state,
  country,
  lat,
  lon,
  utc,
  summer,
}));

export function cityOf(name: CityName): City {
  return CITIES.find((city) => city.name === name)!;
}

export const citiesIn = (country: string) => CITIES.filter((city) => city.country === country);

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Great-circle distance in km (haversine, radius 6,371 km). */
export function distanceKm(one: City, other: City): number {
  const half = (from: number, to: number) => Math.sin((radians(to) - radians(from)) / 2) ** 2;
  const across = Math.cos(radians(one.lat)) * Math.cos(radians(other.lat));
  return 12_742 * Math.asin(Math.sqrt(half(one.lat, other.lat) + across * half(one.lon, other.lon)));
}
