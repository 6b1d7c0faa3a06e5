import { refuse } from '../context.ts';
import { quoteReal } from '../quote.ts';
import { constantText, type Scalar } from '../scalar.ts';
import type { Call, FunctionRow } from './row.ts';

type Units = Readonly<Record<string, number>>;

/** In metres, kilograms, joules ...: units whose size is defined, not measured. */
const LENGTH: Units = {
  Angstrom: 1e-10,
  AstronomicalUnit: 149_597_870_700,
  Centimeter: 0.01,
  Chain: 20.1168,
  Decameter: 10,
  Decimeter: 0.1,
  Fathom: 1.8288,
  Foot: 0.3048,
  Hand: 0.1016,
  Hectometer: 100,
  Inch: 0.0254,
  Kilometer: 1000,
  Meter: 1,
  Microinch: 2.54e-8,
  Micrometer: 1e-6,
  Mil: 2.54e-5,
  Mile: 1609.344,
  Millimeter: 0.001,
  Nanometer: 1e-9,
  NauticalMile: 1852,
  Yard: 0.9144,
};
const MASS: Units = {
  Centigram: 1e-5,
  Decagram: 0.01,
  Decigram: 1e-4,
  Grain: 6.479891e-5,
  Gram: 0.001,
  Hectogram: 0.1,
  Kilogram: 1,
  Kilopound: 453.59237,
  Kilotonne: 1e6,
  Megapound: 453_592.37,
  Megatonne: 1e9,
  Microgram: 1e-9,
  Milligram: 1e-6,
  Nanogram: 1e-12,
  Ounce: 0.028349523125,
  LongHundredweight: 50.80234544,
  LongTon: 1016.0469088,
  Pound: 0.45359237,
  ShortHundredweight: 45.359237,
  ShortTon: 907.18474,
  Stone: 6.35029318,
  Tonne: 1000,
};
const ENERGY: Units = {
  BritishThermalUnit: 1055.05585262,
  Calorie: 4.184,
  Erg: 1e-7,
  Gigajoule: 1e9,
  GigawattHour: 3.6e12,
  Joule: 1,
  Kilocalorie: 4184,
  Kilojoule: 1000,
  KilowattDay: 8.64e7,
  KilowattHour: 3.6e6,
  Megacalorie: 4.184e6,
  Megajoule: 1e6,
  MegawattDay: 8.64e10,
  MegawattHour: 3.6e9,
  Millijoule: 0.001,
  TerawattHour: 3.6e15,
  WattDay: 86_400,
  WattHour: 3600,
};
const FORCE: Units = {
  Decanewton: 10,
  Dyn: 1e-5,
  KilogramForce: 9.80665,
  Kilonewton: 1000,
  KiloPond: 9.80665,
  Meganewton: 1e6,
  Micronewton: 1e-6,
  Millinewton: 0.001,
  KilopoundForce: 4448.2216152605,
  Newton: 1,
  OunceForce: 0.2780138509537812,
  PoundForce: 4.4482216152605,
  ShortTonForce: 8896.443230521,
  TonneForce: 9806.65,
};
const ANGLE: Units = {
  Arcminute: 1 / 60,
  Arcsecond: 1 / 3600,
  Centiradian: 1.8 / Math.PI,
  Deciradian: 18 / Math.PI,
  Degree: 1,
  Gradian: 0.9,
  Microdegree: 1e-6,
  Microradian: 180 / Math.PI / 1e6,
  Millidegree: 0.001,
  Milliradian: 180 / Math.PI / 1000,
  Nanodegree: 1e-9,
  Nanoradian: 180 / Math.PI / 1e9,
  Radian: 180 / Math.PI,
  Revolution: 360,
};
const SPEED: Units = perTime({
  Centimeter: 0.01,
  Decimeter: 0.1,
  Foot: 0.3048,
  Inch: 0.0254,
  Kilometer: 1000,
  Meter: 1,
  Micrometer: 1e-6,
  Mile: 1609.344,
  Millimeter: 0.001,
  Nanometer: 1e-9,
  Yard: 0.9144,
});
const CUBIC_FOOT = 0.028316846592;
const VOLUME: Units = {
  // As the engine has it: the foot is not quite that of 1959.
  AcreFoot: 1 / 0.000810714,
  BoardFoot: CUBIC_FOOT / 12,
  Centiliter: 1e-5,
  CubicCentimeter: 1e-6,
  CubicDecimeter: 0.001,
  CubicFoot: CUBIC_FOOT,
  CubicHectometer: 1e6,
  CubicInch: 1.6387064e-5,
  CubicKilometer: 1e9,
  CubicMeter: 1,
  CubicMicrometer: 1e-18,
  CubicMile: 147_197_952_000 * CUBIC_FOOT,
  CubicMillimeter: 1e-9,
  CubicYard: 0.764554857984,
  Decaliter: 0.01,
  Deciliter: 1e-4,
  HectocubicFoot: 100 * CUBIC_FOOT,
  HectocubicMeter: 100,
  Hectoliter: 0.1,
  ImperialGallon: 0.00454609,
  ImperialPint: 0.00454609 / 8,
  KilocubicFoot: 1000 * CUBIC_FOOT,
  KilocubicMeter: 1000,
  KiloimperialGallon: 4.54609,
  Kiloliter: 1,
  Liter: 0.001,
  MegacubicFoot: 1e6 * CUBIC_FOOT,
  MegaimperialGallon: 4546.09,
  Megaliter: 1000,
  Microliter: 1e-9,
  Milliliter: 1e-6,
};

