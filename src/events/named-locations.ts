/** Before the name of a location that the tenant trusts. */
const TRUSTED = 'trusted:';
const BETWEEN = '; ';

export interface NamedLocation {
  readonly name: string;
  readonly isTrusted: boolean;
}

/**
 * The list in NamedLocation, as queries/*signins.kql write it. A name that has '; ' in it comes in pieces, of which the first has the mark; so an
 * administrator can name a location 'Guests; trusted:all', and it is one that is trusted.
 */
export function namedLocations(text: string): readonly NamedLocation[] {
  if (text === '') return [];
  return text
    .split(BETWEEN)
    .map((name) => (name.startsWith(TRUSTED) ? { name: name.slice(TRUSTED.length), isTrusted: true } : { name, isTrusted: false }));
}

/** As a name, or some names in a row, are found in others whatever they have in them. */
export const betweenNames = (names: readonly string[]) => `${BETWEEN}${names.join(BETWEEN)}${BETWEEN}`;
