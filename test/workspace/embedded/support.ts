import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KqlParameters, KqlValue } from '../../../src/core/kql-types.ts';
import { type Ticks, ticksFromIso } from '../../../src/core/ticks.ts';
import { EmbeddedWorkspace } from '../../../src/workspace/embedded/embedded-workspace.ts';
import { type ImportOptions, type ImportResult, importPaths } from '../../../src/workspace/embedded/import/import-paths.ts';

export function ticks(iso: string): Ticks {
  const value = ticksFromIso(iso);
  if (value === undefined) throw new Error(`${iso} is no date`);
  return value;
}

export const NOW = ticks('2026-05-01T12:00:00Z');

export interface Bench {
  readonly folder: string;
  readonly workspace: EmbeddedWorkspace;
  /** Writes a file below the folder and gives its path. */
  file(name: string, content: string | Uint8Array): string;
  import(paths: string | readonly string[], options?: Partial<ImportOptions>): Promise<ImportResult>;
  /** Rows of a query, all of them. */
  rows(kql: string, parameters?: KqlParameters): Promise<(readonly KqlValue[])[]>;
  /** What was set aside, in the order of files and lines. */
  rejects(): { readonly file: string; readonly line: number; readonly reason: string; readonly row: string }[];
  close(): Promise<void>;
}

/** A workspace in memory and a folder of its own. */
export async function openBench({ workspaceId }: { readonly workspaceId?: string } = {}): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'factorwatch-test-'));
  const workspace = await EmbeddedWorkspace.open({ path: ':memory:', clock: () => NOW, workspaceId });
  const rejectedDir = join(folder, 'data', 'rejected');
  return {
    folder,
    workspace,
    file: (name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    import: (paths, options = {}) => importPaths(workspace, typeof paths === 'string' ? [paths] : paths, { rejectedDir, ...options }),
    rows: (kql, parameters) => allRows(workspace, kql, parameters),
    rejects: () =>
      names(rejectedDir).flatMap((name) =>
        readFileSync(join(rejectedDir, name), 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line)),
      ),
    close: async () => {
      await workspace.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function allRows(workspace: EmbeddedWorkspace, kql: string, parameters?: KqlParameters): Promise<(readonly KqlValue[])[]> {
  const rows: (readonly KqlValue[])[] = [];
  for await (const chunk of (await workspace.query({ kql, parameters })).chunks) rows.push(...chunk);
  return rows;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** A line of NDJSON. */
export function line(row: unknown): string {
  return `${JSON.stringify(row)}\n`;
}
