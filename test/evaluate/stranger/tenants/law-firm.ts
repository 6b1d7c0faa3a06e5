import { APPS } from '../apps.ts';
import { anyReach } from '../attacks/intruder.ts';
import { dormantAccount, failedAttacks, fatigue, oneHandset, simSwap, spray } from '../attacks/passwords.ts';
import { adminAbused, colleague, helpDeskFooled } from '../attacks/people.ts';
import { aitm, foreignPasskey, quietVisits, stolenToken } from '../attacks/phishing.ts';
import { copiedAddresses, lostPhones } from '../benign/help-desk.ts';
import { journeys, relays } from '../benign/journeys.ts';
import { newcomers } from '../benign/onboarding.ts';
import { forgottenPasswords, loseEnds, newNumbers, newPhones, secondMethods } from '../benign/phones.ts';
import { PLACES, provider } from '../places.ts';
import { populate, site } from '../population.ts';
import { live } from '../routine.ts';
import { identityRows } from '../rows/identity.ts';
import { appointHelpDesk, dormantAccounts, servicesOfMicrosoft } from '../staff.ts';
import { DAY } from '../time.ts';
import { World } from '../world.ts';

/** A law firm of some hundred people in London, with offices in Paris and New York: managed computers, much travel, P2. */
export function lawFirm(seed: number): World {
  const startMs = Date.UTC(2026, 8, 7);
  const world = new World(
    {
      kind: 'law-firm',
      domain: 'hartwell-lisle.example',
      users: 320,
      days: 38,
      startMs,
      p2: true,
      identityInfo: true,
      withoutColumns: [],
      asnMissing: 0.002,
      ingestionTime: true,
      mfaShare: 0.85,
      holidays: [startMs + 21 * DAY],
    },
    seed,
  );
  const random = world.random.stream('plan');
  const near = [PLACES.reading, PLACES.london, PLACES.manchester];
  populate(world, {
    sites: [
      site(random, provider(8560, 'Colt'), PLACES.london, 7, near, near, 'London office', 3),
      site(random, provider(3215, 'Orange Business'), PLACES.paris, 1.5, [PLACES.paris], [PLACES.paris, PLACES.lyon], 'Paris office', 1),
      site(
        random,
        provider(6128, 'Cablevision Lightpath'),
        PLACES.newYork,
        1.5,
        [PLACES.newYork],
        [PLACES.newYork, PLACES.ashburn],
        'New York office',
        1,
      ),
    ],
    departments: [
      ['Litigation', ['Partner', 'Associate', 'Paralegal']],
      ['Corporate', ['Partner', 'Associate']],
      ['Tax', ['Counsel', 'Associate']],
      ['Operations', ['Assistant', 'Accountant', 'IT Engineer']],
    ],
    managedPc: 0.97,
    managedPhone: 0.75,
    hybrid: true,
    v6: 0.25,
    vpnShare: 0,
    remoteShare: [0.1, 0.6],
    phoneShare: [0.25, 0.55],
    perDay: 4,
    shift: false,
    unregistered: 0.04,
    methods: [
      [['app', 'sms'], 6],
      [['app', 'hello'], 5],
      [['app'], 3],
      [['sms'], 0.5],
      [['app', 'fido'], 0.5],
    ],
    joiners: 0.035,
    leavers: 0.02,
  });
  const helpDesk = appointHelpDesk(world, 5);
  const dormant = dormantAccounts(world, 5);
  relays(world, 0.05);
  newcomers(world, helpDesk);

  const attacks = world.random.stream('attacks');
  aitm(world, attacks, { scenario: 'aitm', reach: 'hosting', direct: true });
  aitm(world, attacks, { scenario: 'aitm', reach: anyReach(attacks), direct: false });
  aitm(world, attacks, { scenario: 'residential-proxy', reach: 'resident-near', direct: false });
  aitm(world, attacks, { scenario: 'residential-proxy', reach: 'resident-near', direct: false });
  aitm(world, attacks, { scenario: 'delayed', reach: anyReach(attacks), direct: false, waits: attacks.whole(2, 7) });
  aitm(world, attacks, { scenario: 'delayed', reach: anyReach(attacks), direct: false, waits: attacks.whole(2, 7) });
  aitm(world, attacks, { scenario: 'swap', reach: anyReach(attacks), direct: false, swaps: true, method: 'app' });
  stolenToken(world, attacks, anyReach(attacks));
  stolenToken(world, attacks, 'resident-same-country');
  fatigue(world, attacks, anyReach(attacks), true);
  helpDeskFooled(world, attacks, helpDesk, anyReach(attacks));
  helpDeskFooled(world, attacks, helpDesk, 'resident-same-country');
  adminAbused(world, attacks, helpDesk, anyReach(attacks), attacks.whole(2, 3));
  dormantAccount(world, attacks, dormant[0]!, anyReach(attacks));
  spray(world, attacks, 'slow', 'hosting', 1);
  oneHandset(world, attacks, 3);
  quietVisits(world, attacks, 'resident-same-country');
  quietVisits(world, attacks, 'bought-vpn');
  colleague(world, attacks);
  simSwap(world, attacks, anyReach(attacks));
  foreignPasskey(world, attacks, anyReach(attacks));
  failedAttacks(world, attacks);

  journeys(world, 0.3, 0.06, [
    PLACES.paris,
    PLACES.newYork,
    PLACES.zurich,
    PLACES.dubai,
    PLACES.singapore,
    PLACES.hongKong,
    PLACES.madrid,
    PLACES.brussels,
  ]);
  newPhones(world, 1.1);
  newNumbers(world, 0.15);
  forgottenPasswords(world, 0.2);
  secondMethods(world, 0.8);
  loseEnds(world, 0.15);
  lostPhones(world, 0.3, helpDesk);
  copiedAddresses(world, 10, helpDesk);
  servicesOfMicrosoft(world, 0.3);
  live(
    world,
    { own: [[APPS.documents, 4]], refreshes: 5, failures: 0.05, denials: 0.004, weekend: 0.25 },
    new Set(dormant.map(({ id }) => id)),
  );
  identityRows(world);
  return world;
}
