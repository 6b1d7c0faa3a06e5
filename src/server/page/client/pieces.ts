import type { Element } from './browser.ts';
import { h, svg } from './dom.ts';
import { SEVERITIES, type Severity } from './findings-data.ts';
import { text } from './format.ts';

const MARKS: Readonly<Record<Severity, string>> = { High: '▲', Medium: '◆', Low: '●' };

/** A severity as a word with a mark: colour alone does not tell it. */
export function severity(value: unknown): Element {
  const word = text(value);
  const mark = MARKS[word as Severity] ?? '○';
  return h(
    'span',
    { class: `severity ${word.toLowerCase().replace(/[^a-z]/g, '')}` },
    h('span', { 'aria-hidden': 'true' }, mark),
    ` ${word}`,
  );
}

const STATUS_MARKS: Readonly<Record<string, readonly [kind: string, mark: string]>> = {
  Success: ['good', '✓'],
  'Partial success': ['partly', '!'],
  Failure: ['bad', '✕'],
};

export function status(value: unknown): Element {
  const [kind, mark] = STATUS_MARKS[text(value)] ?? ['plain', '·'];
  return h('span', { class: `status ${kind}` }, h('span', { 'aria-hidden': 'true' }, mark), ` ${text(value)}`);
}

/** A number with a name. */
export function tile(
  name: string,
  value: string,
  { kind = '', note = '', click }: { kind?: string; note?: string; click?: () => void } = {},
): Element {
  return h(
    click ? 'button' : 'div',
    { class: `tile ${kind}`, ...(click && { type: 'button', click }) },
    h('span', { class: 'tile-value' }, value),
    h('span', { class: 'tile-name' }, name),
    note !== '' && h('span', { class: 'tile-note' }, note),
  );
}

/** A share from 0 to 100 as a bar with its number. */
export function meter(value: number, kind = ''): Element {
  const width = Math.max(0, Math.min(100, value));
  return h(
    'span',
    { class: 'meter' },
    h('span', { class: 'meter-number' }, Math.round(value)),
    svg(
      'svg',
      { class: 'meter-bar', viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      svg('rect', { class: 'track', width: 100, height: 6 }),
      svg('rect', { class: `fill ${kind}`, width, height: 6 }),
    ),
  );
}

export interface Bar {
  readonly label: string;
  readonly counts: Readonly<Record<Severity, number>>;
}

const WIDTH = 1200;
const HEIGHT = 170;
const BASE = HEIGHT - 20;

/** Bars of stacked severities over days. */
export function stackedBars(bars: readonly Bar[]): Element {
  const total = (bar: Bar) => SEVERITIES.reduce((sum, name) => sum + bar.counts[name], 0);
  const most = Math.max(1, ...bars.map(total));
  const step = (WIDTH - 34) / Math.max(1, bars.length);
  const every = Math.ceil(bars.length / 8);
  const drawn = bars.flatMap((bar, i) => {
    const x = 30 + i * step;
    let y = BASE;
    const parts = [...SEVERITIES].reverse().map((name) => {
      const height = (bar.counts[name] / most) * (BASE - 12);
      y -= height;
      return svg(
        'rect',
        { class: `bar ${name.toLowerCase()}`, x: x + step * 0.1, y, width: Math.min(step * 0.8, 40), height },
        svg('title', {}, `${bar.label}: ${bar.counts[name]} ${name}`),
      );
    });
    const label = i % every === 0 && svg('text', { class: 'axis day', x: x + step * 0.1, y: HEIGHT - 4 }, bar.label.slice(5));
    return label ? [...parts, label] : parts;
  });
  const chart = svg(
    'svg',
    { class: 'chart daily', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': 'Findings a day, by severity' },
    svg('line', { class: 'line', x1: 28, y1: BASE, x2: WIDTH, y2: BASE }),
    svg('text', { class: 'axis', x: 0, y: 16 }, String(most)),
    svg('text', { class: 'axis', x: 0, y: BASE }, '0'),
    ...drawn,
  );
  return h('div', {}, h('p', { class: 'legend' }, ...SEVERITIES.map(severity)), chart);
}

/** Names with counts, longest bar first. */
export function barList(entries: readonly (readonly [name: string, count: number])[], click?: (name: string) => void): Element {
  const most = Math.max(1, ...entries.map(([, n]) => n));
  return h(
    'ul',
    { class: 'bars' },
    ...entries.map(([name, n]) =>
      h(
        'li',
        {},
        click ? h('button', { type: 'button', class: 'link', click: () => click(name) }, name) : h('span', { class: 'bar-name' }, name),
        svg(
          'svg',
          { class: 'bar-line', viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
          svg('rect', { class: 'fill', width: (n / most) * 100, height: 6 }),
        ),
        h('span', { class: 'bar-count' }, n),
      ),
    ),
  );
}
