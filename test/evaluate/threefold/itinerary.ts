import { anyLink, type Link, linkOf } from './networks.ts';
import { homeLink, isIn, type Person, type Trip, tripOn } from './people.ts';
import { type City, distanceKm } from './places.ts';
import { atHour, DAY, HOUR, officeOf, type World } from './world.ts';

/** A time at one place on one network; Unix ms. */
export interface Stay {
  readonly from: number;
  readonly until: number;
  readonly city: City;
  readonly link: Link;
  /** Whether the computer is used here. */
  readonly working: boolean;
  /** Whether the phone is on this network too, not on its carrier's. */
  readonly wifi: boolean;
}

/** Hours on the way, door to door. */
const hoursBetween = (one: City, other: City) => {
  const km = distanceKm(one, other);
  return km < 450 ? 1 + km / 90 : 4 + km / 780;
};

const isHoliday = ({ kind }: World, day: number) => kind.holidays.includes(day);

/** Whether somebody works on a day; those in shifts work on weekends too, on four days of six. */
export function works(world: World, person: Person, day: number): boolean {
  if (!isIn(person, day) || person.dormant) return false;
  if (person.role.shift === 'rota') return (day + person.favourites[0]!) % 6 < 4;
  if (person.role.shift === 'any') return day % 7 < 5 ? true : person.dice.fork(`weekend ${day}`).chance(0.25);
  return day % 7 < 5 && !isHoliday(world, day);
}

function dayAtHome(world: World, person: Person, day: number): readonly Stay[] {
  const { city, role } = person;
  const dice = person.dice.fork(`stays ${day}`);
  const home = homeLink(person, day);
  // The university's network at home, the same through the weeks.
  const desk = role.visits === true && dice.chance(0.6) ? anyLink(person.dice.fork('campus'), 'campus', city) : home;
  const at = (hour: number) => atHour(world, city, day, hour);
  const office = world.offices.get(city.name) ?? officeOf(world, city);
  const sameCity = distanceKm(office[0]!.shown, city) < 80;
  const start = person.startHour + (person.shifts[Math.floor(day / 7) % person.shifts.length] ?? 0) + dice.gauss() * 0.3;
  const end = start + role.hours + dice.gauss() * 0.5;
  const stay = (from: number, until: number, link: Link, working: boolean, wifi = true): Stay => ({
    from: at(from),
    until: at(until),
    city,
    link,
    working,
    wifi,
  });
  const carrier = () => linkOf(dice, person.carrier, city);
  const before = Math.min(start - 0.7, 6.5);
  const isWorking = works(world, person, day);
  const atOffice = sameCity && (role.officeDays === 5 || person.officeWeekdays.has(day % 7));
  if (!isWorking) return [stay(8, 12, home, false), stay(12.1, 15, carrier(), false, false), stay(15.2, 23, home, dice.chance(0.15))];
  if (role.computer === 'none') {
    const parts = [0, 0.25, 0.5, 0.75].map((part) =>
      stay(start + part * role.hours, start + (part + 0.24) * role.hours, carrier(), true, false),
    );
    return [stay(before, start - 0.1, home, false), ...parts, stay(end + 0.5, end + 3, home, false)];
  }
  if (!atOffice)
    return [
      stay(before, start, home, false),
      stay(start, end, desk, true),
      stay(end, end + 1.2, carrier(), false, false),
      stay(end + 1.3, end + 5, home, dice.chance(0.2)),
    ];
  return [
    stay(before, start - 0.8, home, false),
    stay(start - 0.7, start - 0.1, carrier(), false, false),
    stay(start, end, dice.pick(office), true, dice.chance(0.7)),
    stay(end + 0.1, end + 0.8, carrier(), false, false),
    stay(end + 0.9, end + 4, home, dice.chance(0.15)),
  ];
}

