// Try it: sends checks and shows the answers.

import {h, fill, announce, badge, empty, failed, field, refail, select, table} from './dom.js';
import {check, open, query} from './api.js';
import {attributesField, parameters} from './attributes.js';
import {showBuckets} from './buckets.js';
import * as format from './format.js';
import {compare} from './compare.js';
import {plain} from './rule-text.js';

const DEMO = [
  {client: 'api_client', description: 'A small plan'},
  {client: 'premium_client', description: 'A large plan'},
  {client: 'someone-new', description: 'Unknown: the default'},
];
const MAX_SHOWN = 100;
const LOOK_MS = 500;
// Browsers open six connections; one stays free for the usage while checks are held on the others.
const MAX_PENDING = 5;

export function tryIt(here) {
  const client = field('Client', h('input', {value: 'api_client', maxlength: '256', autocomplete: 'off', spellcheck: 'false', required: true}));
  const key = field('Limit key', h('input', {value: 'global', maxlength: '256', autocomplete: 'off', spellcheck: 'false', required: true}), 'Endpoint or resource');
  const cost = field('Cost', h('input', {type: 'number', min: '0', max: '1000000', value: '1', required: true}), '0 takes nothing');
  const priority = field('Priority', select([['high', 'high'], ['normal', 'normal'], ['low', 'low']], 'normal'), 'Rules may reserve units');
  const maxWait = field('Max wait, ms', h('input', {type: 'number', min: '0', max: '30000', value: '0', required: true}), 'Of token buckets; the answer is held');
  const attributes = attributesField('Attributes');
  const burst = field('Checks', h('input', {type: 'number', min: '1', max: '1000', value: '25'}));
  const rate = field('per second', h('input', {type: 'number', min: '1', max: '200', value: '20'}));
  const cards = h('div', {class: 'cards', role: 'group', 'aria-label': 'Demo clients'});
  const one = h('button', {type: 'submit', class: 'primary'}, 'Send one check');
  const many = h('button', {type: 'button', onclick: sendBurst}, 'Send the burst');
  const curl = h('pre', {class: 'curl', tabindex: '0', 'aria-label': 'The same call as curl'});
  const copy = h('button', {type: 'button', class: 'small', onclick: copyCurl}, 'Copy');
  const buckets = h('div', {class: 'buckets'});
  const detail = h('div', {class: 'detail'}, empty('No answer yet', 'Headers and JSON of an answer are shown here.'));
  const tally = h('p', {class: 'tally', 'aria-live': 'off'}, 'No check sent yet.');
  const waiting = h('p', {class: 'hint', role: 'status'});
  const answers = [];
  let held = 0;
  let running = null;
  let chosen = null;
  let stopped = false;
  let lookTimer = null;
  let rendering = false;
  const comparison = compare();

  const list = table('Answers, newest first', [
    {title: 'Time', cell: row => h('button', {type: 'button', class: 'link', onclick: () => pick(row)}, format.time(row.at, 'clock'))},
    {title: 'Client', cell: row => row.body.client_id, class: 'name'},
    {title: 'Answer', cell: verdict},
    {title: 'Remaining', number: true, cell: row => format.count(row.answer.remaining)},
    {title: 'Waited', number: true, cell: row => row.answer.held_ms === undefined ? format.NONE : format.seconds(row.answer.held_ms / 1000)},
    {title: 'Retry after', number: true, cell: row => row.answer.retry_after_ms === undefined ? format.NONE : format.seconds(row.answer.retry_after_ms / 1000)},
    {title: 'Source', cell: row => row.answer.source ?? format.NONE},
    {title: 'Took', number: true, cell: row => `${row.tookMs.toFixed(1)} ms`},
  ], {whenEmpty: 'No answers yet.', rowClass: row => row === chosen ? 'chosen' : null});

  fill(here,
      h('h1', {}, 'Try it'),
      h('p', {class: 'lead'}, 'Send checks as a client and watch the remaining units. These are real checks with the rules in force.'),
      cards,
      h('div', {class: 'columns'},
          h('form', {class: 'card', onsubmit: event => { event.preventDefault(); sendOne(); }},
              h('h2', {}, 'A check'),
              h('div', {class: 'fields'}, client, key, cost, priority, maxWait, attributes),
              h('div', {class: 'buttons'}, one),
              h('div', {class: 'fields burst'}, burst, rate, many)),
          h('section', {class: 'card', 'aria-label': 'Remaining'}, h('h2', {}, 'Remaining'), buckets, waiting)),
      h('section', {class: 'card'}, h('div', {class: 'heading'}, h('h2', {}, 'The same call as curl'), copy), curl),
      h('div', {class: 'columns wide-left'},
          h('section', {class: 'card'}, h('h2', {}, 'Answers'), tally, list),
          h('section', {class: 'card'}, h('h2', {}, 'One answer'), detail)),
      comparison);

  for (const control of [client, key, cost, priority, maxWait, attributes]) control.control.addEventListener('input', () => { control.fault(); showCurl(); lookSoon(0); });
  showCards();
  showCurl();
  lookSoon(0);
  return () => {
    stopped = true;
    running = null;
    clearTimeout(lookTimer);
    comparison.dispose();
  };

  function body() {
    const wanted = {client_id: client.control.value, limit_key: key.control.value};
    if (cost.control.value !== '') wanted.cost = Number(cost.control.value);
    if (priority.control.value !== 'normal') wanted.priority = priority.control.value;
    if (Number(maxWait.control.value) > 0) Object.assign(wanted, {max_wait_ms: Number(maxWait.control.value), hold: true});
    const {values} = attributes.read();
    if (Object.keys(values).length > 0) wanted.attributes = values;
    return wanted;
  }

  async function showCards() {
    let active = [];
    try {
      active = (await open('/rules')).rules.filter(plain);
    } catch {
      active = [];
    }
    fill(cards, DEMO.map(({client: name, description}) => {
      const rule = active.find(r => r.client_id === name && r.in_force) ?? active.find(r => r.client_id === '*' && r.limit_key === '*' && r.tenant === 'default' && r.in_force);
      return h('button', {type: 'button', class: 'card demo', onclick: () => {
        client.control.value = name;
        client.control.dispatchEvent(new Event('input'));
        announce(`Client ${name}`);
      }}, h('strong', {}, name), h('span', {}, description),
          h('span', {class: 'figure'}, !rule ? format.NONE : rule.mode === 'exempt' ? 'no limit' : format.rate(rule.rate, rule.window)),
          h('span', {class: 'hint'}, rule?.algorithm ? format.algorithm(rule.algorithm) : ' '));
    }));
  }

  function showCurl() {
    const quoted = `'${JSON.stringify(body()).replaceAll("'", "'\\''")}'`;
    curl.textContent = `curl -i ${location.origin}/v1/check \\\n  -H 'Content-Type: application/json' \\\n  -d ${quoted}`;
  }

  async function copyCurl() {
    let word = 'Copied';
    try {
      await navigator.clipboard.writeText(curl.textContent);
    } catch {
      // Browsers have no clipboard for pages over plain HTTP from another host, or may forbid it.
      getSelection().selectAllChildren(curl);
      word = 'Selected for copying';
    }
    announce(word);
    copy.textContent = word;
    setTimeout(() => { copy.textContent = 'Copy'; }, 1500);
  }

  async function send() {
    let answer;
    const wanted = body();
    showWaiting(wanted.hold ? 1 : 0);
    try {
      answer = await check(wanted);
    } catch (e) {
      fill(detail, failed(e));
      return null;
    } finally {
      showWaiting(wanted.hold ? -1 : 0);
    }
    if (stopped) return null;
    answers.unshift(answer);
    answers.length = Math.min(answers.length, MAX_SHOWN);
    if (answer.status === 400) blame(answer.answer.detail);
    return answer;
  }

  /** Shows how many of this page's checks are held until they may start. */
  function showWaiting(more) {
    held += more;
    waiting.textContent = held === 0 ? '' : `${format.count(held)} waiting for units`;
  }

  /** The first word of a fault is the name of the field, with a dot and the attribute's name. */
  function blame(fault) {
    const [name] = fault.split(/[ .]/);
    ({client_id: client, limit_key: key, cost, priority, max_wait_ms: maxWait, attributes})[name]?.fault(fault);
  }

  /** Whether the attributes can be read; otherwise marks them. */
  function readable() {
    const {fault} = attributes.read();
    attributes.fault(fault);
    if (fault) attributes.control.focus();
    return !fault;
  }

  async function sendOne() {
    if (!readable()) return;
    const answer = await send();
    if (!answer) return;
    pick(answer);
    announce(answer.answer.allowed ? `Allowed, ${answer.answer.remaining ?? ''} remaining` : 'Blocked');
    showTally();
    lookSoon(0);
  }

  async function sendBurst() {
    if (running) {
      running = null;
      many.textContent = 'Send the burst';
      return;
    }
    if (!readable()) return;
    const mine = running = {};
    const total = Math.min(1000, Math.max(1, Number(burst.control.value) || 1));
    const pause = 1000 / Math.min(200, Math.max(1, Number(rate.control.value) || 1));
    many.textContent = 'Stop';
    const began = performance.now();
    const got = {allowed: 0, blocked: 0, failed: 0};
    const pending = new Set();
    for (let sent = 0; sent < total && running === mine; sent++) {
      const wait = began + sent * pause - performance.now();
      if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait));
      const sending = send().then(answer => {
        pending.delete(sending);
        got[outcome(answer)]++;
        if (answer) renderSoon(answer);
      });
      pending.add(sending);
      if (pending.size >= MAX_PENDING) await Promise.race(pending);
    }
    await Promise.all(pending);
    if (stopped) return;
    // It may have been stopped, and another may be running.
    if (running === mine) {
      running = null;
      many.textContent = 'Send the burst';
    }
    announce(`Burst done: ${got.allowed} allowed, ${got.blocked} blocked${got.failed > 0 ? `, ${got.failed} without a decision` : ''}`);
  }

  function renderSoon(answer) {
    chosen = answer;
    if (rendering) return;
    rendering = true;
    requestAnimationFrame(() => {
      rendering = false;
      if (stopped) return;
      pick(chosen);
      showTally();
      showBuckets(buckets, chosen.answer.limits ?? []);
    });
  }

  function showTally() {
    const allowed = answers.filter(a => outcome(a) === 'allowed').length;
    const blocked = answers.filter(a => outcome(a) === 'blocked').length;
    fill(tally, `Of the last ${answers.length}: `, badge('good', `${allowed} allowed`), ' ', badge('bad', `${blocked} blocked`));
  }

  function pick(answer) {
    chosen = answer;
    list.update(answers);
    fill(detail,
        h('p', {}, verdict(answer), ' ', explain(answer)),
        h('h3', {}, `HTTP ${answer.status}`),
        h('dl', {class: 'headers'}, answer.headers.filter(([name]) => /^(ratelimit|retry-after|x-correlation|content-type)/.test(name))
            .map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
        h('pre', {class: 'json', tabindex: '0', 'aria-label': 'The JSON of the answer'}, JSON.stringify(answer.answer, null, 2)));
  }

  function lookSoon(delay) {
    clearTimeout(lookTimer);
    lookTimer = setTimeout(look, delay);
  }

  async function look() {
    if (stopped) return;
    if (!document.hidden && client.control.value) {
      try {
        const usage = await open(`/v1/usage?${query({client_id: client.control.value, limit_key: key.control.value || 'global', priority: priority.control.value, ...parameters(attributes.read().values)})}`);
        if (!running && !stopped) showBuckets(buckets, usage.limits);
      } catch (e) {
        if (!stopped && e.status !== 400) {
          refail(buckets, e);
        }
      }
    }
    if (!stopped) lookSoon(LOOK_MS);
  }
}

