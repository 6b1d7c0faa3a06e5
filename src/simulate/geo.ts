/** A place as Entra prints it; `tz` = usual offset from UTC in hours (daylight saving is left out). */
export interface City {
  readonly name: string;
  readonly state: string;
  readonly country: string;
  readonly lat: number;
  readonly lon: number;
  readonly tz: number;
}

const ROWS = `
US|Seattle|Washington|47.61|-122.33|-7
US|Chicago|Illinois|41.88|-87.63|-5
US|New York City|New York|40.71|-74.01|-4
US|Austin|Texas|30.27|-97.74|-5
US|Boston|Massachusetts|42.36|-71.06|-4
US|Denver|Colorado|39.74|-104.99|-6
US|Las Vegas|Nevada|36.17|-115.14|-7
US|Ashburn|Virginia|39.04|-77.49|-4
GB|London|England|51.51|-0.13|1
GB|Manchester|England|53.48|-2.24|1
GB|Leeds|England|53.80|-1.55|1
GB|Edinburgh|Scotland|55.95|-3.19|1
DE|Berlin|Berlin|52.52|13.40|2
DE|Frankfurt am Main|Hessen|50.11|8.68|2
DE|Munich|Bayern|48.14|11.58|2
DE|Hamburg|Hamburg|53.55|9.99|2
FR|Paris|Ile-de-France|48.86|2.35|2
FR|Lyon|Auvergne-Rhone-Alpes|45.76|4.84|2
NL|Amsterdam|Noord-Holland|52.37|4.90|2
NL|Rotterdam|Zuid-Holland|51.92|4.48|2
IE|Dublin|Dublin|53.35|-6.26|1
ES|Madrid|Madrid|40.42|-3.70|2
ES|Barcelona|Cataluna|41.39|2.17|2
IT|Milan|Lombardia|45.46|9.19|2
IT|Rome|Lazio|41.90|12.50|2
PL|Warsaw|Mazowieckie|52.23|21.01|2
PL|Krakow|Malopolskie|50.06|19.94|2
SE|Stockholm|Stockholms Lan|59.33|18.07|2
CA|Toronto|Ontario|43.65|-79.38|-4
CA|Vancouver|British Columbia|49.28|-123.12|-7
BR|Sao Paulo|Sao Paulo|-23.55|-46.63|-3
MX|Mexico City|Ciudad de Mexico|19.43|-99.13|-6
MX|Cancun|Quintana Roo|21.16|-86.85|-5
IN|Bengaluru|Karnataka|12.97|77.59|5.5
IN|Mumbai|Maharashtra|19.08|72.88|5.5
SG|Singapore|Central Singapore|1.35|103.82|8
JP|Tokyo|Tokyo|35.68|139.69|9
AU|Sydney|New South Wales|-33.87|151.21|10
AE|Dubai|Dubayy|25.20|55.27|4
ZA|Cape Town|Western Cape|-33.92|18.42|2
NG|Lagos|Lagos|6.52|3.38|1
RO|Bucharest|Bucuresti|44.43|26.10|3
TR|Istanbul|Istanbul|41.01|28.98|3
UA|Kyiv|Kyiv|50.45|30.52|3
KR|Seoul|Seoul|37.57|126.98|9
ID|Denpasar|Bali|-8.65|115.22|8
MV|Male|Kaafu|4.18|73.51|5
TH|Bangkok|Bangkok|13.76|100.50|7
GR|Athens|Attiki|37.98|23.73|3
PT|Lisbon|Lisboa|38.72|-9.14|1
CH|Zurich|Zurich|47.38|8.54|2
AT|Vienna|Wien|48.21|16.37|2
DK|Copenhagen|Hovedstaden|55.68|12.57|2
NO|Oslo|Oslo|59.91|10.75|2
BE|Brussels|Brussels Hoofdstedelijk Gewest|50.85|4.35|2
CZ|Prague|Praha|50.08|14.44|2
VN|Ho Chi Minh City|Ho Chi Minh|10.82|106.63|7
CN|Shanghai|Shanghai|31.23|121.47|8
RU|Moscow|Moskva|55.75|37.62|3
`;

/** Every city of the synthetic world. */
export const CITIES: readonly City[] = ROWS.trim()
  .split('\n')
  .map((row) => {
    const [country, name, state, lat, lon, tz] = row.split('|') as [string, string, string, string, string, string];
    return { name, state, country, lat: Number(lat), lon: Number(lon), tz: Number(tz) };
  });

export const COUNTRIES: readonly string[] = [...new Set(CITIES.map((city) => city.country))];

const byName = new Map(CITIES.map((city) => [city.name, city]));
const byCountry = new Map(COUNTRIES.map((country) => [country, CITIES.filter((city) => city.country === country)]));

export function cityNamed(name: string): City {
  const city = byName.get(name);
  if (!city) throw new RangeError(`no city ${name} in the table`);
  return city;
}

/** Cities of a country; empty when the table has none. */
export function citiesOf(country: string): readonly City[] {
  return byCountry.get(country) ?? [];
}
