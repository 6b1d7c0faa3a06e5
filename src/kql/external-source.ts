/** What `externaldata` names, for whoever runs the query to read and bind. */
export interface ExternalSource {
  /** Bound as text: a JSON array of rows, each an array of texts or nulls, one for each column. */
  readonly parameter: string;
  readonly paths: readonly string[];
  readonly columns: readonly string[];
  readonly format: string | undefined;
  readonly ignoreFirstRecord: boolean;
  readonly line: number;
  readonly column: number;
}
