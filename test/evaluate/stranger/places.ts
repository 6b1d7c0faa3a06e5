export interface Place {
  readonly city: string;
  readonly state: string;
  readonly country: string;
  readonly lat: number;
  readonly lon: number;
  /** Hours east of UTC. */
  readonly zone: number;
}

function place(city: string, state: string, country: string, lat: number, lon: number, zone: number): Place {
  return { city, state, country, lat, lon, zone };
}

export const PLACES = {
  london: place('London', 'England', 'GB', 51.51, -0.13, 1),
  manchester: place('Manchester', 'England', 'GB', 53.48, -2.24, 1),
  reading: place('Reading', 'England', 'GB', 51.45, -0.98, 1),
  leeds: place('Leeds', 'England', 'GB', 53.8, -1.55, 1),
  paris: place('Paris', 'Paris', 'FR', 48.86, 2.35, 2),
  lyon: place('Lyon', 'Rhone', 'FR', 45.76, 4.84, 2),
  brussels: place('Brussels', 'Brussels', 'BE', 50.85, 4.35, 2),
  amsterdam: place('Amsterdam', 'Noord-Holland', 'NL', 52.37, 4.9, 2),
  newYork: place('New York', 'New York', 'US', 40.71, -74.01, -4),
  chicago: place('Chicago', 'Illinois', 'US', 41.88, -87.63, -5),
  columbus: place('Columbus', 'Ohio', 'US', 39.96, -83.0, -4),
  cleveland: place('Cleveland', 'Ohio', 'US', 41.5, -81.69, -4),
  cincinnati: place('Cincinnati', 'Ohio', 'US', 39.1, -84.51, -4),
  dallas: place('Dallas', 'Texas', 'US', 32.78, -96.8, -5),
  ashburn: place('Ashburn', 'Virginia', 'US', 39.04, -77.49, -4),
  munich: place('Munich', 'Bayern', 'DE', 48.14, 11.58, 2),
  kassel: place('Kassel', 'Hessen', 'DE', 51.31, 9.49, 2),
  goettingen: place('Goettingen', 'Niedersachsen', 'DE', 51.54, 9.93, 2),
  frankfurt: place('Frankfurt am Main', 'Hessen', 'DE', 50.11, 8.68, 2),
  berlin: place('Berlin', 'Berlin', 'DE', 52.52, 13.4, 2),
  warsaw: place('Warsaw', 'Mazowieckie', 'PL', 52.23, 21.01, 2),
  wroclaw: place('Wroclaw', 'Dolnoslaskie', 'PL', 51.11, 17.03, 2),
  madrid: place('Madrid', 'Madrid', 'ES', 40.42, -3.7, 2),
  milan: place('Milan', 'Lombardia', 'IT', 45.46, 9.19, 2),
  zurich: place('Zurich', 'Zurich', 'CH', 47.38, 8.54, 2),
  dubai: place('Dubai', 'Dubai', 'AE', 25.2, 55.27, 4),
  singapore: place('Singapore', 'Singapore', 'SG', 1.35, 103.82, 8),
  pune: place('Pune', 'Maharashtra', 'IN', 18.52, 73.86, 5.5),
  mumbai: place('Mumbai', 'Maharashtra', 'IN', 19.08, 72.88, 5.5),
  saoPaulo: place('Sao Paulo', 'Sao Paulo', 'BR', -23.55, -46.63, -3),
  monterrey: place('Monterrey', 'Nuevo Leon', 'MX', 25.67, -100.31, -6),
  lagos: place('Lagos', 'Lagos', 'NG', 6.52, 3.38, 1),
  bucharest: place('Bucharest', 'Bucuresti', 'RO', 44.43, 26.1, 3),
  moscow: place('Moscow', 'Moscow', 'RU', 55.76, 37.62, 3),
  kyiv: place('Kyiv', 'Kyiv', 'UA', 50.45, 30.52, 3),
  istanbul: place('Istanbul', 'Istanbul', 'TR', 41.01, 28.98, 3),
  hongKong: place('Hong Kong', 'Hong Kong', 'HK', 22.32, 114.17, 8),
} as const satisfies Record<string, Place>;

export interface Provider {
  readonly asn: number;
  readonly name: string;
}