function perTime(lengths: Units): Units {
  const times = { Hour: 3600, Minute: 60, Second: 1 };
  const units = Object.entries(lengths).flatMap(([length, metres]) =>
    Object.entries(times).map(([time, seconds]) => [`${length}Per${time}`, metres / seconds] as const),
  );
  return { ...Object.fromEntries(units), Knot: 1852 / 3600 };
}

/** Kelvin of a degree, and of the scale's zero. */
const TEMPERATURE: Readonly<Record<string, readonly [factor: number, zero: number]>> = {
  Kelvin: [1, 0],
  DegreeCelsius: [1, 273.15],
  MillidegreeCelsius: [0.001, 273.15],
  DegreeFahrenheit: [5 / 9, 459.67 * (5 / 9)],
  DegreeRankine: [5 / 9, 0],
};

function chosen<T>(call: Call, units: Readonly<Record<string, T>>, name: string): [T, T] | undefined {
  const names = [constantText(call.args[1]), constantText(call.args[2])];
  if (names.every((n): n is string => n !== undefined && Object.hasOwn(units, n))) return [units[names[0]!]!, units[names[1]!]!];
  refuse(call.scope, call.node, name, `from ${names[0]} to ${names[1]}`);
  return undefined;
}

function factors(name: string, units: Units): FunctionRow {
  const emit = (call: Call): Scalar => {
    const found = chosen(call, units, name) ?? [1, 1];
    return { sql: `(${call.args[0]!.sql} * ${quoteReal(found[0])} / ${quoteReal(found[1])})`, type: 'real' };
  };
  return { name, takes: ['real', 'string', 'string'], returns: 'real', emit };
}

/** Conversions between units whose ratio is defined exactly. */
export const units: readonly FunctionRow[] = [
  factors('convert_length', LENGTH),
  factors('convert_mass', MASS),
  factors('convert_energy', ENERGY),
  factors('convert_force', FORCE),
  factors('convert_angle', ANGLE),
  factors('convert_speed', SPEED),
  factors('convert_volume', VOLUME),
  {
    name: 'convert_temperature',
    takes: ['real', 'string', 'string'],
    returns: 'real',
    emit: (call) => {
      const [from, to] = chosen(call, TEMPERATURE, 'convert_temperature') ?? [[1, 0] as const, [1, 0] as const];
      const kelvin = `(${call.args[0]!.sql} * ${quoteReal(from[0])} + ${quoteReal(from[1])})`;
      return { sql: `((${kelvin} - ${quoteReal(to[1])}) / ${quoteReal(to[0])})`, type: 'real' };
    },
  },
];
