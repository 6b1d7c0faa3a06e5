/** Colours of a terminal; used only where `Io.color` allows it. */
const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const;
export type Colour = keyof typeof CODES;

export function paint(text: string, colour: Colour): string {
  const [on, off] = CODES[colour];
  return `\x1b[${on}m${text}\x1b[${off}m`;
}

const SEVERITY_COLOURS: Readonly<Record<string, Colour>> = { High: 'red', Medium: 'yellow', Low: 'cyan' };

/** A severity in its colour; any other text as it is. */
export function paintSeverity(cell: string): string {
  const colour = SEVERITY_COLOURS[cell.trim()];
  return colour === undefined ? cell : paint(cell, colour);
}
