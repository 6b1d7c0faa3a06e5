/** What parameters of a workbook hold. A list is one of quoted texts, as a drop-down with several choices gives it. */
export interface ParameterValues {
  /** ISO 8601. */
  readonly timeRange: { readonly start: string; readonly end: string };
  readonly values: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * A query with its parameters put in, as the portal does: `{Name}` is replaced as it stands, `{TimeRange:startISO}` and `endISO` by
 * times. A value is text from outside, so no query of ours takes one that somebody else could have written: choices of a fixed list and
 * EventUid, which is a hash.
 */
export function fillParameters(kql: string, { timeRange, values }: ParameterValues): string {
  return kql.replace(/\{(\w+)(?::(\w+))?\}/g, (whole, name: string, form: string | undefined) => {
    if (name === 'TimeRange' && form === 'startISO') return timeRange.start;
    if (name === 'TimeRange' && form === 'endISO') return timeRange.end;
    const value = form === undefined ? values[name] : undefined;
    if (value === undefined) return whole;
    return typeof value === 'string' ? value : value.map((text) => `'${text}'`).join(',');
  });
}
