/** What stands in an export for every id that somebody did not want to leave the house. */
export const redacted = '00000000-0000-0000-0000-000000000000';
