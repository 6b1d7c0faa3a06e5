/** A changed property, its values parsed. */
export interface Change {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The value of a change: JSON inside a JSON string, which some exporters quote once more. */
function valueIn(text: unknown): unknown {
  const value = parsed(text);
  return typeof value === 'string' && /^["[{]/.test(value) ? parsed(value) : value;
}

/** The changes as logged; anything that is not the expected JSON counts as no change. */
export function changesOf(modifiedProperties: string): readonly Change[] {
  const list = modifiedProperties === '' ? [] : parsed(modifiedProperties);
  if (!Array.isArray(list)) return [];
  return list.slice(0, 100).flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return [];
    const { name, displayName, oldValue, newValue } = item as Record<string, unknown>;
    const label = typeof name === 'string' ? name : displayName;
    return typeof label === 'string' ? [{ name: label, before: valueIn(oldValue), after: valueIn(newValue) }] : [];
  });
}

/** AdditionalDetails: a list of key and value. */
export function pairsOf(additionalDetails: string): readonly Readonly<Record<string, unknown>>[] {
  return entries(parsed(additionalDetails));
}

/** The objects of a list, or the one that stands alone. */
export function entries(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const list = Array.isArray(value) ? value : [value];
  return list.slice(0, 100).filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
}
