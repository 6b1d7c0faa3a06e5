import { counted } from '../core/counted.ts';
import { ticksFromMs } from '../core/ticks.ts';
import type { Coverage } from '../scoring/engine-api.ts';
import { timeText } from './time-text.ts';

/** Users who changed their methods, before it says something that most of them are never seen to sign in. */
const LEAST_USERS = 5;
const MOST_UNSEEN = 0.5;
/** Sign-ins without any audit record, from which on that is no chance: a user changes methods one to three times a year. */
const LEAST_SIGN_INS = 1000;
/** Share of rows without an Id from which on it is the log's way, and not some rows'. */
const MOST_NAMELESS = 0.01;

/**
 * What the logs lack so that takeovers are missed though everything was read: what, why and what to do, a sentence or two each. A table that does not
 * exist is told elsewhere.
 */
export function coverageWarnings(covered: Coverage): readonly string[] {
  const { users, unseen, early, signIns, audits, firstSignInMs, tenantless, tenants, nameless, unknown, madeUpDevices } = covered;
  const out: string[] = [];
  if (users >= LEAST_USERS && signIns === 0) {
    out.push(
      `${counted(users, 'user')} changed methods, and there is not one sign-in: nothing can be said of where and on what they were. Import SigninLogs and AADNonInteractiveUserSignInLogs, or send them to the workspace (diagnostic settings of Entra ID).`,
    );
  } else if (users >= LEAST_USERS && unseen > MOST_UNSEEN * users) {
    out.push(
      `${unseen} of ${counted(users, 'user')} who changed methods never signed in by the logs: AuditLogs and the sign-in tables seem to name the users differently, or the sign-ins are another tenant's or time's. Takeovers of them are missed. Compare TargetResources[0].id and .userPrincipalName of AuditLogs with UserId and UserPrincipalName of SigninLogs.`,
    );
  } else if (users >= LEAST_USERS && early > MOST_UNSEEN * users) {
    out.push(
      `${early} of ${counted(users, 'user')} changed methods before the first sign-in that was read (${timeText(ticksFromMs(firstSignInMs))}): judged without any habits of theirs. Import earlier sign-ins into an empty data directory, or run a backfill that begins with them.`,
    );
  }
  if (audits === 0 && signIns >= LEAST_SIGN_INS) {
    out.push(
      `${signIns} sign-ins, and not one record of a change of methods: no registration can be found. Import AuditLogs, or check that the diagnostic settings of Entra ID send them (and that OperationName is in English).`,
    );
  }
  if (tenantless > 0 && tenants.length > 1) {
    out.push(
      `${counted(tenantless, 'row')} name no tenant (AADTenantId, ResourceTenantId, HomeTenantId), and ${tenants.length} tenants are named by others: the levels of the tenants (failures in an hour, log begun) may mix. Users are joined all the same. Read each tenant into a data directory of its own, or export the column.`,
    );
  }
  if (nameless > MOST_NAMELESS * (signIns + audits)) {
    out.push(
      `${nameless} of ${counted(signIns + audits, 'row')} have no Id, or a mask in its place: such a row that comes twice is known only where everything in it is the same, and findings cannot point to it. Export the column Id as Entra ID writes it.`,
    );
  }
  if (madeUpDevices > 0) {
    out.push(
      `The DeviceIds in the sign-ins of ${counted(madeUpDevices, 'tenant')} are no devices: many of them are seen on two operating systems, so that an exporter or a filter made them up, and they are taken for absent. Takeovers by a neighbour or a colleague are harder to tell. Export DeviceDetail.deviceId as Entra ID writes it, or hashed by itself.`,
    );
  }
  const operations = Object.entries(unknown).sort(([a], [b]) => (a < b ? -1 : 1));
  if (operations.length > 0) {
    const rows = operations.reduce((sum, [, count]) => sum + count, 0);
    const names = operations.map(([name]) => JSON.stringify(name)).join(', ');
    out.push(
      `${counted(rows, 'record')} of the service Authentication Methods with operations that are not known here (${names}) were not judged: Microsoft renamed them, or the export translates. Look at them with: AuditLogs | where LoggedByService == "Authentication Methods" | summarize count() by OperationName, ResultReason`,
    );
  }
  return out;
}
