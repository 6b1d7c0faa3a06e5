import type { AuditFact } from '../../events/audit/interpret.ts';
import { clientOfAgent } from '../../events/client-of-agent.ts';
import { type ColumnBatch, entryText, type StringColumn, textAt } from '../../events/column-batch.ts';
import { isPlainGuid } from '../../events/dictionary.ts';
import { CLASS_MASK, Flag, RISK_LEVELS, RISK_SHIFT, Word } from '../../events/event-record.ts';
import { combine } from '../../events/hash.ts';
import { idText } from '../../events/identity-text.ts';
import { resultMeaning } from '../../events/sign-in-results.ts';
import type { EventTable, EvidenceEvent, Party, SourceTable } from '../evidence.ts';

/** See EventView.browser; of the words of an event. */
export function browserOf(session: number, device: number, ipLo: number, client: number): number {
  return session | 0 || device | 0 || (ipLo === 0 || client === 0 ? 0 : combine(ipLo, client));
}

/** What an audit record says happened, as an event's `what` has it. */
export const auditWords = (operation: string, reason: string) => (reason === '' ? operation : `${operation}: ${reason}`);

const NONE = new Uint32Array(0);
const FEATURES = 5;
/** Tenants whose ids are kept as texts. */
const MOST_TENANTS = 1000;
export const UNKNOWN_SLOT = -2;
/** Stands for "no device id", which is a habit of its own. */
const NO_DEVICE = 0x5e3d00d1;
/** The same of a telephone: who has a private one besides a managed computer does not own a bare computer. */
const BARE_PHONE = 0x91c200d1;

/**
 * The event at hand, as detectors read it: one object for the whole stream, loaded again for each event, so that nothing is allocated.
 * Hashes are signed (V8 keeps those in place and boxes larger numbers) and 0 where the log had nothing. Texts are decoded on request and only for what is kept.
 */
export class EventView {
  eventClass = 0;
  flags = 0;
  timeMs = 0;
  orderMs = 0;
  seconds = 0;
  idLo = 0;
  userLo = 0;
  userHi = 0;
  ipLo = 0;
  ipHi = 0;
  prefix = 0;
  asn = 0;
  country = 0;
  device = 0;
  client = 0;
  app = 0;
  session = 0;
  /**
   * What tells one browser of the user from another: its session; where the log has none its device, and else the address with the system and browser, which
   * is taken for another browser when it moves. To be compared among events of one user; 0 where nothing is known.
   */
  browser = 0;
  foldLo = 0;
  geo = 0;
  row = 0;
  table: EventTable = 'SigninLogs';
  batch: ColumnBatch | undefined;
  /** Of an audit record: what it says. */
  fact: AuditFact | undefined;
  /** The record of the user and of the address: words from `at` on; at < 0 where there is none. */
  user: Uint32Array = NONE;
  userAt = -1;
  source: Uint32Array = NONE;
  sourceAt = -1;
  /** The same of the session of a sign-in, see stream/sessions.ts. */
  sessionWords: Uint32Array = NONE;
  sessionAt = -1;

  /** Country, network, range, device (or that there is none), client: by the index of shared/habits.ts's features. */
  readonly values = new Int32Array(FEATURES);
  /** Where the user's record has them: -1 where it has not, UNKNOWN_SLOT where nobody looked. */
  readonly slots = new Int32Array(FEATURES);
  /** What shared/habits.ts and crowds.ts worked out for this event, which several detectors ask; -1 where it is not known. */
  level = -1;
  /** NaN where it is not known; see shared/novelty/place-ratio.ts. */
  unknownUserRatio = Number.NaN;
  neighbours = -1;
  networkUsers = -1;
  deviceUsers = -1;

  /** To be called when the user's values were written. */
  forgetSlots(): void {
    this.level = -1;
    // The call of fill() costs more than the five.
    this.slots[0] = UNKNOWN_SLOT;
    this.slots[1] = UNKNOWN_SLOT;
    this.slots[2] = UNKNOWN_SLOT;
    this.slots[3] = UNKNOWN_SLOT;
    this.slots[4] = UNKNOWN_SLOT;
  }

