// Live: current decisions of all instances.

import {h, announce, badge, field, fill, refail, refill, table} from './dom.js';
import {events, query} from './api.js';
import {chart} from './chart.js';
import * as format from './format.js';

const SECONDS_KEPT = 180;
const SECONDS_AT_FIRST = 30;
const ROWS_KEPT = 500;
const ROWS_SHOWN = 60;

export function live(here) {
  const client = field('Client has', h('input', {type: 'search', autocomplete: 'off', spellcheck: 'false'}));
  const rule = field('Rule has', h('input', {type: 'search', autocomplete: 'off', spellcheck: 'false'}));
  const blocked = h('input', {type: 'checkbox', id: 'blocked-only'});
  const pause = h('button', {type: 'button', 'aria-pressed': 'false', onclick: togglePause}, 'Pause');
  const state = h('div', {class: 'banner'}, badge('warn', 'connecting'), ' Connecting to the decision stream …');
  const figures = Object.fromEntries(['allowed', 'blocked', 'share', 'p50', 'p95', 'p99'].map(name => [name, h('strong', {class: 'figure'}, format.NONE)]));
  const missed = h('p', {class: 'hint fixed'}, ' ');
  const seconds = [];
  const rows = [];
  let paused = false;
  let controller = null;
  let stopped = false;
  let dirty = false;
  let retry = null;

  const volume = chart({
    title: 'Decisions per second',
    series: [{label: 'Allowed', colour: 'allowed', fill: true}, {label: 'Blocked', colour: 'blocked', fill: true}],
    y: {least: 10, values: format.brief},
    x: {range: lastMinutes},
    describe: ([, allowed, no]) => allowed.length === 0 ? 'No decision yet' : `Last second: ${allowed.at(-1)} allowed, ${no.at(-1)} blocked`,
  });
  const latency = chart({
    title: 'Latency of decisions',
    series: [{label: 'p50', colour: 'accent', value: format.micros}, {label: 'p95', colour: 'second', value: format.micros}, {label: 'p99', colour: 'third', value: format.micros}],
    y: {least: 1000, values: format.axisMicros},
    x: {range: lastMinutes},
    describe: ([, p50, p95, p99]) => p50.length === 0 ? 'No decision yet' : `Last second: p50 ${format.micros(p50.at(-1))}, p95 ${format.micros(p95.at(-1))}, p99 ${format.micros(p99.at(-1))}`,
  });
  const byRule = table('By rule, the last minute', [
    {title: 'Rule', cell: row => h('span', {}, row.rule, row.tenant !== 'default' && h('span', {class: 'hint'}, ` ${row.tenant}`)), class: 'name'},
    {title: 'Allowed', number: true, cell: row => format.count(row.allowed)},
    {title: 'Blocked', number: true, cell: row => format.count(row.blocked)},
    {title: 'Block rate', number: true, cell: row => format.percent(row.blocked, row.allowed + row.blocked)},
  ], {whenEmpty: 'No decision within the last minute.'});
  const tail = table('Decisions, newest first', [
    {title: 'Time', cell: row => format.time(row.at, 'clock')},
    {title: 'Client', cell: row => h('a', {href: `#/client?${query({tenant: row.tenant, client_id: row.client_id})}`}, row.client_id), class: 'name'},
    {title: 'Limit key', cell: row => row.limit_key, class: 'name'},
    {title: 'Cost', number: true, cell: row => format.count(row.cost)},
    {title: 'Decision', cell: decision},
    {title: 'Left', number: true, cell: row => format.count(row.remaining)},
    {title: 'Rule', cell: row => row.rule ?? format.NONE, class: 'name'},
    {title: 'Latency', number: true, cell: row => format.micros(row.latency_us)},
    {title: 'Instance', cell: row => row.instance, class: 'name'},
  ], {whenEmpty: 'Decisions appear here as they are made.'});

  fill(here, h('h1', {}, 'Live'), state,
      h('div', {class: 'tiles'},
          tile('Allowed per second', figures.allowed), tile('Blocked per second', figures.blocked), tile('Block rate', figures.share),
          tile('p50', figures.p50), tile('p95', figures.p95), tile('p99', figures.p99)),
      h('div', {class: 'columns'}, h('section', {class: 'card'}, volume), h('section', {class: 'card'}, latency)),
      h('section', {class: 'card'}, h('h2', {}, 'By rule, the last minute'), byRule),
      h('section', {class: 'card'}, h('h2', {}, 'Decisions'),
          h('div', {class: 'fields'}, client, rule, h('div', {class: 'field check'}, blocked, h('label', {for: 'blocked-only'}, 'Blocked only')), pause),
          missed, tail));
  for (const control of [client.control, rule.control, blocked]) {
    control.addEventListener('change', reconnect);
  }
  watch();
  const painter = setInterval(paint, 250);
  return () => {
    stopped = true;
    clearInterval(painter);
    clearTimeout(retry);
    controller?.abort();
    volume.dispose();
    latency.dispose();
  };

  function togglePause() {
    paused = !paused;
    pause.setAttribute('aria-pressed', String(paused));
    pause.textContent = paused ? 'Resume' : 'Pause';
    dirty = true;
  }

  function reconnect() {
    rows.length = 0;
    dirty = true;
    controller?.abort();
    watch();
  }

  async function watch() {
    clearTimeout(retry);
    const mine = controller = new AbortController();
    try {
      await events(`/v1/console/live?${query({client: client.control.value, rule: rule.control.value, blocked: blocked.checked})}`, take, mine.signal);
    } catch (e) {
      if (stopped || mine.signal.aborted) return;
      refail(state, e);
      state.className = 'banner bad';
    }
    if (!stopped && controller === mine) retry = setTimeout(watch, 2000);
  }

  function take(news) {
    showState(news.state);
    for (const second of news.seconds) {
      seconds.push(second);
      if (seconds.length > SECONDS_KEPT) seconds.shift();
      dirty = true;
    }
    if (paused || news.decisions.length === 0) return;
    rows.unshift(...news.decisions.reverse());
    rows.length = Math.min(rows.length, ROWS_KEPT);
    missed.textContent = news.missed > 0 ? `${format.count(news.missed)} more decisions than can be shown.` : ' ';
    dirty = true;
  }

  function showState(now) {
    if (state.dataset.contentKey === now) return;
    const [kind, word, means] = {
      reading: ['good', 'live', 'Decisions of all instances, live from Kafka.'],
      connecting: ['warn', 'waiting for Kafka', 'Checks are still answered; their decisions are stored on disk and audited later.'],
      not_configured: ['warn', 'no Kafka', 'KAFKA_BOOTSTRAP_SERVERS is not set, so there is no decision stream.'],
    }[now];
    state.className = `banner ${kind}`;
    refill(state, now, badge(kind, word), ' ', means);
    announce(`${word}: ${means}`);
  }

  /** Limits the rate of redraws. */
  function paint() {
    if (!dirty || document.hidden) return;
    dirty = false;
    const times = seconds.map(s => s.start_millis / 1000);
    volume.update([times, seconds.map(s => s.allowed), seconds.map(s => s.blocked)]);
    latency.update([times, ...['p50_micros', 'p95_micros', 'p99_micros'].map(p => seconds.map(s => s.allowed + s.blocked + s.errors === 0 ? null : s.latency[p]))]);
    const last = seconds.at(-1);
    if (last) {
      const some = last.allowed + last.blocked + last.errors > 0;
      figures.allowed.textContent = format.count(last.allowed);
      figures.blocked.textContent = format.count(last.blocked);
      figures.share.textContent = format.percent(last.blocked, last.allowed + last.blocked);
      figures.p50.textContent = format.micros(some ? last.latency.p50_micros : null);
      figures.p95.textContent = format.micros(some ? last.latency.p95_micros : null);
      figures.p99.textContent = format.micros(some ? last.latency.p99_micros : null);
      if (last.unread > 0) missed.textContent = `${format.count(last.unread)} decisions of the last second were only counted; the figures are of the others.`;
    }
    byRule.update(rulesOf(seconds.slice(-60)));
    if (!paused) tail.update(rows.slice(0, ROWS_SHOWN));
  }
}

/** Shows half a minute at first, and all data up to the max length. */
function lastMinutes(plot, min, max) {
  const end = max ?? Date.now() / 1000;
  return [Math.min(end - SECONDS_AT_FIRST, min ?? end), end];
}

function rulesOf(seconds) {
  const sums = new Map();
  for (const second of seconds) {
    for (const {tenant, rule, allowed, blocked} of second.rules) {
      const key = `${tenant}\n${rule}`;
      const sum = sums.get(key) ?? {tenant, rule, allowed: 0, blocked: 0};
      sum.allowed += allowed;
      sum.blocked += blocked;
      sums.set(key, sum);
    }
  }
  return [...sums.values()].sort((a, b) => b.allowed + b.blocked - a.allowed - a.blocked).slice(0, 30);
}

function decision(row) {
  if (row.allowed) return row.degraded_reason ? badge('warn', 'allowed, degraded') : badge('good', 'allowed');
  if (row.reason === 'store_unavailable') return badge('bad', 'failed closed');
  return badge('bad', row.reason === 'cost_exceeds_limit' ? 'blocked, cost' : 'blocked');
}

function tile(title, figure) {
  return h('div', {class: 'card tile'}, h('span', {class: 'hint'}, title), figure);
}
