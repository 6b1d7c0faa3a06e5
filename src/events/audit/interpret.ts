import { MINUTE_MS } from '../../core/durations.ts';
import { addressKeys } from '../address.ts';
import { type ColumnBatch, textAt } from '../column-batch.ts';
import { foldedId, idText } from '../identity-text.ts';
import { isMicrosoftAddress } from '../microsoft-addresses.ts';
import { pairsOf } from './changes.ts';
import { type MethodKind, methodKind, methodStrength, methodWords } from './methods.ts';
import { type Happening, operationMeaning } from './operations.ts';
import { type PropertyFacts, propertyFacts } from './properties.ts';

/** Who writes of a change of methods: the service of methods, the Device Registration Service (of keys), and the directory that keeps what they change. */
export type AuditWriter = 'methods' | 'devices' | 'directory';

/** An audit record as detectors see it. Strings are the log's, cut to a bounded length. */
export interface AuditFact extends PropertyFacts {
  readonly id: string;
  readonly correlationId: string;
  readonly happening: Happening;
  readonly succeeded: boolean;
  readonly operation: string;
  readonly reason: string;
  readonly writer: AuditWriter;
  readonly tenantId: string;
  readonly userId: string;
  readonly upn: string;
  /** The user's name in the inviting tenant is the address at home, and #EXT#. */
  readonly isGuest: boolean;
  readonly actorId: string;
  readonly actorUpn: string;
  readonly actorApp: string;
  /** Somebody other than the user acted. */
  readonly byOther: boolean;
  /** '' where the address is a service's (ServiceApi rows show Microsoft's own). */
  readonly ip: string;
  readonly method: string;
  readonly methodKind: MethodKind;
  readonly strength: number;
  readonly deviceId: string;
  readonly deviceName: string;
}

/** The two records of one change are written within this time of each other. */
export const TWIN_MS = 5 * MINUTE_MS;
/** A registration is finished within this time of its beginning, or never; the end of the wizard, or the new default, is a step of it so long. */
export const WIZARD_MS = 15 * MINUTE_MS;

/** What a finding about a user is kept under: the object id, else the name, in small letters. */
export const subjectOf = ({ userId, upn }: Pick<AuditFact, 'userId' | 'upn'>): string => userId || upn.toLowerCase();

/** Whether the directory itself wrote it about a change that another service made: a twin of that service's own record. */
export const isTwin = ({ writer }: Pick<AuditFact, 'writer'>): boolean => writer === 'directory';

function happeningOf(named: Happening, succeeded: boolean, properties: PropertyFacts, reason: string): Happening {
  if (named === 'registered' && !succeeded && /cancell?ed/i.test(reason)) return 'cancelled';
  if (named === 'see-state') return stateOf(properties, reason);
  if (named !== 'see-properties') return named;
  if (!properties.changed) return 'other';
  if (properties.added.length > 0 || properties.targets.length > 0) return 'registered';
  if (properties.removed.length > 0) return 'deleted';
  if (properties.requirement !== '') return properties.requirement === 'off' ? 'mfa-disabled' : 'mfa-enabled';
  return properties.defaultChanged ? 'default-changed' : 'other';
}

/** The way that per-user MFA was switched; where the record does not say it, it is a change and no more. */
function stateOf(properties: PropertyFacts, reason: string): Happening {
  const state = /\b(disabled|enabled|enforced)\b/i.exec(properties.state || reason)?.[1]?.toLowerCase();
  if (properties.requirement === 'off' || state === 'disabled') return 'mfa-disabled';
  return properties.requirement === 'on' || state !== undefined ? 'mfa-enabled' : 'updated';
}

/** What AdditionalDetails has under a key: the method where the reason does not name it, the id by which sign-ins know a device. */
function detailOf(additionalDetails: string, key: string): string {
  if (!additionalDetails.includes(key)) return '';
  const found = pairsOf(additionalDetails).find((pair) => pair['key'] === key)?.['value'];
  return typeof found === 'string' ? found : '';
}

/** An address as logged; '' where it is none, or the service's. */
const personAddress = (text: string) => (addressKeys(text).address === '' || isMicrosoftAddress(text) ? '' : text);

const cut = (text: string) => text.slice(0, 256);

/** Reads row `row` of a batch of audit events. */
export function auditFact(batch: ColumnBatch, row: number): AuditFact {
  const at = (name: string) => cut(textAt(batch, name, row));
  const operation = at('OperationName');
  const reason = at('ResultReason');
  const succeeded = at('Result').toLowerCase() !== 'failure';
  const meaning = operationMeaning(operation);
  const properties = propertyFacts(textAt(batch, 'ModifiedProperties', row));
  const actorId = at('ActorUserId');
  const actorUpn = at('ActorUpn');
  const actorApp = at('ActorAppName') || at('ActorAppId');
  const targetId = at('TargetUserId');
  const targetUpn = at('TargetUpn');
  // A record about oneself may name no target.
  const userId = targetId !== '' || targetUpn !== '' ? targetId : actorId;
  const upn = targetId !== '' || targetUpn !== '' ? targetUpn : actorUpn;
  const sameUser = actorId !== '' && userId !== '' ? actorId === userId : actorUpn.toLowerCase() === upn.toLowerCase();
  const detailed = (key: string) => detailOf(textAt(batch, 'AdditionalDetails', row), key);
  const method =
    meaning.method ??
    (methodWords(reason) || properties.added.join(', ') || properties.defaultAfter || detailed('AuthenticationMethod').slice(0, 100));
  const kind = methodKind(method);
  return {
    id: at('Id'),
    correlationId: foldedId(idText(at('CorrelationId'))),
    happening: happeningOf(meaning.happening, succeeded, properties, reason),
    succeeded,
    operation,
    reason,
    writer: meaning.happening === 'see-properties' ? 'directory' : meaning.byDeviceService === true ? 'devices' : 'methods',
    tenantId: at('TenantId'),
    userId,
    upn,
    isGuest: /#ext#/i.test(upn),
    actorId,
    actorUpn,
    actorApp,
    byOther: meaning.byAdmin === true ? !(sameUser && actorId !== '') : (actorId !== '' || actorUpn !== '') && !sameUser,
    ip: at('OperationType').toLowerCase() === 'serviceapi' ? '' : personAddress(at('ActorIp')),
    method,
    methodKind: kind,
    strength: methodStrength[kind],
    ...properties,
    deviceId: foldedId(cut(detailed('Device Id')) || at('TargetDeviceId')),
    deviceName: at('TargetDeviceName'),
  };
}