  /** To be called when the users of a range, network or device were written. */
  forgetCrowds(): void {
    this.neighbours = -1;
    this.networkUsers = -1;
    this.deviceUsers = -1;
  }

  setPlace(asn: number, country: number): void {
    this.asn = asn;
    this.country = country;
    this.values[0] = country;
    this.values[1] = asn;
    this.unknownUserRatio = Number.NaN;
    this.forgetSlots();
    this.forgetCrowds();
  }

  load(words: Uint32Array, doubles: Float64Array, at: number, table: EventTable, batch: ColumnBatch): void {
    this.flags = words[at + Word.flags]!;
    this.eventClass = this.flags & CLASS_MASK;
    this.orderMs = doubles[(at + Word.order) >> 1]!;
    this.timeMs = doubles[(at + Word.time) >> 1]!;
    this.seconds = Math.max(0, Math.floor(this.timeMs / 1000));
    this.idLo = words[at + Word.idLo]! | 0;
    this.userLo = words[at + Word.userLo]! | 0;
    this.userHi = words[at + Word.userHi]! | 0;
    this.ipLo = words[at + Word.ipLo]! | 0;
    this.ipHi = words[at + Word.ipHi]! | 0;
    this.prefix = words[at + Word.prefix]! | 0;
    this.asn = words[at + Word.asn]! | 0;
    this.country = words[at + Word.country]! | 0;
    this.device = words[at + Word.device]! | 0;
    this.client = words[at + Word.client]! | 0;
    this.app = words[at + Word.app]! | 0;
    this.session = words[at + Word.session]! | 0;
    this.browser = browserOf(this.session, this.device, this.ipLo, this.client);
    this.foldLo = words[at + Word.foldLo]! | 0;
    this.geo = words[at + Word.geo]!;
    this.row = words[at + Word.row]! | 0;
    this.table = table;
    this.batch = batch;
    this.fact = undefined;
    this.sessionAt = -1;
    this.values[0] = this.country;
    this.values[1] = this.asn;
    this.values[2] = this.prefix;
    this.values[3] = this.device !== 0 ? this.device : this.#withoutDevice;
    this.values[4] = this.client;
    this.unknownUserRatio = Number.NaN;
    this.forgetSlots();
    this.forgetCrowds();
  }

