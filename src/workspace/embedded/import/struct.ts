import { quoteString } from '../../../kql/quote.ts';

interface Node {
  readonly children: Map<string, Node>;
  json: boolean;
  wanted: boolean;
}

/** The paths of a record that are read, as one schema for json_transform. */
export class RecordStruct {
  readonly #root: Node = newNode();
  #sealed = false;

  /** Asks for a path; `json` where the value itself is wanted, not its text. */
  want(path: readonly string[], { json }: { readonly json: boolean }): void {
    if (this.#sealed) throw new Error('the struct is already in use');
    let node = this.#root;
    for (const key of path) {
      const next = node.children.get(key) ?? newNode();
      node.children.set(key, next);
      node = next;
    }
    node.wanted = true;
    node.json ||= json;
  }

  /** The second argument of json_transform. */
  schemaSql(): string {
    this.#sealed = true;
    return quoteString(schemaText(this.#root));
  }

  /** SQL that tells whether the value at a path of one key is an object. */
  isObjectSql(key: string): string {
    const node = this.#root.children.get(key);
    const sql = this.#fieldSql(key);
    return node?.wanted === false ? `${sql} IS NOT NULL` : `coalesce(starts_with(${sql}, '{'), false)`;
  }

  #fieldSql(key: string): string {
    const at = [...this.#root.children.keys()].indexOf(key);
    if (at < 0) throw new Error(`${key} was not asked for`);
    return `struct_extract_at(s, ${at + 1})`;
  }

  /** SQL of the value at a path of the struct `s`: JSON or text, as `json` says. */
  valueSql(path: readonly string[], { json }: { readonly json: boolean }): string {
    let node = this.#root;
    let sql = 's';
    for (const [depth, key] of path.entries()) {
      if (node.wanted) {
        // A value that is wanted as a whole and in part is read as JSON, and the part from that.
        const rest = quoteString(
          path
            .slice(depth)
            .map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`)
            .join(''),
        );
        return json ? `json_extract(${sql}, ${rest})` : `json_extract_string(${sql}, ${rest})`;
      }
      const next = node.children.get(key);
      if (!next) throw new Error(`the path ${path.join('.')} was not asked for`);
      // By position: DuckDB takes fields whose names differ in case only for the same.
      sql = `struct_extract_at(${sql}, ${[...node.children.keys()].indexOf(key) + 1})`;
      node = next;
    }
    const isJson = node.json || node.children.size > 0;
    if (json) return isJson ? `${sql}::VARCHAR` : `to_json(${sql})::VARCHAR`;
    return isJson ? `json_extract_string(${sql}, '$')` : sql;
  }
}

function newNode(): Node {
  return { children: new Map(), json: false, wanted: false };
}

function schemaText(node: Node): string {
  if (node.wanted) return node.json || node.children.size > 0 ? '"JSON"' : '"VARCHAR"';
  return `{${[...node.children].map(([key, child]) => `${JSON.stringify(key)}:${schemaText(child)}`).join(',')}}`;
}
