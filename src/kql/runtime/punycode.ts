const [BASE, T_MIN, T_MAX, SKEW, DAMP] = [36, 1, 26, 38, 700];

function adapt(delta: number, points: number, first: boolean): number {
  let k = 0;
  let d = first ? Math.floor(delta / DAMP) : delta >> 1;
  for (d += Math.floor(d / points); d > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) d = Math.floor(d / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * d) / (d + SKEW));
}

function threshold(k: number, bias: number): number {
  return Math.min(T_MAX, Math.max(T_MIN, k - bias));
}

/** RFC 3492, without the prefix `xn--`. */
export function toPunycode(text: string): string {
  const points = [...text].map((c) => c.codePointAt(0)!);
  const plain = points.filter((p) => p < 128);
  let out = plain.map((p) => String.fromCharCode(p)).join('') + (plain.length > 0 ? '-' : '');
  let [n, delta, bias, done] = [128, 0, 72, plain.length];
  while (done < points.length) {
    const next = points.reduce((least, p) => (p >= n && p < least ? p : least), Number.POSITIVE_INFINITY);
    delta += (next - n) * (done + 1);
    n = next;
    for (const p of points) {
      if (p < n) delta++;
      if (p !== n) continue;
      let q = delta;
      for (let k = BASE; ; k += BASE) {
        const t = threshold(k, bias);
        if (q < t) break;
        out += digit(t + ((q - t) % (BASE - t)));
        q = Math.floor((q - t) / (BASE - t));
      }
      out += digit(q);
      bias = adapt(delta, done + 1, done === plain.length);
      delta = 0;
      done++;
    }
    delta++;
    n++;
  }
  return out;
}

function digit(value: number): string {
  return String.fromCharCode(value < 26 ? value + 97 : value + 22);
}

export function fromPunycode(text: string): string | undefined {
  const edge = text.lastIndexOf('-');
  const points = [...text.slice(0, Math.max(0, edge))].map((c) => c.codePointAt(0)!);
  if (points.some((p) => p > 127)) return undefined;
  let [n, i, bias] = [128, 0, 72];
  for (let at = edge + 1; at < text.length; ) {
    const before = i;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const c = text.charCodeAt(at++);
      const value = c >= 48 && c <= 57 ? c - 22 : c >= 97 && c <= 122 ? c - 97 : c >= 65 && c <= 90 ? c - 65 : Number.NaN;
      i += value * weight;
      if (!Number.isSafeInteger(i)) return undefined;
      const t = threshold(k, bias);
      if (value < t) break;
      weight *= BASE - t;
    }
    bias = adapt(i - before, points.length + 1, before === 0);
    n += Math.floor(i / (points.length + 1));
    i %= points.length + 1;
    if (n > 0x10ffff) return undefined;
    points.splice(i++, 0, n);
  }
  return points.map((p) => String.fromCodePoint(p)).join('');
}
