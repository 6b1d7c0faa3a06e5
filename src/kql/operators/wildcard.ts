/** Whether a name is one that a wildcard means; `*` stands for any text. Linear: a regular expression of many stars is not. */
export function isLike(name: string, wildcard: string): boolean {
  const [first, ...rest] = wildcard.split('*') as [string, ...string[]];
  const last = rest.pop();
  if (last === undefined) return name === wildcard;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}
