import { newPhone } from '../devices.ts';
import { homeLine, type Line, poolLine } from '../networks.ts';
import { BROADBAND, HOSTING, MOBILE, type Place } from '../places.ts';
import { DAY, HOUR, localTime } from '../time.ts';
import type { World } from '../world.ts';
import { decoy, plan, registerOwn } from './acts.ts';

/** Business trips and holidays abroad with the laptop; some lose or buy a phone there and register it. */
export function journeys(world: World, share: number, registering: number, places: readonly Place[]): void {
  const random = world.random.stream('journeys');
  for (const person of world.people) {
    if (person.kind !== 'member' || person.from > 0 || !random.chance(share)) continue;
    const from = world.traits.startMs + random.between(1, world.traits.days - 4) * DAY;
    const until =
      from +
      random.weighted([
        [random.between(1, 4), 6],
        [random.between(5, 12), 3],
      ]) *
        DAY;
    const place = random.pick(places.filter((one) => one !== person.place));
    const hotel = homeLine(random.pick(BROADBAND[place.country]!), place, random);
    const roaming = poolLine(
      (MOBILE[place.country] ?? BROADBAND[place.country]!).map(({ asn }) => asn),
      place,
      random,
    );
    const line: Line = (at) => (random.chance(0.7) ? hotel : roaming)(at);
    person.trips.push({ from, until, line, place });
    if (!random.chance(registering) || world.isCast(person)) continue;
    world.reserve(person);
    const day = Math.floor(random.between(from + 0.4 * DAY, until) / DAY) * DAY;
    const at = Math.min(Math.max(localTime(day, random.between(8, 23), place.zone), from + HOUR), world.endMs - HOUR);
    plan(person, at, () => {
      const next = newPhone(random, { managed: false });
      const onPc = random.chance(0.6);
      const spot = hotel(at);
      const done = registerOwn(world, random, person, {
        at,
        spot,
        device: onPc ? person.pc : next,
        method: random.chance(0.7) ? 'app' : 'sms',
        handset: { ...person.handset, deviceToken: `apns2-${random.hex(48)}`, appId: random.guid() },
      });
      person.phone = next;
      decoy(world, 'registers-abroad', [person], at, at, done.ids);
    });
  }
}

/** People whose browser goes through a private relay or a bought VPN on some days; a few of them register that way. */
export function relays(world: World, share: number): void {
  const random = world.random.stream('relays');
  for (const person of world.people) {
    if (person.kind !== 'member' || person.pc.kind === 'kiosk' || !random.chance(share)) continue;
    const apple = random.chance(0.6);
    const relay = apple ? poolLine([13335, 36183, 54113], person.place, random) : boughtVpn(random, person.place);
    person.relay = relay;
    if (world.isCast(person) || !random.chance(0.1)) continue;
    world.reserve(person);
    const at = localTime(world.traits.startMs + random.whole(8, world.traits.days - 2) * DAY, random.between(8, 21), person.zone);
    plan(person, at, () => {
      const done = registerOwn(world, random, person, { at, spot: relay(at), device: person.pc, method: 'passkey' });
      decoy(world, 'through-relay', [person], at, at, done.ids);
    });
  }
}

function boughtVpn(random: World['random'], place: Place): Line {
  const [provider, places] = random.pick(HOSTING.filter(([{ asn }]) => asn === 9009 || asn === 212238));
  const exit = places.find(({ country }) => country === place.country) ?? random.pick(places);
  return poolLine([provider.asn], exit, random);
}
