/** Goes to a place of the page: a tab, with what it is to show after a slash. */
export type Navigation = (place: string) => void;

/** `finding/abc` as tab and argument; the hash is percent-encoded by browsers. */
export function placeOf(hash: string): { readonly tab: string; readonly argument: string } {
  let text = hash.replace(/^#/, '');
  try {
    text = decodeURIComponent(text);
  } catch {
    // Left as it was typed.
  }
  const at = text.indexOf('/');
  return at < 0 ? { tab: text, argument: '' } : { tab: text.slice(0, at), argument: text.slice(at + 1) };
}
