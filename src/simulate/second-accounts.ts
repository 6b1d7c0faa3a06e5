import type { Tenant, User } from './model.ts';
import { NEVER } from './population.ts';
import { Rng } from './rng.ts';

/** Some administrators have a second account: the same person, machine and phone under another name. */
export function withSecondAccounts(tenant: Tenant, users: readonly User[]): User[] {
  const rng = new Rng('second accounts', tenant.seed, tenant.kind);
  const owners = users.filter(
    (user) =>
      user.role === 'person' &&
      user.index > 8 &&
      user.directoryRoles.length === 0 &&
      user.joinDay < 0 &&
      user.leaveDay === NEVER &&
      user.methods.length > 0,
  );
  return users.map((user) => {
    const second = user.index > 6 && user.role === 'person' && user.directoryRoles.length > 0 && rng.chance(0.6);
    const owner = second && owners.length > 0 ? rng.pick(owners) : undefined;
    if (!owner) return user;
    const shared = owner.methods
      .filter((method) => method.kind === 'app' || method.phone !== undefined)
      .map((method) => ({ ...method, key: rng.guid() }));
    return {
      ...owner,
      index: user.index,
      id: user.id,
      upn: `adm-${owner.upn}`,
      displayName: `${owner.displayName} (admin)`,
      title: user.title,
      department: user.department,
      directoryRoles: user.directoryRoles,
      createdDay: user.createdDay,
      interactivePerDay: owner.interactivePerDay * 0.4,
      nonInteractivePerDay: owner.nonInteractivePerDay * 0.2,
      methods: shared.slice(0, rng.int(0, shared.length)),
      defaultMethod: shared[0]?.key ?? '',
      twinOf: owner,
    };
  });
}
