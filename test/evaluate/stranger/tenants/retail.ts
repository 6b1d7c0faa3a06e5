import { APPS } from '../apps.ts';
import { anyReach } from '../attacks/intruder.ts';
import { dormantAccount, failedAttacks, fatigue, oneHandset, simSwap, spray } from '../attacks/passwords.ts';
import { adminAbused, colleague, helpDeskFooled } from '../attacks/people.ts';
import { aitm, deviceCode, quietVisits, stolenToken } from '../attacks/phishing.ts';
import { desktopRounds, lostPhones, sharedTelephones } from '../benign/help-desk.ts';
import { journeys, relays } from '../benign/journeys.ts';
import { newcomers } from '../benign/onboarding.ts';
import { forgottenPasswords, loseEnds, newNumbers, newPhones, secondMethods } from '../benign/phones.ts';
import { newKiosk } from '../devices.ts';
import { PLACES, provider } from '../places.ts';
import { populate, type Site, site } from '../population.ts';
import { live } from '../routine.ts';
import { appointHelpDesk, dormantAccounts, servicesOfMicrosoft } from '../staff.ts';
import { DAY } from '../time.ts';
import { World } from '../world.ts';

/** Shops in Ohio: shifts on seven days, tills and back offices that everybody shares, text messages, no device ids, no P2. */
export function retail(seed: number): World {
  const startMs = Date.UTC(2026, 7, 24);
  const world = new World(
    {
      kind: 'retail',
      domain: 'buckeye-stores.example',
      users: 850,
      days: 35,
      startMs,
      p2: false,
      identityInfo: false,
      withoutColumns: ['SessionId', 'UniqueTokenIdentifier', 'HomeTenantId'],
      asnMissing: 0,
      ingestionTime: true,
      mfaShare: 0.35,
      holidays: [startMs + 14 * DAY],
    },
    seed,
  );
  const random = world.random.stream('plan');
  const towns = [PLACES.columbus, PLACES.cleveland, PLACES.cincinnati];
  const shops = Array.from({ length: 14 }, (_, nth) => {
    const place = towns[nth % 3]!;
    return site(
      random.stream(`shop${nth}`),
      random.pick([provider(7922, 'Comcast Business'), provider(10796, 'Spectrum'), provider(7018, 'AT&T')]),
      place,
      1,
      [place],
      [PLACES.chicago, PLACES.columbus, PLACES.ashburn],
      undefined,
      1,
    );
  });
  const kiosks = new Map(shops.map((shop) => [shop, [newKiosk(random), newKiosk(random), newKiosk(random)]]));
  populate(world, {
    sites: shops,
    departments: [
      ['Sales floor', ['Associate', 'Shift Lead']],
      ['Stock', ['Associate']],
      ['Store office', ['Store Manager', 'Bookkeeper']],
    ],
    managedPc: 0.1,
    managedPhone: 0,
    hybrid: false,
    v6: 0.35,
    vpnShare: 0,
    remoteShare: [0, 0.15],
    phoneShare: [0.35, 0.8],
    perDay: 1.8,
    shift: true,
    unregistered: 0.22,
    methods: [
      [['sms'], 7],
      [['app'], 2],
      [['sms', 'app'], 1.5],
      [['call'], 0.5],
      [['sms', 'email'], 1],
    ],
    joiners: 0.09,
    leavers: 0.07,
    kiosks: (shop: Site) => kiosks.get(shop) ?? [],
  });
  const helpDesk = appointHelpDesk(world, 4);
  const dormant = dormantAccounts(world, 12);
  relays(world, 0.02);
  newcomers(world, helpDesk);

  const attacks = world.random.stream('attacks');
  spray(world, attacks, 'one-address', 'hosting', 3);
  spray(world, attacks, 'many-addresses', 'hosting-same-country', 2);
  spray(world, attacks, 'slow', anyReach(attacks), 1);
  dormantAccount(world, attacks, dormant[0]!, anyReach(attacks));
  dormantAccount(world, attacks, dormant[1]!, 'resident-same-country');
  aitm(world, attacks, { scenario: 'aitm', reach: 'hosting-same-country', direct: true });
  aitm(world, attacks, { scenario: 'aitm', reach: anyReach(attacks), direct: false });
  aitm(world, attacks, { scenario: 'residential-proxy', reach: 'resident-near', direct: false });
  aitm(world, attacks, { scenario: 'residential-proxy', reach: 'mobile-near', direct: false });
  aitm(world, attacks, { scenario: 'swap', reach: anyReach(attacks), direct: false, swaps: true, method: 'sms' });
  aitm(world, attacks, { scenario: 'delayed', reach: anyReach(attacks), direct: false, waits: attacks.whole(1, 5) });
  stolenToken(world, attacks, anyReach(attacks));
  fatigue(world, attacks, anyReach(attacks), false);
  simSwap(world, attacks, anyReach(attacks));
  simSwap(world, attacks, 'resident-same-country');
  helpDeskFooled(world, attacks, helpDesk, anyReach(attacks));
  helpDeskFooled(world, attacks, helpDesk, 'hosting');
  adminAbused(world, attacks, helpDesk, anyReach(attacks), attacks.whole(2, 4));
  oneHandset(world, attacks, attacks.whole(3, 5));
  colleague(world, attacks);
  quietVisits(world, attacks, 'hosting-same-country');
  deviceCode(world, attacks, anyReach(attacks));
  failedAttacks(world, attacks);

  journeys(world, 0.02, 0.1, [PLACES.dallas, PLACES.newYork, PLACES.monterrey, PLACES.madrid]);
  newPhones(world, 0.9);
  newNumbers(world, 0.35);
  forgottenPasswords(world, 0.5);
  secondMethods(world, 0.3);
  loseEnds(world, 0.1);
  lostPhones(world, 0.25, helpDesk);
  desktopRounds(world, 4, helpDesk);
  sharedTelephones(world, 4);
  servicesOfMicrosoft(world, 0.1);
  live(
    world,
    {
      own: [
        [APPS.roster, 8],
        [APPS.payroll, 2],
      ],
      refreshes: 2,
      failures: 0.09,
      denials: 0.004,
      weekend: 0.15,
    },
    new Set(dormant.map(({ id }) => id)),
  );
  return world;
}
