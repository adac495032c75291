// The frame: navigation between views, and the token that all but one need.

import {h, fill, announce, field, failed} from './dom.js';
import {enter, hasToken, keepToken, onToken, open, setToken} from './api.js';
import {tryIt} from './try.js';
import {live} from './live.js';
import {analytics} from './analytics.js';
import {client} from './client.js';
import {rules} from './rules.js';
import {status} from './status.js';

const VIEWS = {
  try: {title: 'Try it', show: tryIt, open: true},
  live: {title: 'Live', show: live},
  analytics: {title: 'Analytics', show: analytics},
  client: {title: 'Client', show: client, under: 'analytics'},
  rules: {title: 'Rules', show: rules},
  status: {title: 'Status', show: status},
};

const main = document.getElementById('main');
const lock = document.getElementById('lock');
const health = document.getElementById('health');
let leave = null;
let shown = null;

/** Removes a token from the fragment of the address at once. */
function takeToken() {
  if (!location.hash.startsWith('#token=')) return;
  const given = new URLSearchParams(location.hash.slice(1));
  history.replaceState(null, '', `#${given.get('to') ?? '/try'}`);
  keepToken(given.get('token'));
}

/** #/rules/12?x=y → {name, path, parameters}. */
function place() {
  const [path, parameters] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/').map(decoded);
  return {name: Object.hasOwn(VIEWS, name) ? name : 'try', path: rest, parameters: new URLSearchParams(parameters)};
}

/** Returns invalid encodings unchanged, because users may type addresses. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function show() {
  leave?.();
  leave = null;
  takeToken();
  const where = place();
  const view = VIEWS[where.name];
  document.title = `${view.title} · Rate limiter`;
  for (const link of document.querySelectorAll('nav a')) {
    const current = link.getAttribute('href') === `#/${view.under ?? where.name}`;
    if (current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  lock.hidden = !hasToken();
  fill(main);
  const here = h('div', {class: `view view-${where.name}`});
  main.append(here);
  if (view.open || hasToken()) leave = view.show(here, where) ?? null;
  else askForToken(here, view.title);
  const now = {name: where.name, hash: location.hash};
  const moved = shown !== null && shown.hash !== now.hash;
  // Otherwise keyboard focus would return to the top of the page.
  if (shown !== null && !here.contains(document.activeElement) && (moved || document.activeElement === document.body)) {
    main.focus({preventScroll: true});
  }
  if (moved) scrollTo(0, 0);
  if (moved && shown.name !== now.name) announce(view.title);
  shown = now;
}

function askForToken(here, title) {
  const input = h('input', {type: 'password', autocomplete: 'off', required: true, spellcheck: 'false'});
  const token = field('Admin token', input, 'The value of ADMIN_TOKEN. ./run prints it, and a link that contains it. It is kept in the memory of this tab only.');
  fill(here, h('h1', {}, title),
      h('form', {class: 'card narrow', onsubmit: async event => {
        event.preventDefault();
        try {
          await enter(input.value.trim());
        } catch (e) {
          token.fault(e.status === 401 ? 'The token is wrong.' : e.message);
          input.focus();
        }
      }}, h('p', {}, `${title} shows data of all clients, so it needs the admin token. “Try it” does not.`), token, h('button', {class: 'primary'}, 'Open')));
  input.focus({preventScroll: true});
}

onToken(show);
lock.addEventListener('click', () => setToken(null));
// Fragments are views here, so the link would leave the current view.
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});
addEventListener('hashchange', show);

/** Shows the health of the service in one word, on every view. */
async function refreshHealth() {
  let kind, text;
  try {
    const answer = await open('/health');
    [kind, text] = answer.status === 'healthy' ? ['good', 'Healthy'] : ['warn', 'Degraded'];
  } catch {
    [kind, text] = ['bad', 'No answer'];
  }
  if (health.textContent !== text) {
    const before = health.textContent;
    health.hidden = false;
    health.className = `health ${kind}`;
    health.textContent = text;
    if (before) announce(`Service: ${text}`);
  }
  setTimeout(refreshHealth, document.hidden ? 15000 : 3000);
}

try {
  show();
} catch (e) {
  fill(main, failed(e));
}
refreshHealth();
