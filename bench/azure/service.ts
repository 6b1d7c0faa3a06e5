import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Stands in for the service, in a process of its own: gives the same prepared bytes to every query, takes every upload.
 * Arguments: rows, width of the values (`wide`: 1.4 kB a row as in SigninLogs; `short`: 0.8 kB).
 */
const ROWS = Number(process.argv[2]);
const WIDE = process.argv[3] === 'wide';
const COLUMNS = Array.from({ length: 40 }, (_, i) => ({
  name: `Column${i}`,
  type: i === 0 ? 'datetime' : i < 3 ? 'long' : i === 3 ? 'real' : i === 4 ? 'bool' : i < 8 ? 'dynamic' : 'string',
}));

function cell(type: string, column: number, row: number): unknown {
  if (type === 'datetime')
    return `2026-05-${String(1 + (row % 28)).padStart(2, '0')}T08:${String(row % 60).padStart(2, '0')}:07.${1_234_567 + (row % 8_000_000)}Z`;
  if (type === 'long') return column === 1 ? row : row % 500_000;
  if (type === 'real') return (row % 18_000) / 100;
  if (type === 'bool') return row % 3 === 0;
  if (type === 'dynamic')
    return JSON.stringify({ deviceId: `d-${row % 4000}`, operatingSystem: 'Windows 11', browser: 'Edge 120.0', trusted: [row % 7, null] });
  // Ids of their own in a few columns, names shared by many rows in the others: as in sign-in logs.
  if (column < 13) return `${row.toString(16).padStart(8, '0')}-1111-4222-8333-${(row * 7 + column).toString(16).padStart(12, '0')}`;
  const name = column < 30 ? `value ${(row * column) % (column * 40)} of ${column}` : `constant ${column}`;
  return WIDE ? `${name} with more words` : name.slice(0, 10);
}

function body(): Buffer[] {
  const parts = [Buffer.from(`{"tables":[{"name":"PrimaryResult","columns":${JSON.stringify(COLUMNS)},"rows":[`)];
  for (let row = 0, text = ''; row < ROWS; row++) {
    text += (row > 0 ? ',' : '') + JSON.stringify(COLUMNS.map(({ type }, column) => cell(type, column, row)));
    if (text.length > 1_000_000 || row === ROWS - 1) {
      parts.push(Buffer.from(text));
      text = '';
    }
  }
  parts.push(Buffer.from(']}]}'));
  return parts;
}

const parts = ROWS > 0 ? body() : [];
const server = createServer((request, response) => {
  if (request.url?.includes('/dataCollectionRules/')) {
    request.resume().on('end', () => response.writeHead(204).end());
    return;
  }
  request.resume().on('end', async () => {
    response.writeHead(200, { 'content-type': 'application/json' });
    for (const part of parts) if (!response.write(part)) await new Promise((resolve) => response.once('drain', resolve));
    response.end();
  });
});
server.listen(0, '127.0.0.1', () => {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port, bytes })}\n`);
});
