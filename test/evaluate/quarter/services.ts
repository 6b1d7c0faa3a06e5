import { CITIES, DAY, HOUR, MINUTE } from './cities.ts';
import { makeDevice } from './devices.ts';
import { addressAt, newLink } from './links.ts';
import { iso } from './logbook.ts';
import type { Person } from './people.ts';
import { signIn } from './sign-in.ts';
import type { World } from './world.ts';

/** Accounts of machines: scheduled sign-ins by ROPC from one address, some with a password that nobody renewed, and service principals. */
export function runServices(world: World): readonly Person[] {
  const model = world.people[0]!;
  return Array.from({ length: world.kind.services }, (_, index): Person => {
    const dice = world.dice.fork(`service-${index}`);
    const site = dice.pick(world.kind.sites);
    const office = world.office(site, 0);
    const link = dice.chance(0.7) ? office : newLink(dice, CITIES[site.city], dice.chance(0.5) ? 'cloud' : 'hosting');
    const account: Person = {
      ...model,
      id: dice.guid(),
      upn: `svc-${index}@${world.kind.domain}`,
      name: `Service ${index}`,
      method: 'none',
      computer: makeDevice(dice, 'script'),
      hasPhone: false,
    };
    const every = dice.pick([2, 4, 6, 12]) * HOUR;
    const offset = dice.between(0, every);
    const breaks = dice.chance(0.2) ? dice.int(10, 28) : world.days;
    const principal = dice.guid();
    for (let at = world.start + offset; at < world.start + world.days * DAY; at += every) {
      const day = Math.floor((at - world.start) / DAY);
      const isBroken = day >= breaks && day < breaks + 3;
      const isLegacy = index % 2 === 0;
      signIn(world, dice, {
        at: at + dice.between(0, MINUTE),
        person: account,
        device: account.computer,
        link,
        app: 'powershell',
        outcome: isBroken ? 'wrongPassword' : 'password',
        session: dice.guid(),
        legacy: isLegacy,
        silent: !isLegacy,
      });
      const { address, city } = addressAt(link, at - world.start, dice);
      world.book.add('AADServicePrincipalSignInLogs', at, {
        AADTenantId: world.tenantId,
        OperationName: 'Sign-in activity',
        Category: 'ServicePrincipalSignInLogs',
        CreatedDateTime: iso(at),
        Id: dice.guid(),
        CorrelationId: dice.guid(),
        AppId: principal,
        ServicePrincipalId: principal,
        ServicePrincipalName: `job-${index}`,
        ResourceDisplayName: 'Microsoft Graph',
        ResultType: '0',
        IPAddress: address,
        Location: city.country,
        AutonomousSystemNumber: String(link.provider.asn),
      });
    }
    return account;
  });
}
