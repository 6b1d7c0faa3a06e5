import { z } from 'zod';
import { ExitCode, FactorwatchError } from '../core/errors.ts';

/** An item of a workbook: 1 text, 3 query, 9 parameters, 11 links, 12 group. What else it holds is the portal's affair. */
interface Item {
  readonly type: 1 | 3 | 9 | 11 | 12;
  readonly name: string;
  readonly content: {
    readonly query?: string | undefined;
    readonly queryType?: number | undefined;
    readonly title?: string | undefined;
    readonly exportFieldName?: string | undefined;
    readonly exportParameterName?: string | undefined;
    readonly parameters?: readonly { readonly name: string }[] | undefined;
    readonly items?: readonly Item[] | undefined;
  };
}

const item: z.ZodType<Item> = z.lazy(() =>
  z.looseObject({
    type: z.union([z.literal(1), z.literal(3), z.literal(9), z.literal(11), z.literal(12)]),
    name: z.string().min(1),
    content: z.looseObject({
      query: z.string().optional(),
      queryType: z.int().optional(),
      title: z.string().optional(),
      exportFieldName: z.string().optional(),
      exportParameterName: z.string().optional(),
      parameters: z.array(z.looseObject({ name: z.string() })).optional(),
      items: z.array(item).optional(),
    }),
  }),
);

const schema = z.looseObject({
  version: z.literal('Notebook/1.0'),
  fromTemplateId: z.string(),
  $schema: z.string(),
  items: z.array(item).min(1),
});

/** A query of a workbook, as it is written: parameters stand in it as {Name}. */
export interface WorkbookQuery {
  readonly name: string;
  readonly title: string;
  readonly kql: string;
  /** Names of the groups that it stands in, outermost first. */
  readonly within: readonly string[];
  readonly exports: string | undefined;
  /** The whole item as the portal reads it. */
  readonly item: unknown;
}

/** A workbook of Azure Monitor, in the form of the Azure-Sentinel gallery. */
export interface Workbook {
  readonly slug: string;
  readonly file: string;
  /** As it stands in the file. */
  readonly text: string;
  readonly fromTemplateId: string;
  readonly queries: readonly WorkbookQuery[];
  /** Names that queries may hold in braces: parameters, and what a click on a row exports. */
  readonly parameters: readonly string[];
}

/** Reads one workbook; a text that is none is a FactorwatchError (78). */
export function readWorkbook(text: string, file: string): Workbook {
  const refused = (message: string) => new FactorwatchError('workbook-invalid', message, { exitCode: ExitCode.invalid, where: { file } });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw refused(`it is not JSON: ${(error as Error).message}`);
  }
  const read = schema.safeParse(json);
  if (!read.success) throw refused(z.prettifyError(read.error));
  const queries: WorkbookQuery[] = [];
  const parameters: string[] = [];
  const visit = (items: readonly Item[], within: readonly string[]) => {
    for (const one of items) {
      const { name, content } = one;
      for (const parameter of content.parameters ?? []) parameters.push(parameter.name);
      if (content.exportParameterName !== undefined) parameters.push(content.exportParameterName);
      if (content.query !== undefined)
        queries.push({ name, title: content.title ?? name, kql: content.query, within, exports: content.exportFieldName, item: one });
      visit(content.items ?? [], [...within, name]);
    }
  };
  visit(read.data.items, []);
  const slug = file.replace(/^.*[\\/]/, '').replace(/\.workbook$/, '');
  return { slug, file, text, fromTemplateId: read.data.fromTemplateId, queries, parameters };
}
