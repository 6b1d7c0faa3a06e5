import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { didYouMean } from '../core/did-you-mean.ts';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import { type Fault, faultsError, readYaml } from '../core/yaml-text.ts';
import type { EventKind } from '../events/contracts.ts';
import type { EventTable } from '../scoring/judgement.ts';
import { type PipelineSettings, pipelineSchema } from './pipeline-schema.ts';

/** An extraction query with its text. */
export interface PipelineQuery {
  readonly name: string;
  /** As the user knows it, for error places: queries/signins.kql. */
  readonly file: string;
  readonly table: EventTable;
  readonly kind: EventKind;
  readonly kql: string;
}

/** A pipeline with all that its files say. */
export interface Pipeline extends Omit<PipelineSettings, 'queries'> {
  readonly file: string;
  readonly queries: readonly PipelineQuery[];
  /** SHA-256 of the file and its queries. */
  readonly hash: string;
}

/** Which detectors there are and the names of their parameters, so that a misspelling is refused. */
export type DetectorNames = ReadonlyMap<string, readonly string[]>;

export interface PipelineFolders {
  readonly pipelines: string;
  readonly queries: string;
  readonly detectors: DetectorNames;
}

/** Names of the pipelines of a folder, sorted: the files without .yaml. */
export function pipelineNames(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/** Reads and checks a pipeline; every fault of its file is named with its place (78). An unknown name is 64. */
export function loadPipeline(name: string, { pipelines, queries, detectors }: PipelineFolders): Pipeline {
  const names = pipelineNames(pipelines);
  if (!names.includes(name)) {
    throw new FactorwatchError('unknown-pipeline', `there is no pipeline "${name}"${didYouMean(name, names)}`, {
      exitCode: ExitCode.usage,
      hint: names.length === 0 ? `${pipelines} holds no pipeline.` : `The pipelines are: ${names.join(', ')}.`,
    });
  }
  const file = `${basename(pipelines)}/${name}.yaml`;
  const text = readFileSync(join(pipelines, `${name}.yaml`), 'utf8');
  const { value, place } = readYaml(text, { file, schema: pipelineSchema, code: 'pipeline-invalid' });
  const faults: Fault[] = [];
  const fault = (message: string, ...path: PropertyKey[]) => faults.push({ message, where: place(path) });

  // The state, the lock and the rows of a pipeline go by its name.
  if (value.name !== name) fault(`name: must be "${name}" like the file`, 'name');
  const seen = new Set<string>();
  const hash = createHash('sha256').update(text);
  const loaded = value.queries.map((query, i): PipelineQuery => {
    if (seen.has(query.name)) fault(`queries.${i}.name: "${query.name}" is there twice`, 'queries', i, 'name');
    seen.add(query.name);
    const path = join(queries, query.file);
    const kql = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    if (kql === undefined) fault(`queries.${i}.file: there is no ${basename(queries)}/${query.file}`, 'queries', i, 'file');
    hash.update('\n').update(kql ?? '');
    return { ...query, file: `${basename(queries)}/${query.file}`, kql: kql ?? '' };
  });
  for (const [id, settings] of Object.entries(value.detectors)) {
    const parameters = detectors.get(id);
    if (parameters === undefined) {
      fault(`unknown detector "${id}"${didYouMean(id, detectors.keys())}`, 'detectors', id);
      continue;
    }
    for (const key of Object.keys(settings)) {
      if (key !== 'enabled' && !parameters.includes(key)) {
        fault(`${id} has no parameter "${key}"${didYouMean(key, [...parameters, 'enabled'])}`, 'detectors', id, key);
      }
    }
  }
  if (faults.length > 0) throw faultsError('pipeline-invalid', faults);
  return { ...value, file, queries: loaded, hash: hash.digest('hex') };
}
