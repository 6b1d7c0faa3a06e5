import { APPS } from '../apps.ts';
import { anyReach } from '../attacks/intruder.ts';
import { dormantAccount, failedAttacks, fatigue, oneHandset, simSwap, spray } from '../attacks/passwords.ts';
import { adminAbused, colleague, helpDeskFooled, hiddenInDrive } from '../attacks/people.ts';
import { aitm, deviceCode, foreignPasskey, quietVisits, stolenToken } from '../attacks/phishing.ts';
import { desktopRounds, lostPhones, sharedTelephones } from '../benign/help-desk.ts';
import { journeys, relays } from '../benign/journeys.ts';
import { enrolmentDrive, newcomers } from '../benign/onboarding.ts';
import { forgottenPasswords, loseEnds, newNumbers, newPhones, secondMethods } from '../benign/phones.ts';
import { PLACES, provider } from '../places.ts';
import { populate, site } from '../population.ts';
import { live } from '../routine.ts';
import { identityRows } from '../rows/identity.ts';
import { appointHelpDesk, dormantAccounts, servicesOfMicrosoft } from '../staff.ts';
import { DAY } from '../time.ts';
import { World } from '../world.ts';

/** A manufacturer in Poland, India, Brazil and Mexico: carriers with CGN, many private telephones, a week of enrolment, no times of ingestion. */
export function manufacturer(seed: number): World {
  const startMs = Date.UTC(2026, 7, 31);
  const world = new World(
    {
      kind: 'manufacturer',
      domain: 'orlin-works.example',
      users: 1300,
      days: 33,
      startMs,
      p2: true,
      identityInfo: true,
      withoutColumns: [],
      asnMissing: 0.01,
      ingestionTime: false,
      mfaShare: 0.5,
      holidays: [startMs + 7 * DAY],
    },
    seed,
  );
  const random = world.random.stream('plan');
  populate(world, {
    sites: [
      site(
        random,
        provider(5617, 'Orange Polska'),
        PLACES.wroclaw,
        4,
        [PLACES.warsaw, PLACES.wroclaw],
        [PLACES.warsaw, PLACES.wroclaw],
        'Wroclaw plant',
        3,
      ),
      site(
        random,
        provider(9498, 'Airtel Business'),
        PLACES.pune,
        4,
        [PLACES.mumbai, PLACES.pune],
        [PLACES.mumbai, PLACES.pune],
        undefined,
        2,
      ),
      site(random, provider(10429, 'Telefonica Empresas'), PLACES.saoPaulo, 2, [PLACES.saoPaulo], [PLACES.saoPaulo], undefined, 1),
      site(random, provider(8151, 'Telmex'), PLACES.monterrey, 2, [PLACES.monterrey], [PLACES.monterrey, PLACES.dallas], undefined, 1),
    ],
    departments: [
      ['Production', ['Operator', 'Line Lead']],
      ['Engineering', ['Engineer', 'Drafter']],
      ['Sales', ['Account Manager']],
      ['Logistics', ['Planner', 'Driver']],
      ['Finance', ['Accountant', 'Controller']],
    ],
    managedPc: 0.55,
    managedPhone: 0.05,
    hybrid: false,
    v6: 0.3,
    vpnShare: 0,
    remoteShare: [0, 0.4],
    phoneShare: [0.3, 0.75],
    perDay: 2,
    shift: false,
    unregistered: 0.3,
    methods: [
      [['app'], 5],
      [['sms'], 5],
      [['app', 'sms'], 2],
      [['appCode'], 0.5],
    ],
    joiners: 0.04,
    leavers: 0.03,
  });
  const helpDesk = appointHelpDesk(world, 7);
  const dormant = dormantAccounts(world, 20);
  relays(world, 0.02);
  newcomers(world, helpDesk);
  const drive = { from: startMs + 17 * DAY, days: 5, share: 0.5, method: 'app', atTables: 0.45 } as const;

  const attacks = world.random.stream('attacks');
  for (const reach of ['hosting', anyReach(attacks), 'resident-same-country'] as const)
    hiddenInDrive(world, attacks, drive.from, drive.days, reach);
  spray(world, attacks, 'one-address', 'hosting', 2);
  spray(world, attacks, 'slow', anyReach(attacks), 2);
  dormantAccount(world, attacks, dormant[0]!, anyReach(attacks));
  dormantAccount(world, attacks, dormant[1]!, 'far-abroad');
  aitm(world, attacks, { scenario: 'aitm', reach: 'hosting', direct: true });
  aitm(world, attacks, { scenario: 'aitm', reach: 'hosting-same-country', direct: false });
  aitm(world, attacks, { scenario: 'aitm', reach: anyReach(attacks), direct: false });
  aitm(world, attacks, { scenario: 'residential-proxy', reach: 'resident-near', direct: false });
  aitm(world, attacks, { scenario: 'residential-proxy', reach: 'mobile-near', direct: false });
  aitm(world, attacks, { scenario: 'swap', reach: anyReach(attacks), direct: false, swaps: true, method: 'app' });
  aitm(world, attacks, { scenario: 'delayed', reach: anyReach(attacks), direct: false, waits: attacks.whole(1, 6) });
  stolenToken(world, attacks, anyReach(attacks));
  stolenToken(world, attacks, 'far-abroad');
  deviceCode(world, attacks, anyReach(attacks));
  fatigue(world, attacks, anyReach(attacks), false);
  simSwap(world, attacks, anyReach(attacks));
  helpDeskFooled(world, attacks, helpDesk, anyReach(attacks));
  adminAbused(world, attacks, helpDesk, anyReach(attacks), attacks.whole(2, 4));
  oneHandset(world, attacks, attacks.whole(3, 6));
  quietVisits(world, attacks, anyReach(attacks));
  foreignPasskey(world, attacks, anyReach(attacks));
  colleague(world, attacks);
  failedAttacks(world, attacks);

  enrolmentDrive(world, drive);
  journeys(world, 0.06, 0.05, [PLACES.warsaw, PLACES.pune, PLACES.munich, PLACES.dallas, PLACES.saoPaulo, PLACES.singapore]);
  newPhones(world, 0.8);
  newNumbers(world, 0.3);
  forgottenPasswords(world, 0.4);
  secondMethods(world, 0.25);
  loseEnds(world, 0.08);
  lostPhones(world, 0.2, helpDesk);
  desktopRounds(world, 4, helpDesk);
  sharedTelephones(world, 2);
  servicesOfMicrosoft(world, 0.15);
  live(
    world,
    { own: [[APPS.payroll, 2]], refreshes: 2, failures: 0.07, denials: 0.003, weekend: 0.08 },
    new Set(dormant.map(({ id }) => id)),
  );
  identityRows(world);
  return world;
}
