import { createHash } from 'node:crypto';
import type { FindingRow } from '../schema/factor-findings.ts';
import type { JsonValue } from '../schema/output-table.ts';
import type { Judgement } from '../scoring/judgement.ts';
import { additionalFields } from './additional-fields.ts';
import { ATTACK_VERSION, attackOf } from './attack.ts';
import type { Enrichment } from './enrichment.ts';
import { eventUid } from './event-uid.ts';
import { evidenceRows } from './evidence.ts';
import { remediationSteps } from './remediation.ts';
import { LEAST_RISK, severityOf } from './severity.ts';
import { ownPlace } from './source-place.ts';
import { clip, isoText } from './text.ts';
import { type DetectorTitles, detectorWords, UNITS } from './units.ts';

/** A row of FactorFindings_CL but for when, by which run and as which revision it is written. */
export type FindingContent = Omit<FindingRow, 'TimeGenerated' | 'FindingRevision' | 'RunId'>;

/** Version of the scoring and of what rows say: a new one makes new revisions of open findings. */
const RULE_VERSION = '1.19.0';

export interface ContentOptions {
  readonly productVersion: string;
  readonly runKind: 'Live' | 'Backfill';
  readonly titles: DetectorTitles;
}

/** What a judgement says, as a row. A function of its arguments alone. */
export function findingContent(
  judgement: Judgement,
  enrichment: Enrichment,
  { productVersion, runKind, titles }: ContentOptions,
): FindingContent {
  const { kind, users, source, actor, contributions } = judgement;
  const unit = UNITS[kind];
  const attack = attackOf(contributions.filter((piece) => piece.llr > 0).flatMap((piece) => piece.techniques));
  const place = ownPlace(judgement);
  const [strongest, second] = contributions.filter((piece) => piece.llr > 0);
  const only = users.length === 1 ? users[0] : undefined;
  // What was written once is never written below the least risk: AlertStatus and ThreatConfidence tell that it turned benign.
  const risk = Math.max(LEAST_RISK.Low, Math.min(100, Math.round(judgement.score)));
  const reasons = judgement.closedReason === undefined ? [strongest?.words, second?.words] : [judgement.closedReason];
  return {
    EventStartTime: isoText(judgement.startMs),
    EventEndTime: isoText(judgement.endMs),
    EventUid: eventUid(judgement),
    EventSubType: unit.subType,
    EventSeverity: severityOf(risk),
    EventMessage: [`${unit.lead(judgement)}.`, ...reasons.flatMap((text) => (text === undefined ? [] : clip(text, 400)))].join(' '),
    EventReportUrl: '',
    EventOriginalUid: clip(judgement.originalId, 256),
    EventProductVersion: productVersion,
    EventCount: judgement.events.length,
    AlertName: strongest === undefined ? unit.ruleName : detectorWords(strongest.detector, titles),
    AlertStatus: judgement.closedReason === undefined ? 'Active' : 'Closed',
    AlertVerdict: 'Unknown',
    DetectionMethod: 'Behavioral Analytics',
    RuleId: kind,
    RuleName: unit.ruleName,
    RuleVersion: RULE_VERSION,
    ThreatCategory: kind === 'posture' || kind === 'monitor' ? 'Security Policy Violation' : 'Account takeover',
    ThreatRiskLevel: risk,
    ThreatConfidence: Math.round(judgement.posterior * 100),
    AttackTactics: attack.tactics,
    AttackTechniques: attack.techniques,
    AttackVersion: ATTACK_VERSION,
    AttackRemediationSteps: remediationSteps(judgement, attack.techniques),
    IndicatorType: source.ip === '' ? 'User' : 'Ip',
    IndicatorAssociation: source.ip === '' ? 'Targeted' : 'Associated',
    UserId: clip(only?.userId ?? '', 128),
    Username: clip(only?.upn ?? '', 256),
    UserType: enrichment.identity?.userType ?? '',
    UserSessionId: clip(source.sessionId, 128),
    UserScopeId: judgement.tenantId,
    ActorUserId: clip(actor?.userId ?? '', 128),
    ActorUsername: clip(actor?.upn ?? '', 256),
    SrcIpAddr: clip(source.ip, 64),
    SrcGeoCountry: clip(place.country, 64),
    SrcGeoCity: clip(place.city, 128),
    SrcDvcId: clip(source.deviceId, 128),
    TargetAppName: clip(source.app, 256),
    Evidence: evidenceRows(contributions, titles),
    AdditionalFields: additionalFields(judgement, enrichment, titles),
    RunKind: runKind,
  };
}

/** AdditionalFields of a row as an object. */
export function fieldsOf(content: Pick<FindingRow, 'AdditionalFields'>): Readonly<Record<string, JsonValue>> {
  const fields = content.AdditionalFields;
  return fields !== null && typeof fields === 'object' && !Array.isArray(fields) ? (fields as Readonly<Record<string, JsonValue>>) : {};
}

/** The finding taken back: it rested on events that were not complete, and with all of them there is nothing to report. */
export function withdrawn(content: FindingContent): FindingContent {
  const reason = 'Withdrawn: once every event of that time had arrived there was nothing suspicious left.';
  const { ScoreParts: _, ...fields } = fieldsOf(content);
  return {
    ...content,
    AlertStatus: 'Closed',
    EventSeverity: 'Low',
    ThreatRiskLevel: LEAST_RISK.Low,
    ThreatConfidence: 0,
    EventMessage: reason,
    AdditionalFields: { ...fields, Posterior: 0, Withdrawn: true, ClosedReason: reason },
  };
}

/**
 * SHA-256 of what "the same finding" means: every column but the budget's mark, keys sorted, times in one spelling (a workspace gives
 * back 10:00:00.04Z for 10:00:00.040Z).
 */
export function contentHash(content: FindingContent): string {
  const { OverBudget: _, ...fields } = fieldsOf(content) as Record<string, JsonValue>;
  const { EventStartTime, EventEndTime } = content;
  const times = { EventStartTime: oneSpelling(EventStartTime), EventEndTime: oneSpelling(EventEndTime) };
  return createHash('sha256')
    .update(canonical({ ...content, ...times, AdditionalFields: fields }))
    .digest('hex')
    .slice(0, 32);
}

function oneSpelling(time: string | null): string | null {
  const ms = Date.parse(time ?? '');
  return Number.isNaN(ms) ? time : isoText(ms);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
