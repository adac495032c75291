// The frame: which view is shown, and the token that four of the five need.

import {h, fill, announce, field, failed} from './dom.js';
import {admin, hasToken, onToken, open, setToken} from './api.js';
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

/** #/rules/12?x=y → {name, path, parameters}. A token in the fragment is taken out of the address at once. */
function place() {
  const hash = location.hash.slice(1);
  if (hash.startsWith('token=')) {
    const given = new URLSearchParams(hash);
    history.replaceState(null, '', `#${given.get('to') ?? '/try'}`);
    setToken(given.get('token'));
    return place();
  }
  const [path, parameters] = hash.replace(/^\//, '').split('?');
  const parts = path.split('/').map(decodeURIComponent);
  return {name: parts[0] in VIEWS ? parts[0] : 'try', path: parts.slice(1), parameters: new URLSearchParams(parameters)};
}

function show() {
  if (location.hash === '#main') return;
  leave?.();
  leave = null;
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
  if (shown !== null && shown !== where.name) {
    main.focus({preventScroll: true});
    scrollTo(0, 0);
    announce(view.title);
  }
  shown = where.name;
}

function askForToken(here, title) {
  const input = h('input', {type: 'password', autocomplete: 'off', required: true, spellcheck: 'false'});
  const token = field('Admin token', input, 'The value of ADMIN_TOKEN; ./run prints it, and a link that brings it along. It is kept in this tab’s memory only.');
  fill(here, h('h1', {}, title),
      h('form', {class: 'card narrow', onsubmit: async event => {
        event.preventDefault();
        const given = input.value.trim();
        quiet = true;
        try {
          setToken(given);
          await admin('/v1/console/status');
          quiet = false;
          setToken(given);
        } catch (e) {
          setToken(null);
          quiet = false;
          token.fault(e.status === 401 ? 'This is not the token.' : e.message);
          input.focus();
        }
      }}, h('p', {}, `${title} shows what others do, so it asks who you are. “Try it” does not.`), token, h('button', {class: 'primary'}, 'Open')));
  input.focus({preventScroll: true});
}

/** While a token is being tried, the form stays. */
let quiet = false;

onToken(() => {
  if (!quiet) show();
});
lock.addEventListener('click', () => setToken(null));
addEventListener('hashchange', show);

/** One word on how the service is, on every view. */
async function lookAfterHealth() {
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
    if (before) announce(`The service: ${text}`);
  }
  setTimeout(lookAfterHealth, document.hidden ? 15000 : 3000);
}

try {
  show();
} catch (e) {
  fill(main, failed(e));
}
lookAfterHealth();
