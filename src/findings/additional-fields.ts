import type { JsonValue } from '../schema/output-table.ts';
import type { Contribution, Judgement } from '../scoring/judgement.ts';
import type { Enrichment } from './enrichment.ts';
import { rawRowsQuery } from './raw-rows-query.ts';
import { ownPlace, placeBorrowedFrom, placingEvent } from './source-place.ts';
import { clip, isoText, jsonBytes } from './text.ts';
import { type DetectorTitles, detectorWords } from './units.ts';

/**
 * A field over 64 kB is cut by the service in the middle of its JSON: we cut before, and say so. Users are never cut here: so much is left free for
 * the first of them, and user-parts.ts sees to the rest where the service needs it.
 */
const MOST_BYTES = 60_000;
const ROOM_FOR_USERS = 15_000;
const MOST_EVENTS = 25;
type Fields = Record<string, JsonValue>;

/** The column AdditionalFields: what belongs to the finding and has no column of its own. */
export function additionalFields(judgement: Judgement, enrichment: Enrichment, titles: DetectorTitles): Fields {
  const { kind, subject, anchor, contributions, events } = judgement;
  const fields: Fields = {
    Unit: { Kind: kind, Subject: clip(subject, 512), Anchor: clip(anchor, 512) },
    Users: judgement.users.map(({ userId, upn }) => ({ UserId: clip(userId, 128), Username: clip(upn, 256) })),
    Detectors: detectors(contributions, titles),
    EventIds: [...new Set(events.map((event) => clip(event.id, 128)))],
    Methods: judgement.methods.slice(0, 20).map((method) => clip(method, 200)),
    Posterior: Math.round(judgement.posterior * 1e6) / 1e6,
    HardEvidence: judgement.hardEvidence,
    ScoreParts: judgement.parts.map(({ of, nats }) => ({ Of: of, Nats: Math.round(nats * 100) / 100 })),
    OverBudget: judgement.overBudget ?? false,
    For: words(contributions.filter((piece) => piece.llr > 0)),
    Against: words(contributions.filter((piece) => piece.llr <= 0)),
    BenignIf: judgement.benignIf.map((text) => clip(text, 600)),
    Gaps: [...judgement.gaps.map((text) => clip(text, 600)), ...gapsOf(judgement, enrichment)],
    SourceAsn: ownPlace(judgement).asn,
    Query: rawRowsQuery(events),
    Events: events.slice(0, MOST_EVENTS).map((event) => ({
      TimeGenerated: isoText(event.timeMs),
      Source: event.table,
      Event: clip(event.what, 200),
      SrcIpAddr: clip(event.ip, 64),
      SrcGeoCountry: clip(event.country, 32),
      SrcGeoCity: clip(event.city, 64),
      Asn: clip(event.asn, 16),
      SrcDvcId: clip(event.deviceId, 64),
      SrcHostname: clip(event.deviceName, 64),
      TargetAppName: clip(event.app, 64),
      Id: clip(event.id, 128),
    })),
    ...placeFields(judgement),
    ...enrichmentFields(enrichment),
  };
  if (judgement.closedReason !== undefined) fields['ClosedReason'] = clip(judgement.closedReason, 600);
  return shorten(fields);
}

function words(contributions: readonly Contribution[]): string[] {
  return contributions.slice(0, 20).map((piece) => clip(piece.words, 600));
}

/**
 * Each detector with the strongest of its pieces, the first of them the one that AlertName shows. Not their sum: several pieces of one detector are often
 * ways to say one thing, and the score does not add them either.
 */
function detectors(contributions: readonly Contribution[], titles: DetectorTitles): JsonValue[] {
  const strongest = new Map<string, number>();
  for (const { detector, llr } of contributions) strongest.set(detector, Math.max(llr, strongest.get(detector) ?? llr));
  // In the order of the evidence, which has decided between equals.
  return [...strongest]
    .sort(([, x], [, y]) => y - x)
    .map(([id, nats]) => ({ Id: id, Name: detectorWords(id, titles), Nats: Math.round(nats * 100) / 100 }));
}

