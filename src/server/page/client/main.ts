import { keepToken, QueryFailure, token } from './api.ts';
import { browser, type Element } from './browser.ts';
import { button, h } from './dom.ts';
import { findingsView } from './findings.ts';
import { forgetFindings } from './findings-data.ts';
import { type Navigation, placeOf } from './navigation.ts';
import { overview } from './overview.ts';
import { pipeline } from './pipeline.ts';
import { queryBox } from './query-box.ts';
import { timeline } from './timeline.ts';

interface Tab {
  readonly id: string;
  readonly name: string;
  readonly show: (argument: string) => Promise<Element>;
}

const go: Navigation = (place) => {
  browser.location.hash = `#${encodeURIComponent(place)}`;
};

const TABS: readonly Tab[] = [
  { id: 'overview', name: 'Overview', show: () => overview(go) },
  { id: 'findings', name: 'Findings', show: (severity) => findingsView(go, { severity, uid: '' }) },
  { id: 'user', name: 'User timeline', show: (user) => timeline(go, user) },
  { id: 'pipeline', name: 'Pipeline', show: () => pipeline() },
  { id: 'query', name: 'Query', show: (kql) => queryBox(kql) },
];
/** Places that are shown within a tab. */
const WITHIN: Readonly<Record<string, Tab>> = {
  finding: { id: 'findings', name: 'Finding', show: (uid) => findingsView(go, { severity: '', uid }) },
};

const main = browser.document.getElementById('main')!;
const tabs = browser.document.getElementById('tabs')!;
let shown = 0;

function signIn(wrong: boolean): Element {
  const input = h('input', { type: 'password', autocomplete: 'off', 'aria-label': 'Token' });
  return h(
    'form',
    {
      class: 'sign-in card',
      submit: (event) => {
        event.preventDefault();
        keepToken(input.value.trim());
        void draw();
      },
    },
    h('h2', {}, 'This server wants a token'),
    h('p', {}, 'It is the value of FACTORWATCH_SERVE_TOKEN that the server was started with.'),
    wrong && h('p', { class: 'warning' }, 'That is not the token.'),
    input,
    h('button', { type: 'submit', class: 'primary' }, 'Open'),
  );
}

async function draw(): Promise<void> {
  const mine = ++shown;
  const { tab: wanted, argument } = placeOf(browser.location.hash);
  const tab = WITHIN[wanted] ?? TABS.find(({ id }) => id === wanted) ?? TABS[0]!;
  tabs.replaceChildren(
    ...TABS.map(({ id, name }) => button(name, () => go(id), { class: 'tab', 'aria-current': id === tab.id ? 'page' : undefined })),
    h('span', { class: 'space' }),
    button('Refresh', () => {
      forgetFindings();
      void draw();
    }),
  );
  if (token() === '') return main.replaceChildren(signIn(false));
  main.replaceChildren(h('p', { class: 'muted loading' }, 'Loading…'));
  let view: Element;
  try {
    view = await tab.show(argument);
  } catch (error) {
    const refused = error instanceof QueryFailure && (error.status === 401 || error.status === 403);
    if (refused) keepToken('');
    view = refused ? signIn(true) : h('div', { class: 'failure', role: 'alert' }, h('p', {}, (error as Error).message));
  }
  // Another tab may have been chosen meanwhile.
  if (mine === shown) main.replaceChildren(view);
}

browser.addEventListener('hashchange', () => void draw());
await draw();
