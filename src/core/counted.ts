/** `1 row`, `12,345 rows`. */
export function counted(count: number, noun: string, nouns = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : nouns}`;
}

/** 12345 as 12,345. */
export function grouped(count: number | bigint): string {
  return count.toLocaleString('en-US');
}