function placeFields(judgement: Judgement): Fields {
  const event = placingEvent(judgement);
  if (event === undefined) return {};
  const { table, timeMs, country, city, asn } = event;
  return {
    Place: {
      Source: table,
      SourceTime: isoText(timeMs),
      SrcGeoCountry: clip(country, 32),
      SrcGeoCity: clip(city, 64),
      Asn: clip(asn, 16),
    },
  };
}

function placeGap(judgement: Judgement): string {
  const { source } = judgement;
  if (source.ip === '' || placingEvent(judgement) !== undefined) return '';
  const gap = `None of these events shows the country and network of ${clip(source.ip, 64)}`;
  if (source.country === '' && source.asn === '') return `${gap}.`;
  const other = placeBorrowedFrom(judgement);
  return other === undefined
    ? `${gap}: those stated are of a sign-in that is left out here.`
    : `${gap}: those in EventMessage are of the sign-in from ${clip(other.ip, 64)}.`;
}

function gapsOf(judgement: Judgement, { identity, methods, address }: Enrichment): string[] {
  const { users, source, kind } = judgement;
  const placeless = placeGap(judgement);
  if (users.length !== 1) {
    const many = kind === 'source' ? 'IdentityInfo is not read for findings about several users: their roles are not known.' : '';
    return [many, placeless].filter((text) => text !== '');
  }
  return [
    placeless,
    identity === undefined
      ? 'IdentityInfo has no row of this user up to the event: roles, account age, department and manager are not known.'
      : '',
    methods === undefined ? 'AuditLogs shows no change of methods in the 180 days before: which methods were there is not known.' : '',
    source.ip !== '' && address !== undefined && address.signIns === 0
      ? 'SigninLogs shows no success of this user from this address in the 30 days before the first of these events.'
      : '',
  ].filter((text) => text !== '');
}

function enrichmentFields({ identity, methods, address }: Enrichment): Fields {
  const time = (ms: number | undefined) => (ms === undefined ? null : isoText(ms));
  const fields: Fields = {};
  if (identity !== undefined) {
    fields['Identity'] = {
      Source: 'IdentityInfo',
      SourceTime: isoText(identity.atMs),
      UserType: clip(identity.userType, 32),
      Roles: identity.roles.slice(0, 30).map((role) => clip(role, 100)),
      Department: clip(identity.department, 128),
      JobTitle: clip(identity.jobTitle, 128),
      Manager: clip(identity.manager, 256),
      AccountCreated: time(identity.createdMs),
      Enabled: identity.enabled ?? null,
      ServiceAccount: identity.serviceAccount ?? null,
      Hybrid: identity.onPremises,
    };
  }
  if (methods !== undefined) {
    fields['MethodInventory'] = {
      Source: 'AuditLogs',
      SourceTime: isoText(methods.sinceMs),
      Before: methods.before.slice(0, 20).map((name) => clip(name, 100)),
      After: methods.after.slice(0, 20).map((name) => clip(name, 100)),
      LastChangeBefore: time(methods.lastChangeBeforeMs),
    };
  }
  if (address !== undefined) {
    fields['Address'] = {
      Source: 'SigninLogs',
      SourceTime: isoText(address.sinceMs),
      FirstSeen: time(address.firstSeenMs),
      LastSeen: time(address.lastSeenMs),
      SignIns: address.signIns,
      NamedLocations: address.namedLocations.slice(0, 10).map((name) => clip(name, 100)),
      DeviceTrust: [...address.deviceTrust],
    };
  }
  return fields;
}

/** Lists that may be shortened when the field grows too large, the first ones first, and how many items always stay. */
const SHORTENED = [
  ['Events', 5],
  ['For', 5],
  ['Against', 5],
  ['EventIds', 50],
] as const;

function shorten(fields: Fields): Fields {
  const users = jsonBytes(fields['Users']);
  for (const [name, least] of SHORTENED) {
    const excess = jsonBytes(fields) - users - (MOST_BYTES - Math.min(users, ROOM_FOR_USERS));
    if (excess <= 0) break;
    const list = fields[name] as readonly JsonValue[];
    let keep = list.length;
    // 64 bytes: the mark itself.
    for (let freed = -64; keep > least && freed < excess; freed += jsonBytes(list[keep]) + 1) keep -= 1;
    fields[name] = list.slice(0, keep);
    if (keep < list.length) fields[`${name}Cut`] = list.length - keep;
  }
  return fields;
}