/** Broadband and mobile networks by country; autonomous system numbers are those of the real companies. */
export const BROADBAND: Readonly<Record<string, readonly Provider[]>> = {
  GB: [provider(2856, 'BT'), provider(5089, 'Virgin Media'), provider(5607, 'Sky UK'), provider(13285, 'TalkTalk')],
  FR: [provider(3215, 'Orange'), provider(12322, 'Free'), provider(15557, 'SFR')],
  BE: [provider(5432, 'Proximus'), provider(6848, 'Telenet')],
  NL: [provider(1136, 'KPN'), provider(33915, 'Ziggo')],
  US: [
    provider(7922, 'Comcast'),
    provider(7018, 'AT&T'),
    provider(701, 'Verizon'),
    provider(20115, 'Charter'),
    provider(10796, 'Spectrum'),
  ],
  DE: [provider(3320, 'Deutsche Telekom'), provider(3209, 'Vodafone'), provider(6805, 'Telefonica'), provider(8881, '1&1 Versatel')],
  PL: [provider(5617, 'Orange Polska'), provider(12912, 'T-Mobile'), provider(6830, 'UPC')],
  ES: [provider(3352, 'Telefonica'), provider(12479, 'Orange')],
  IT: [provider(3269, 'TIM'), provider(30722, 'Vodafone')],
  CH: [provider(3303, 'Swisscom'), provider(6730, 'Sunrise')],
  AE: [provider(5384, 'Etisalat'), provider(15802, 'du')],
  SG: [provider(7473, 'Singtel'), provider(9506, 'StarHub')],
  IN: [provider(24560, 'Airtel'), provider(9829, 'BSNL'), provider(17488, 'Hathway')],
  BR: [provider(28573, 'Claro'), provider(27699, 'Vivo')],
  MX: [provider(8151, 'Telmex'), provider(13999, 'Megacable')],
  NG: [provider(37282, 'MainOne'), provider(29465, 'MTN')],
  RO: [provider(8708, 'RCS & RDS'), provider(9050, 'Orange Romania')],
  RU: [provider(12389, 'Rostelecom'), provider(8402, 'Vimpelcom')],
  UA: [provider(15895, 'Kyivstar'), provider(13188, 'Content Delivery')],
  TR: [provider(9121, 'Turk Telekom'), provider(34984, 'Superonline')],
  HK: [provider(4760, 'HKT'), provider(9269, 'HKBN')],
};

export const MOBILE: Readonly<Record<string, readonly Provider[]>> = {
  GB: [provider(12576, 'EE'), provider(25135, 'Vodafone'), provider(206067, 'Three'), provider(35228, 'O2')],
  FR: [provider(3215, 'Orange'), provider(51207, 'Free Mobile'), provider(5410, 'Bouygues')],
  BE: [provider(5432, 'Proximus')],
  NL: [provider(50266, 'Odido'), provider(1136, 'KPN')],
  US: [provider(21928, 'T-Mobile'), provider(6167, 'Verizon Wireless'), provider(20057, 'AT&T Mobility')],
  DE: [provider(3320, 'Deutsche Telekom'), provider(3209, 'Vodafone'), provider(6805, 'Telefonica')],
  PL: [provider(39603, 'Play'), provider(5617, 'Orange Polska')],
  ES: [provider(12430, 'Vodafone')],
  IT: [provider(24608, 'Wind Tre')],
  CH: [provider(3303, 'Swisscom')],
  AE: [provider(5384, 'Etisalat')],
  SG: [provider(7473, 'Singtel')],
  IN: [provider(55836, 'Jio'), provider(45609, 'Airtel')],
  BR: [provider(26599, 'Vivo'), provider(26615, 'TIM')],
  MX: [provider(28403, 'Telcel'), provider(28469, 'AT&T')],
};

/** Hosting and anonymising networks an intruder buys a machine in. */
export const HOSTING: readonly (readonly [Provider, readonly Place[]])[] = [
  [provider(14061, 'DigitalOcean'), [PLACES.newYork, PLACES.london, PLACES.amsterdam, PLACES.frankfurt, PLACES.singapore]],
  [provider(16276, 'OVH'), [PLACES.paris, PLACES.london, PLACES.warsaw, PLACES.frankfurt]],
  [provider(24940, 'Hetzner'), [PLACES.frankfurt]],
  [provider(20473, 'Vultr'), [PLACES.newYork, PLACES.chicago, PLACES.dallas, PLACES.london, PLACES.amsterdam]],
  [provider(9009, 'M247'), [PLACES.bucharest, PLACES.london, PLACES.newYork, PLACES.paris, PLACES.warsaw, PLACES.zurich]],
  [provider(212238, 'Datacamp'), [PLACES.newYork, PLACES.london, PLACES.frankfurt, PLACES.madrid]],
  [provider(63949, 'Akamai Linode'), [PLACES.dallas, PLACES.london, PLACES.frankfurt, PLACES.mumbai]],
  [provider(62240, 'Clouvider'), [PLACES.london, PLACES.newYork, PLACES.amsterdam]],
  [provider(36352, 'HostPapa'), [PLACES.chicago, PLACES.dallas, PLACES.newYork]],
  [provider(8100, 'QuadraNet'), [PLACES.dallas, PLACES.chicago]],
];

/** Where Microsoft's own services act from. */
export const MICROSOFT: Provider = provider(8075, 'Microsoft');

export function provider(asn: number, name: string): Provider {
  return { asn, name };
}

/** Places an intruder sits in when they do not hide. */
export const FAR_PLACES: readonly Place[] = [
  PLACES.lagos,
  PLACES.bucharest,
  PLACES.moscow,
  PLACES.kyiv,
  PLACES.istanbul,
  PLACES.hongKong,
  PLACES.dubai,
];
