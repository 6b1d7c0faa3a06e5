import { eventUid } from '../findings/event-uid.ts';
import { type ContentOptions, type FindingContent, findingContent } from '../findings/finding-row.ts';
import type { Judgement } from '../scoring/judgement.ts';
import { type EnrichOptions, enrich } from './enrich.ts';
import type { Opinions } from './ledger.ts';

/** Turns what the engine said since the last commit into findings: the newest judgement of each unit counts. */
export async function opinionsOf(
  committed: readonly Judgement[],
  provisional: readonly Judgement[] | undefined,
  options: EnrichOptions & ContentOptions,
): Promise<Opinions> {
  const complete = byUid(committed);
  const retracted = new Set([...complete].filter(([, judgement]) => judgement.retracted === true).map(([uid]) => uid));
  for (const uid of retracted) complete.delete(uid);
  const early = provisional === undefined ? undefined : byUid(provisional.filter((judgement) => judgement.retracted !== true));
  const facts = await enrich([...complete.values(), ...(early?.values() ?? [])], options);
  const contents = (judgements: ReadonlyMap<string, Judgement>): ReadonlyMap<string, FindingContent> =>
    new Map([...judgements].map(([uid, judgement]) => [uid, findingContent(judgement, facts.get(judgement) ?? {}, options)]));
  return { committed: contents(complete), retracted, provisional: early === undefined ? undefined : contents(early) };
}

function byUid(judgements: readonly Judgement[]): Map<string, Judgement> {
  return new Map(judgements.map((judgement) => [eventUid(judgement), judgement]));
}
