import type { RuntimeFunction } from './function-row.ts';
import { type Json, writeJson } from './json.ts';

/** The parameters of a URL's query, by name; a name or value that is empty is left out, values of one name are an array. */
function parameters(text: string): Map<string, Json> {
  const found = new Map<string, string[]>();
  for (const pair of text.split('&')) {
    if (/[%+]/.test(pair)) throw new Error('a query of a URL with escapes is not supported');
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, at));
    const value = pair.slice(at + 1);
    if (at > 0 && value !== '') found.set(name, [...(found.get(name) ?? []), value]);
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([name, values]) => [name, values.length === 1 ? values[0]! : values]));
}

/** parse_urlquery(): only what leaves no doubt. */
function query(text: string): Map<string, Json> {
  const out = new Map<string, Json>();
  for (const pair of text === '' ? [] : text.split('&')) {
    const at = pair.indexOf('=');
    const name = at < 0 ? pair : pair.slice(0, at);
    if (/[%+]/.test(pair) || out.has(name) || at < 0)
      throw new Error('a query of a URL with escapes, or a name twice or without a value, is not supported');
    out.set(name, pair.slice(at + 1));
  }
  return out;
}

/** A name before @ is the user's only where a colon parts it from a password; what is no URL has empty parts. */
const URL_PARTS = /^([A-Za-z][\w+.-]*):\/\/(?:([^:@/?#]*):([^@/?#]*)@)?(\[[^\]/?#]*\]|[^:/?#[\]]*)(?::(\d*))?(\/[^?#]*)?(\?[^#]*)?(#.*)?$/s;

function parseUrl(text: string): string {
  const [, scheme = '', user = '', password = '', host = '', port = '', path = '', search = '', fragment = ''] = URL_PARTS.exec(text) ?? [];
  return writeJson(
    new Map<string, Json>([
      ['Scheme', scheme],
      ['Host', host],
      ['Port', port],
      // A slash with nothing behind it is no path.
      ['Path', path === '/' && search === '' && fragment === '' ? '' : path],
      ['Username', user],
      ['Password', password],
      ['Query Parameters', parameters(search.slice(1))],
      ['Fragment', fragment.slice(1)],
    ]),
  );
}

function parsePath(text: string): string {
  const m = /^(?:([A-Za-z][\w+.-]*):\/\/)?(.*)$/s.exec(text)!;
  const scheme = m[1] ?? '';
  let rest = m[2]!;
  const drive = /^[A-Za-z]:[\\/]/.exec(rest)?.[0] ?? '';
  const colon = rest.lastIndexOf(':');
  let stream = '';
  if (colon >= 0 && colon > Math.max(rest.lastIndexOf('/'), rest.lastIndexOf('\\'))) {
    stream = rest.slice(colon + 1);
    rest = rest.slice(0, colon);
  }
  const edge = Math.max(rest.lastIndexOf('/'), rest.lastIndexOf('\\'));
  const directory = rest.slice(0, Math.max(0, edge));
  const file = rest.slice(edge + 1);
  if (directory.length < drive.length || edge === 0 || (file === '' && text !== '') || (scheme !== '' && drive === '') || /[?#]/.test(text))
    throw new Error('parse_path of such a path is not supported');
  const name = directory.slice(Math.max(directory.lastIndexOf('/'), directory.lastIndexOf('\\')) + 1);
  const dot = file.lastIndexOf('.');
  if (dot === 0) throw new Error('parse_path of such a path is not supported');
  return writeJson(
    new Map<string, Json>([
      ['Scheme', scheme],
      ['RootPath', drive],
      ['DirectoryPath', directory],
      ['DirectoryName', name],
      ['Filename', file],
      ['Extension', dot < 0 ? '' : file.slice(dot + 1)],
      ['AlternateDataStreamName', stream],
    ]),
  );
}

/** The first record of comma-separated text. */
function parseCsv(text: string): string {
  const out: string[] = [];
  let at = 0;
  for (;;) {
    const quoted = /"((?:[^"]|"")*)"/y;
    const plain = /[^,"\r\n]*/y;
    quoted.lastIndex = plain.lastIndex = at;
    const m = quoted.exec(text) ?? plain.exec(text)!;
    out.push(m[1] === undefined ? m[0] : m[1].replaceAll('""', '"'));
    at += m[0].length;
    const c = text[at];
    if (c === undefined || c === '\n' || c === '\r') return writeJson(out);
    if (c !== ',') throw new Error('parse_csv of a field with quotes inside is not supported');
    at++;
  }
}

/** A version as one number, eight digits a part. */
function parseVersion(text: string): string | null {
  const m = /^\s*(\d{1,8})(?:\.(\d{1,8}))?(?:\.(\d{1,8}))?(?:\.(\d{1,8}))?\s*$/.exec(text);
  return m ? String(m.slice(1, 5).reduce((n, part) => n * 100_000_000n + BigInt(part ?? 0), 0n)) : null;
}

/** Windows' rules: 2n backslashes before a quote are n, and a quote inside quotes is written twice. */
function commandLine(text: string): string {
  const out: string[] = [];
  let word = '';
  let [inside, begun] = [false, false];
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '\\') {
      let n = 1;
      while (text[i + n] === '\\') n++;
      const quote = text[i + n] === '"';
      if (quote && out.length === 0) throw new Error('parse_command_line of a program with an escaped quote is not supported');
      word += '\\'.repeat(quote ? n >> 1 : n);
      if (quote && n % 2 === 1) word += '"';
      i += n - 1 + (quote && n % 2 === 1 ? 1 : 0);
      begun = true;
    } else if (c === '"') {
      if (inside && text[i + 1] === '"') throw new Error('parse_command_line of two quotes inside quotes is not supported');
      inside = !inside;
      begun = true;
    } else if (!inside && (c === ' ' || c === '\t')) {
      if (begun) out.push(word);
      [word, begun] = ['', false];
    } else {
      word += c;
      begun = true;
    }
  }
  if (inside || (!begun && out.length === 0)) throw new Error('parse_command_line of an empty or unfinished text is not supported');
  return writeJson(begun ? [...out, word] : out);
}

export const parsingFunctions: readonly RuntimeFunction[] = [
  { name: 'kqlf_parse_url', takes: ['VARCHAR'], returns: 'VARCHAR', call: parseUrl },
  {
    name: 'kqlf_parse_urlquery',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      if (/[?#]/.test(text)) throw new Error('parse_urlquery of what is no query of a URL is not supported');
      return writeJson(new Map([['Query Parameters', query(text)]]));
    },
  },
  { name: 'kqlf_parse_path', takes: ['VARCHAR'], returns: 'VARCHAR', call: parsePath },
  { name: 'kqlf_parse_csv', takes: ['VARCHAR'], returns: 'VARCHAR', call: parseCsv },
  { name: 'kqlf_parse_version', takes: ['VARCHAR'], returns: 'VARCHAR', call: parseVersion },
  { name: 'kqlf_command_line', takes: ['VARCHAR'], returns: 'VARCHAR', call: commandLine },
];
