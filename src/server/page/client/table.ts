import type { Row } from './api.ts';
import type { Element } from './browser.ts';
import { type Child, h } from './dom.ts';

/** A column of a grid: its head, and what a cell shows. */
export interface GridColumn {
  readonly head: string;
  readonly cell: (row: Row) => Child;
  /** Numbers stand at the right. */
  readonly numeric?: boolean;
  /** Class of the cells. */
  readonly kind?: string;
}

/** A user agent of 10 kB is scrolled in its cell, and does not push the next row out of sight. */
function bounded(child: Child): Child {
  return typeof child === 'string' && child.length > 400 ? h('div', { class: 'long' }, child) : child;
}

/** A grid; where `choose` is given, rows can be clicked or chosen with Enter. */
export function grid(columns: readonly GridColumn[], rows: readonly Row[], choose?: (row: Row) => void): Element {
  const classOf = ({ numeric, kind }: GridColumn) => [numeric && 'number', kind].filter(Boolean).join(' ') || undefined;
  const head = h('tr', {}, ...columns.map((column) => h('th', { scope: 'col', class: classOf(column) }, column.head)));
  const body = rows.map((row) =>
    h(
      'tr',
      choose
        ? {
            tabindex: 0,
            class: 'choice',
            click: () => choose(row),
            keydown: (event) => {
              if (event.key === 'Enter') choose(row);
            },
          }
        : {},
      ...columns.map((column) =>
        h('td', { class: classOf(column), 'data-head': column.numeric && column.head }, bounded(column.cell(row))),
      ),
    ),
  );
  return h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, head), h('tbody', {}, ...body)));
}

/** What stands where there is nothing to show. */
export function nothing(title: string, ...more: readonly Child[]): Element {
  return h('div', { class: 'nothing' }, h('p', { class: 'nothing-title' }, title), ...more.map((child) => h('p', {}, child)));
}

/** A shell command to type. */
export function shell(text: string): Element {
  return h('code', { class: 'shell' }, text);
}
