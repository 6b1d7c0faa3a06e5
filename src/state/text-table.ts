import { type Listed, ListTable } from './list-table.ts';
import { readTexts, writeTexts } from './texts.ts';

/** What a TextTable keeps of one key. */
export type TextList = Listed<string>;

/** Growing lists of texts. */
export class TextTable extends ListTable<string> {
  constructor(maxKeys: number, maxValues: number) {
    super({ write: writeTexts, read: readTexts }, maxKeys, maxValues);
  }
}