function dayOfTrip(world: World, person: Person, day: number, trip: Trip): readonly Stay[] {
  const dice = person.dice.fork(`trip ${trip.from}`);
  const hotel = anyLink(dice, 'hotel', trip.city);
  const office = world.offices.get(trip.city.name);
  const desk = office === undefined ? hotel : dice.pick(office);
  const campus = office === undefined && person.role.computer === 'own' && dice.chance(0.6) ? anyLink(dice, 'campus', trip.city) : desk;
  const roaming = dice.chance(0.5);
  const today = person.dice.fork(`abroad ${day}`);
  const way = hoursBetween(person.city, trip.city);
  const leaves = atHour(world, person.city, trip.from, 7.5);
  const departs = atHour(world, trip.city, trip.until, 13);
  const mobile = roaming ? { ...linkOf(today, person.carrier, person.city), site: trip.city } : anyLink(today, 'carrier', trip.city);
  const stays: Stay[] = [];
  const add = (from: number, until: number, city: City, link: Link, working: boolean, wifi: boolean) => {
    if (until > from) stays.push({ from, until, city, link, working, wifi });
  };
  const home = homeLink(person, day);
  if (day === trip.from) add(leaves - 1.5 * HOUR, leaves, person.city, home, false, true);
  const arrived = leaves + way * HOUR;
  const at = (hour: number) => atHour(world, trip.city, day, hour);
  const within = (from: number, until: number): [number, number] => [Math.max(at(from), arrived), Math.min(at(until), departs)];
  add(...within(7, 9), trip.city, hotel, false, true);
  add(...within(9.2, 12.5), trip.city, campus, true, true);
  add(...within(12.6, 14), trip.city, mobile, false, false);
  add(...within(14.1, 18), trip.city, campus, true, dice.chance(0.6));
  add(...within(19, 23), trip.city, hotel, today.chance(0.4), true);
  const back = departs + way * HOUR;
  if (day === trip.until)
    add(back, Math.max(back, back + 2 * HOUR), person.city, homeLink(person, Math.min(day + 1, world.kind.days - 1)), false, true);
  return stays;
}

interface PlannedDay {
  readonly stays: readonly Stay[];
  /** Where the last stay up to this day ended. */
  readonly last: Pick<Stay, 'until' | 'city'> | undefined;
}

/** Days once planned; a person whose journeys change is planned anew. */
const planned = new WeakMap<readonly Trip[], PlannedDay[]>();

/** One day after all before it: nobody is at a place sooner than the way from the last one takes. */
function planDay(world: World, person: Person, day: number, before: PlannedDay['last']): PlannedDay {
  if (!isIn(person, day) || person.dormant) return { stays: [], last: before };
  const trip = tripOn(person, day);
  const wished = trip === undefined ? dayAtHome(world, person, day) : dayOfTrip(world, person, day, trip);
  const stays: Stay[] = [];
  let last = before;
  for (const stay of [...wished].sort((a, b) => a.from - b.from)) {
    const way = last === undefined || last.city === stay.city ? 0 : hoursBetween(last.city, stay.city) * HOUR;
    const from = Math.round(Math.max(stay.from, world.start, last === undefined ? 0 : last.until + way));
    const until = Math.round(Math.min(stay.until, world.end));
    if (until - from < 0.1 * HOUR) continue;
    const fitting = { ...stay, from, until };
    stays.push(fitting);
    last = fitting;
  }
  return { stays, last };
}

/** Where somebody is on a day, in order of time; nothing where they are not in the company or on leave. */
export function staysOn(world: World, person: Person, day: number): readonly Stay[] {
  const days = planned.get(person.trips) ?? [];
  planned.set(person.trips, days);
  for (let next = days.length; next <= day; next++) days.push(planDay(world, person, next, days[next - 1]?.last));
  return days[day]!.stays;
}

/** The stay of a day in which somebody is at a time, or else the nearest. */
export function stayAt(world: World, person: Person, time: number): Stay | undefined {
  const day = Math.floor((time - world.start) / DAY);
  const near = [day - 1, day].flatMap((one) => staysOn(world, person, Math.max(0, one)));
  return near.find(({ from, until }) => time >= from && time <= until);
}
