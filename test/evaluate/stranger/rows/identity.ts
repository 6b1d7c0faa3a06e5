import { DAY, HOUR, stamp } from '../time.ts';
import type { World } from '../world.ts';

/** The directory as Sentinel copies it: everybody on the first day and a fortnight later, newcomers a few hours after they came. */
export function identityRows(world: World): void {
  if (!world.traits.identityInfo) return;
  const random = world.random.stream('identity');
  for (const person of world.people) {
    const first = Math.max(world.traits.startMs, person.created) + random.between(0, 6) * HOUR;
    for (let at = first; at < world.endMs; at += 14 * DAY) {
      world.emit('IdentityInfo', {
        TimeGenerated: stamp(at),
        TenantId: world.workspaceId,
        AccountTenantId: world.tenantId,
        AccountObjectId: person.id,
        AccountUPN: person.upn,
        AccountName: person.upn.split('@')[0],
        AccountDisplayName: person.name,
        AccountCreationTime: stamp(person.created),
        AssignedRoles: person.roles,
        Department: person.department,
        JobTitle: person.title,
        UserType: person.kind === 'guest' ? 'Guest' : 'Member',
        IsAccountEnabled: at < person.until,
        IsServiceAccount: person.kind === 'service',
        Country: person.place.country,
        City: person.place.city,
        GroupMembership: [],
        SourceSystem: 'AzureActiveDirectory',
        Type: 'IdentityInfo',
      });
    }
  }
}
