import { APPS } from '../apps.ts';
import { anyReach } from '../attacks/intruder.ts';
import { dormantAccount, failedAttacks, fatigue, oneHandset, simSwap, spray } from '../attacks/passwords.ts';
import { adminAbused, colleague, guestTakenOver, helpDeskFooled } from '../attacks/people.ts';
import { aitm, deviceCode, foreignPasskey, quietVisits, stolenToken } from '../attacks/phishing.ts';
import { decoy, plan, registerOwn } from '../benign/acts.ts';
import { copiedAddresses, desktopRounds, lostPhones, sharedTelephones } from '../benign/help-desk.ts';
import { journeys, relays } from '../benign/journeys.ts';
import { newcomers } from '../benign/onboarding.ts';
import { forgottenPasswords, loseEnds, newNumbers, newPhones, secondMethods } from '../benign/phones.ts';
import { officeLine, switchLine } from '../networks.ts';
import { PLACES, provider } from '../places.ts';
import { populate, site } from '../population.ts';
import { live } from '../routine.ts';
import { identityRows } from '../rows/identity.ts';
import { appointHelpDesk, dormantAccounts, guests, servicesOfMicrosoft, syncAccount } from '../staff.ts';
import { DAY, localTime } from '../time.ts';
import { World } from '../world.ts';

/** A German town hall with its works and schools: VPN whose egress changes once, IPv6, a local directory, passes from the help desk, guests. */
export function municipality(seed: number): World {
  const startMs = Date.UTC(2026, 8, 14);
  const world = new World(
    {
      kind: 'municipality',
      domain: 'stadt-altenfurt.example',
      users: 640,
      days: 36,
      startMs,
      p2: false,
      identityInfo: true,
      withoutColumns: ['UniqueTokenIdentifier', 'OriginalTransferMethod'],
      asnMissing: 0.03,
      ingestionTime: true,
      mfaShare: 0.6,
      holidays: [startMs + 19 * DAY],
    },
    seed,
  );
  const random = world.random.stream('plan');
  const gateways = [PLACES.kassel, PLACES.frankfurt, PLACES.munich, PLACES.berlin];
  const moved = startMs + random.whole(14, 24) * DAY;
  const vpn = switchLine(
    officeLine(provider(680, 'DFN'), PLACES.kassel, 2, random, 'Town VPN'),
    officeLine(provider(24940, 'Hetzner'), PLACES.frankfurt, 2, random),
    moved,
  );
  populate(world, {
    sites: [
      site(random, provider(3320, 'Deutsche Telekom'), PLACES.kassel, 7, [PLACES.kassel, PLACES.goettingen], gateways, 'Town hall', 2),
      site(random, provider(680, 'DFN'), PLACES.goettingen, 3, [PLACES.goettingen, PLACES.kassel], gateways, undefined, 1),
    ],
    departments: [
      ['Registry', ['Clerk', 'Head']],
      ['Schools', ['Teacher', 'Caretaker']],
      ['Works', ['Engineer', 'Technician']],
      ['Finance', ['Clerk', 'Treasurer']],
      ['IT', ['Administrator']],
    ],
    managedPc: 0.7,
    managedPhone: 0.2,
    hybrid: true,
    v6: 0.6,
    vpnShare: 0.45,
    vpn: () => vpn,
    remoteShare: [0.05, 0.5],
    phoneShare: [0.05, 0.4],
    perDay: 2.8,
    shift: false,
    unregistered: 0.12,
    methods: [
      [['app', 'sms'], 4],
      [['app'], 4],
      [['sms'], 2],
      [['officePhone', 'app'], 1],
      [['appCode'], 1],
    ],
    joiners: 0.03,
    leavers: 0.02,
  });
  const helpDesk = appointHelpDesk(world, 5);
  const dormant = dormantAccounts(world, 10);
  const partners = guests(world, 22, [PLACES.berlin, PLACES.munich, PLACES.zurich]);
  syncAccount(world, PLACES.kassel);
  relays(world, 0.03);
  newcomers(world, helpDesk);
  // Two guests register with the town as their own firms' people.
  for (const guest of partners.slice(0, 2)) {
    world.reserve(guest);
    const at = localTime(startMs + random.whole(8, 30) * DAY, random.between(9, 16), guest.zone);
    plan(guest, at, () =>
      decoy(
        world,
        'guest-registers',
        [guest],
        at,
        at,
        registerOwn(world, random, guest, { at, spot: guest.office(at), device: guest.pc, method: 'app' }).ids,
      ),
    );
  }

  const attacks = world.random.stream('attacks');
  helpDeskFooled(world, attacks, helpDesk, anyReach(attacks));
  helpDeskFooled(world, attacks, helpDesk, 'resident-same-country');
  helpDeskFooled(world, attacks, helpDesk, 'bought-vpn');
  adminAbused(world, attacks, helpDesk, anyReach(attacks), attacks.whole(2, 4));
  guestTakenOver(world, attacks, partners[2]!, 'hosting');
  guestTakenOver(world, attacks, partners[3]!, anyReach(attacks));
  aitm(world, attacks, { scenario: 'aitm', reach: 'hosting', direct: true });
  aitm(world, attacks, { scenario: 'aitm', reach: anyReach(attacks), direct: false });
  aitm(world, attacks, { scenario: 'residential-proxy', reach: 'resident-near', direct: false });
  aitm(world, attacks, { scenario: 'residential-proxy', reach: 'resident-near', direct: false });
  aitm(world, attacks, { scenario: 'swap', reach: anyReach(attacks), direct: false, swaps: true, method: 'app' });
  aitm(world, attacks, { scenario: 'delayed', reach: anyReach(attacks), direct: false, waits: attacks.whole(2, 8) });
  stolenToken(world, attacks, anyReach(attacks));
  deviceCode(world, attacks, anyReach(attacks));
  deviceCode(world, attacks, 'hosting-same-country');
  spray(world, attacks, 'many-addresses', 'hosting', 2);
  dormantAccount(world, attacks, dormant[0]!, anyReach(attacks));
  dormantAccount(world, attacks, dormant[1]!, 'hosting-same-country');
  fatigue(world, attacks, anyReach(attacks), true);
  fatigue(world, attacks, anyReach(attacks), false);
  quietVisits(world, attacks, anyReach(attacks));
  simSwap(world, attacks, anyReach(attacks));
  foreignPasskey(world, attacks, anyReach(attacks));
  oneHandset(world, attacks, 3);
  colleague(world, attacks);
  failedAttacks(world, attacks);

  journeys(world, 0.06, 0.08, [PLACES.berlin, PLACES.zurich, PLACES.madrid, PLACES.milan, PLACES.istanbul]);
  newPhones(world, 0.8);
  newNumbers(world, 0.15);
  forgottenPasswords(world, 0.3);
  secondMethods(world, 0.4);
  loseEnds(world, 0.1);
  lostPhones(world, 0.35, helpDesk);
  desktopRounds(world, 3, helpDesk);
  sharedTelephones(world, 3);
  copiedAddresses(world, 25, helpDesk);
  servicesOfMicrosoft(world, 0.25);
  live(
    world,
    { own: [[APPS.payroll, 1]], refreshes: 3.5, failures: 0.07, denials: 0.004, weekend: 0.08 },
    new Set(dormant.map(({ id }) => id)),
  );
  identityRows(world);
  return world;
}