/** A check that failed closed counts as blocked. */
function outcome(answer) {
  if (answer?.answer.allowed === true) return 'allowed';
  return answer?.answer.allowed === false || answer?.status === 503 ? 'blocked' : 'failed';
}

function verdict({status, answer}) {
  if (answer.allowed === true) return badge(answer.degraded ? 'warn' : 'good', answer.degraded ? 'allowed, degraded' : 'allowed');
  if (status === 503) return badge('bad', 'failed closed');
  return badge('bad', answer.allowed === false ? 'blocked' : `error ${status}`);
}

function explain({answer}) {
  if (answer.degraded && answer.allowed) return 'Redis did not answer, and the rule fails open: allowed and marked as degraded.';
  if (answer.allowed && answer.wait_ms > 0) return `by rule ${answer.rule}; to be started in ${format.seconds(answer.wait_ms / 1000)}.`;
  if (answer.allowed) return answer.rule ? `by rule ${answer.rule}` : 'No rule applies.';
  if (answer.reason === 'cost_exceeds_limit' && answer.limit === 0) return `by rule ${answer.rule}, which blocks always.`;
  if (answer.reason === 'cost_exceeds_limit') return 'The cost is above the limit, so waiting does not help.';
  if (answer.reason === 'limit_exceeded') return `by rule ${answer.rule}; the same check is allowed in ${format.seconds(answer.retry_after_ms / 1000)} if there are no other checks.`;
  if (answer.reason === 'store_unavailable') return 'Redis did not answer, and the rule fails closed: blocked until Redis answers.';
  return answer.detail ?? '';
}