  get #withoutDevice(): number {
    return this.has(Flag.mobile) ? BARE_PHONE : NO_DEVICE;
  }

  /** What the log says of the session is none. */
  dropSession(): void {
    this.session = 0;
    this.browser = browserOf(0, this.device, this.ipLo, this.client);
  }

  /** What the log says of the device's id is none. */
  dropDevice(): void {
    this.device = 0;
    this.browser = browserOf(this.session, 0, this.ipLo, this.client);
    this.values[3] = this.#withoutDevice;
    this.forgetSlots();
    this.forgetCrowds();
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  /** Whether the log said a level, be it none. */
  get hasRiskLevel(): boolean {
    return ((this.flags >> RISK_SHIFT) & 7) !== 0;
  }

  get riskLevel(): (typeof RISK_LEVELS)[number] {
    return RISK_LEVELS[(this.flags >> RISK_SHIFT) & 7] ?? '';
  }

  text(name: string): string {
    return this.batch === undefined ? '' : textAt(this.batch, name, this.row).slice(0, 256);
  }

  /** The text of an id, '' where it tells nothing apart; see idText. */
  id(name: string): string {
    const column = this.batch?.strings.get(name);
    const entry = column?.indices[this.row] ?? -1;
    if (column === undefined || entry < 0) return '';
    return isPlainGuid(column, entry) ? entryText(column, entry) : idText(this.text(name));
  }

  /** System and browser in words, '' where the log says neither. */
  clientText(): string {
    const named = [this.text('OperatingSystem'), this.text('Browser')];
    const { system, browser } = named.every((part) => part === '')
      ? clientOfAgent(this.text('UserAgent'))
      : { system: named[0], browser: named[1] };
    return [system, browser].filter((part) => part !== '').join(', ');
  }

  /** Of a column of numbers or times (Unix ms), and of one of truth values; undefined where the row has none. */
  number(name: string): number | undefined {
    const value = this.batch?.numbers.get(name)?.[this.row];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }

  bool(name: string): boolean | undefined {
    const value = this.batch?.bools.get(name)?.[this.row] ?? -1;
    return value < 0 ? undefined : value === 1;
  }

  /** When the workspace took the row in, Unix ms; its event time where that is not known. */
  get ingestedMs(): number {
    return this.number('IngestedAt') ?? this.timeMs;
  }

  #tenantBatch: ColumnBatch | undefined;
  #tenants: StringColumn | undefined;
  #tenantEntry = -1;
  #tenantText = '';
  readonly #tenantTexts = new Map<string, string>();
  #scope = '';
  #home = '';
  /** Id of the tenant whose rows were seen first, in lower case; '' before. */
  get homeTenant(): string {
    return this.#home;
  }
  set homeTenant(tenant: string) {
    this.#home = tenant;
    this.#tenantBatch = undefined;
  }

  /** What a fact of the tenant's is kept under: '' for the first tenant, and for rows that name none, as whole tables of some exports do. */
  scope(): string {
    this.tenantId();
    return this.#scope;
  }

  /**
   * The tenant's id, decoded where it is another than that of the event before. Always the same string for one tenant: two of the same letters are
   * compared letter by letter at every event.
   */
  tenantId(): string {
    if (this.batch !== this.#tenantBatch) {
      this.#tenantBatch = this.batch;
      this.#tenants = this.batch?.strings.get('TenantId');
      this.#tenantEntry = -1;
      this.#tenantText = '';
      this.#scope = '';
    }
    const entry = this.#tenants?.indices[this.row] ?? -1;
    if (entry !== this.#tenantEntry) {
      this.#tenantEntry = entry;
      this.#tenantText = this.#sameTenantText(this.text('TenantId'));
      const tenant = this.#sameTenantText(this.#tenantText.toLowerCase());
      this.#scope = tenant === this.#home ? '' : tenant;
    }
    return this.#tenantText;
  }

  #sameTenantText(text: string): string {
    const known = this.#tenantTexts.get(text);
    if (known !== undefined) return known;
    if (this.#tenantTexts.size >= MOST_TENANTS) this.#tenantTexts.clear();
    this.#tenantTexts.set(text, text);
    return text;
  }

  party(): Party {
    if (this.batch?.kind !== 'audit') return { userId: this.text('UserId'), upn: this.text('UserPrincipalName') };
    const target = { userId: this.text('TargetUserId'), upn: this.text('TargetUpn') };
    return target.userId === '' && target.upn === '' ? { userId: this.text('ActorUserId'), upn: this.text('ActorUpn') } : target;
  }

  /** The raw record, in words. */
  evidence(): EvidenceEvent {
    const audit = this.batch?.kind === 'audit';
    const risk = this.batch?.kind === 'risk';
    const what = audit
      ? auditWords(this.text('OperationName'), this.text('ResultReason'))
      : risk
        ? `${this.text('RiskEventType')} (${this.text('RiskLevel')})`
        : resultMeaning(this.text('ResultType')).words;
    return {
      table: this.table as SourceTable,
      id: this.text('Id'),
      timeMs: this.timeMs,
      what,
      ip: this.text(audit ? 'ActorIp' : 'IPAddress'),
      country: this.text('Country'),
      city: this.text('City'),
      asn: this.text('Asn'),
      deviceId: this.id(audit ? 'TargetDeviceId' : 'DeviceId'),
      deviceName: this.text(audit ? 'TargetDeviceName' : 'DeviceName'),
      app: this.text('AppDisplayName'),
    };
  }
}
