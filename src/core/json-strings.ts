/** Strings of a JSON array, sorted; anything else in it is left out, and what is no array has none. */
export function parsedStrings(json: string): readonly string[] {
  if (json === '') return [];
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string').sort() : [];
  } catch {
    return [];
  }
}
