import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../../core/write-whole.ts';
import type { KqlCatalog, TranslateOptions, Translation } from '../../../kql/translate.ts';

const MAX_ENTRIES = 500;
/** What hunting queries have in place of the ends of the portal's time range. */
const TIME_IN_TEXT = /\{\{(?:Start|End)TimeISO\}\}/;
/** The file is named after its database. */
export const SQL_CACHE_SUFFIX = '.sqlcache';

/**
 * KQL to SQL, kept beside the database: the parser takes half a second to load, and a run whose queries and tables have not changed
 * never loads it. The key holds everything that the SQL depends on: text, tables, functions, options, and the translator itself.
 */
export class Translations {
  readonly #file: string | undefined;
  readonly #known = new Map<string, Translation>();
  #translator: string | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
    if (file === undefined) return;
    for (const [key, translation] of readEntries(file)) this.#known.set(key, translation);
  }

  async translate(text: string, catalog: KqlCatalog, options: TranslateOptions): Promise<Translation> {
    const key = this.#key(text, catalog, options);
    const known = this.#known.get(key);
    if (known) return known;
    const { translate } = await import('../../../kql/translate.ts');
    let usedNow = false;
    const translation = translate(text, catalog, {
      ...options,
      get now() {
        usedNow = true;
        return options.now;
      },
    });
    // SQL that holds the time at which it was made is of no use later.
    if (!usedNow) this.#keep(key, translation);
    return translation;
  }

  #keep(key: string, translation: Translation): void {
    this.#known.set(key, translation);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_ENTRIES) break;
      this.#known.delete(oldest);
    }
    if (this.#file !== undefined) writeEntries(this.#file, this.#known);
  }

  /** Of a bound timespan the SQL holds no value, but where a text has one of its ends written into it. */
  #timespanKey(text: string, { functions }: KqlCatalog, { timespan }: TranslateOptions): unknown {
    if (!timespan?.bound || [text, ...[...functions.values()].map((fn) => fn.text)].some((each) => TIME_IN_TEXT.test(each)))
      return timespan ?? {};
    return [timespan.from !== undefined, timespan.until !== undefined];
  }

  #key(text: string, catalog: KqlCatalog, options: TranslateOptions): string {
    this.#translator ??= translatorVersion();
    const { arrival, schemas, externalData } = options;
    const parts = [
      this.#translator,
      text,
      [...catalog.tables],
      [...(catalog.watchlists ?? [])],
      [...catalog.functions],
      arrival ?? false,
      this.#timespanKey(text, catalog, options),
      schemas ?? [],
      externalData ?? false,
    ];
    return createHash('sha256')
      .update(JSON.stringify(parts, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)))
      .digest('hex');
  }
}

/** Digest of the translator's own program text: a new version of it must not meet the SQL of an old one. */
function translatorVersion(): string {
  const folder = fileURLToPath(new URL('../../../kql/', import.meta.url));
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/(?<!\.d)\.[jt]s$/.test(name)) hash.update(name).update(readFileSync(`${folder}/${name}`));
  }
  return hash.digest('hex');
}

type Entries = Iterable<readonly [string, Translation]>;

/** A damaged or foreign file counts as empty: everything in it can be made again. */
function readEntries(file: string): Entries {
  try {
    const entries: unknown = JSON.parse(readFileSync(file, 'utf8'), (_, value: unknown) =>
      typeof value === 'object' && value !== null && '$long' in value ? BigInt(String(value.$long)) : value,
    );
    return Array.isArray(entries) ? entries : [];
  } catch {
    return [];
  }
}

function writeEntries(file: string, entries: Entries): void {
  const text = JSON.stringify([...entries], (_, value: unknown) => (typeof value === 'bigint' ? { $long: String(value) } : value));
  try {
    writeWhole(file, text, 0o600);
  } catch {
    // only time is lost: the next command translates again
  }
}
