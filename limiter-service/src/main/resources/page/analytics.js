// Analytics: the figures of the auditor.

import {h, fill, empty, failed, field, loading, select, table} from './dom.js';
import {admin, open, query} from './api.js';
import {chart} from './chart.js';
import * as format from './format.js';
import {csvButton} from './csv.js';
import {watchedAge} from './freshness.js';
import {legendOf, marksOf} from './marks.js';
import {TENANT_HEADINGS, tenantCells, tenantOptions, tenantTable} from './tenants.js';

const RANGES = {
  '1h': ['Last hour', 3600, 'minute'],
  '6h': ['Last 6 hours', 6 * 3600, 'minute'],
  '24h': ['Last 24 hours', 86400, 'minute'],
  '7d': ['Last 7 days', 7 * 86400, 'hour'],
  '30d': ['Last 30 days', 30 * 86400, 'hour'],
  '90d': ['Last 90 days', 90 * 86400, 'day'],
  own: ['From … to …', null, 'hour'],
};
const STEP_SECONDS = {minute: 60, hour: 3600, day: 86400};

/** Max number of steps per query. */
const MAX_STEPS = 3000;
const ROWS_SHOWN = 200;

export function analytics(here, where) {
  const parameter = name => where.parameters.get(name);
  const first = Object.hasOwn(RANGES, parameter('range') ?? '') ? parameter('range') : '1h';
  const range = field('Range', select(Object.entries(RANGES).map(([key, [title]]) => [key, title]), first));
  const step = field('By', select([['minute', 'minute'], ['hour', 'hour'], ['day', 'day (UTC)']],
      Object.hasOwn(STEP_SECONDS, parameter('step') ?? '') ? parameter('step') : RANGES[first][2]));
  const from = field('From', h('input', {type: 'datetime-local', value: parameter('from') ?? ''}));
  const to = field('To', h('input', {type: 'datetime-local', value: parameter('to') ?? ''}));
  const own = h('div', {class: 'fields own'}, from, to);
  const tenant = field('Callers of tenant', select([['', 'All']], ''));
  const rates = h('div', {class: 'kept-chart'}, loading('block rates'));
  const tenants = h('div', {}, loading('tenants'));
  const clients = h('div', {}, loading('clients'));
  const rules = h('div', {}, loading('rules'));
  const idle = h('div', {}, loading('rules'));
  const totals = h('p', {class: 'tally'}, ' ');
  const age = watchedAge();
  const buttons = {rates: h('span'), tenants: h('span'), clients: h('span'), rules: h('span')};
  let plots = [];
  let request = 0;

  tenantOptions(tenant.control, parameter('tenant') ? [{tenant: parameter('tenant')}] : []);
  tenant.control.value = parameter('tenant') ?? '';
  fill(here, h('h1', {}, 'Analytics'),
      h('div', {class: 'fields'}, range, step, own, tenant, h('button', {type: 'button', onclick: load}, 'Refresh')),
      age.line,
      totals,
      section('Block rate', buttons.rates, rates),
      section('Tenants', buttons.tenants, tenants),
      section('Most blocked clients', buttons.clients, clients),
      section('Decisions by rule', buttons.rules, rules),
      section('Rules that never block', null, idle));
  range.control.addEventListener('change', () => {
    step.control.value = RANGES[range.control.value][2];
    load();
  });
  for (const control of [step, from, to, tenant]) control.control.addEventListener('change', load);
  load();
  return () => {
    request = -1;
    age.stop();
    plots.forEach(p => p.dispose());
  };

  /** Stores range, step and tenant in the address, so that it can be shared and restored. */
  function keep() {
    const mine = range.control.value === 'own' ? {from: from.control.value, to: to.control.value} : {};
    history.replaceState(null, '', `#/analytics?${query({range: range.control.value, step: step.control.value, ...mine, tenant: tenant.control.value})}`);
  }

  /** Disables steps that exceed the max number. */
  function limitSteps({from: begin, to: end}) {
    const seconds = (Date.parse(end) - Date.parse(begin)) / 1000;
    for (const option of step.control.options) option.disabled = seconds / STEP_SECONDS[option.value] > MAX_STEPS;
    if (step.control.selectedOptions[0]?.disabled) step.control.value = [...step.control.options].find(option => !option.disabled)?.value ?? 'day';
  }

  function span() {
    const [, length] = RANGES[range.control.value];
    own.hidden = length !== null;
    if (length === null && !from.control.value) {
      from.control.value = local(new Date(Date.now() - 86400000));
      to.control.value = local(new Date());
    }
    if (length !== null) {
      const end = Math.ceil(Date.now() / 60000) * 60000;
      return {from: new Date(end - length * 1000).toISOString(), to: new Date(end).toISOString()};
    }
    const times = [from, to].map(f => new Date(f.control.value));
    const fault = times.some(t => Number.isNaN(t.getTime())) ? 'Both times are needed.' : times[0] >= times[1] ? 'From must be before to.' : null;
    from.fault(fault);
    return fault ? null : {from: times[0].toISOString(), to: times[1].toISOString()};
  }

  async function load() {
    const asking = span();
    if (!asking) return;
    limitSteps(asking);
    keep();
    const mine = ++request;
    await Promise.all([
      part(mine, [rates], analysed(`block-rates?${query({...asking, step: step.control.value, tenant: tenant.control.value})}`), answer => showRates(answer, asking)),
      part(mine, [tenants], analysed(`tenants?${query(asking)}`), answer => showTenants(answer.tenants)),
      part(mine, [clients], analysed(`top-blocked?${query({...asking, tenant: tenant.control.value})}`), answer => showClients(answer.clients)),
      part(mine, [rules, idle], Promise.all([analysed(`rules?${query(asking)}`), open('/rules')]), ([answer, {rules: active}]) => {
        showRules(answer.rules);
        showIdle(answer, active);
      }),
    ]);
  }

  /** Answers may arrive out of order: only the answer to the newest query is shown. */
  async function part(mine, places, question, show) {
    for (const place of places) place.setAttribute('aria-busy', 'true');
    let fault = null;
    let answer;
    try {
      answer = await question;
    } catch (e) {
      fault = e;
    }
    if (mine !== request) return;
    for (const place of places) place.removeAttribute('aria-busy');
    if (fault === null) show(answer);
    else places.forEach((place, i) => fill(place, failed(fault, i === 0 ? load : null)));
  }

  function showRates({steps, changes}, {from: begin, to: end}) {
    plots.forEach(p => p.dispose());
    plots = [];
    const allowed = sum(steps, 'allowed');
    const blocked = sum(steps, 'blocked');
    fill(totals, steps.length === 0 ? ' ' : `${format.count(allowed)} allowed, ${format.count(blocked)} blocked: ${format.percent(blocked, allowed + blocked)} block rate.`
        + (steps.some(s => s.degraded > 0) ? ` ${format.count(sum(steps, 'degraded'))} were made without Redis.` : ''));
    fill(buttons.rates, csvButton('block-rate', ['start_utc', 'allowed', 'blocked', 'cost_above_the_limit', 'failed_closed', 'degraded', 'block_rate', 'final'],
        () => steps.map(s => [s.start, s.allowed, s.blocked, s.too_costly, s.errors, s.degraded, s.allowed + s.blocked === 0 ? '' : s.blocked / (s.allowed + s.blocked), s.complete])));
    if (steps.length === 0) {
      fill(rates, empty('No decisions in this span', 'Send a check in “Try it”: it is counted here within seconds.'));
      return;
    }
    const seconds = STEP_SECONDS[step.control.value];
    const [xs, ok, no, share, over, costly, closed] = gapless(steps, Date.parse(begin) / 1000, Date.parse(end) / 1000, seconds);
    plots = [
      chart({title: `Decisions by ${step.control.value}`, series: [{label: 'Allowed', colour: 'allowed', fill: true}, {label: 'Blocked', colour: 'blocked', fill: true}], y: {least: 10, values: format.brief},
        describe: () => `${format.count(allowed)} allowed, ${format.count(blocked)} blocked in ${format.count(steps.length)} of ${format.count(xs.length)} ${step.control.value}s`}),
      chart({title: `Block rate by ${step.control.value}`, series: [{label: 'Block rate', colour: 'blocked', fill: true, value: v => `${v.toFixed(1)} %`}], y: {least: 5, values: v => `${v} %`},
        describe: () => `Overall ${format.percent(blocked, allowed + blocked)}`}),
      chart({title: `Not allowed, by reason and ${step.control.value}`, series: [{label: 'Over the limit', colour: 'blocked'}, {label: 'Cost above the limit', colour: 'third'}, {label: 'Failed closed', colour: 'second'}], y: {least: 10, values: format.brief},
        describe: () => `${format.count(blocked - sum(steps, 'too_costly'))} over the limit, ${format.count(sum(steps, 'too_costly'))} with a cost above the limit, ${format.count(sum(steps, 'errors'))} failed closed`}),
    ];
    plots[2].classList.add('spread');
    fill(rates, h('div', {class: 'columns'}, plots), legendOf(changes));
    const marks = marksOf(changes);
    plots[0].update([xs, ok, no], marks);
    plots[1].update([xs, share], marks);
    plots[2].update([xs, over, costly, closed], marks);
  }

  function showTenants(list) {
    tenantOptions(tenant.control, list);
    fill(buttons.tenants, csvButton('tenants', TENANT_HEADINGS, () => list.map(tenantCells)));
    fill(tenants, tenantTable(list, name => {
      tenant.control.value = name;
      load();
    }));
  }

  function showClients(list) {
    fill(buttons.clients, csvButton('top-blocked-clients', ['tenant', 'client_id', 'limit_key', 'allowed_in_those_minutes', 'blocked', 'cost_blocked', 'minutes_blocked'],
        () => list.map(c => [c.tenant, c.client_id, c.limit_key, c.allowed, c.blocked, c.cost_blocked, c.minutes])));
    fill(clients, list.length === 0 ? empty('No client was blocked in this span') : table('Most blocked clients', [
      {title: 'Client', cell: c => h('a', {href: `#/client?${query({tenant: c.tenant, client_id: c.client_id})}`}, c.client_id), class: 'name', sort: c => c.client_id},
      {title: 'Tenant', cell: c => c.tenant, class: 'name', sort: c => c.tenant},
      {title: 'Limit key', cell: c => c.limit_key, class: 'name', sort: c => c.limit_key},
      {title: 'Blocked', number: true, cell: c => format.count(c.blocked), sort: c => c.blocked},
      {title: 'Cost blocked', number: true, cell: c => format.count(c.cost_blocked), sort: c => c.cost_blocked},
      {title: 'Minutes', number: true, cell: c => format.count(c.minutes), sort: c => c.minutes},
    ], {rows: list}));
  }

  function showRules(list) {
    fill(buttons.rules, csvButton('rules', ['tenant', 'rule', 'limit_key', 'algorithm', 'allowed', 'blocked', 'failed_closed', 'degraded', 'shadow_checked', 'shadow_blocked', 'p95_latency_us'],
        () => list.map(r => [r.tenant, r.rule, r.limit_key, r.algorithm, r.allowed, r.blocked, r.errors, r.degraded, r.shadow_checked, r.shadow_blocked, r.p95_latency_micros])));
    fill(rules, list.length === 0 ? empty('No rule was used in this span') : table('Decisions by rule', [
      {title: 'Rule', cell: r => r.rule, class: 'name', sort: r => r.rule},
      {title: 'Tenant', cell: r => r.tenant, class: 'name', sort: r => r.tenant},
      {title: 'Algorithm', cell: r => format.algorithm(r.algorithm), sort: r => r.algorithm},
      {title: 'Allowed', number: true, cell: r => format.count(r.allowed), sort: r => r.allowed},
      {title: 'Blocked', number: true, cell: r => format.count(r.blocked), sort: r => r.blocked},
      {title: 'Block rate', number: true, cell: r => format.percent(r.blocked, r.allowed + r.blocked), sort: r => r.blocked / (r.allowed + r.blocked || 1)},
      {title: 'Shadow: would block', number: true, cell: r => r.shadow_checked ? `${format.count(r.shadow_blocked)} of ${format.count(r.shadow_checked)}` : format.NONE, sort: r => r.shadow_blocked},
      {title: 'p95', number: true, cell: r => format.micros(r.p95_latency_micros), sort: r => r.p95_latency_micros},
    ], {rows: list, max: ROWS_SHOWN}),
        list.length > 0 && list.every(r => r.p95_latency_micros === null) && h('p', {class: 'hint'}, 'p95 is available for up to 30 days, all rules together: choose a shorter span.'));
  }

  function showIdle({rules: list, cut}, active) {
    if (cut) {
      fill(idle, empty('Too many rules to list', 'Choose a shorter span.'));
      return;
    }
    const blocking = new Set(list.filter(r => r.blocked > 0 || r.shadow_blocked > 0).map(r => `${r.tenant}\n${r.rule}`));
    const used = new Set(list.map(r => `${r.tenant}\n${r.rule}`));
    const never = active.filter(r => r.mode !== 'exempt' && !blocking.has(`${r.tenant}\n${r.name}`));
    fill(idle, never.length === 0 ? empty('Every rule blocked a client in this span') : [
      h('p', {class: 'hint'}, 'These rules blocked no client in this span: the limit may be too high, or no client matched.'),
      table('Rules that never block', [
        {title: 'Rule', cell: r => h('a', {href: `#/rules/${r.id}`}, r.name), class: 'name', sort: r => r.name},
        {title: 'Tenant', cell: r => r.tenant, class: 'name', sort: r => r.tenant},
        {title: 'Limit', cell: r => format.rate(r.rate, r.window)},
        {title: 'In this span', cell: r => used.has(`${r.tenant}\n${r.name}`) ? 'used, never blocked' : 'not used'},
      ], {rows: never, max: ROWS_SHOWN})]);
  }
}

function analysed(path) {
  return admin(`/v1/console/analytics/${path}`);
}

/** Every step of the span, with 0 for steps without counts. */
export function gapless(steps, from, to, seconds) {
  const known = new Map(steps.map(s => [Date.parse(s.start) / 1000, s]));
  const data = [[], [], [], [], [], [], []];
  for (let at = Math.floor(from / seconds) * seconds; at < to; at += seconds) {
    const one = known.get(at);
    const all = one ? (one.allowed ?? 0) + one.blocked : 0;
    data[0].push(at);
    data[1].push(one?.allowed ?? 0);
    data[2].push(one?.blocked ?? 0);
    data[3].push(all === 0 ? null : 100 * one.blocked / all);
    data[4].push(one ? one.blocked - (one.too_costly ?? 0) : 0);
    data[5].push(one?.too_costly ?? 0);
    data[6].push(one?.errors ?? 0);
  }
  return data;
}

function section(title, button, content) {
  return h('section', {class: 'card'}, h('div', {class: 'heading'}, h('h2', {}, title), button), content);
}

function sum(rows, name) {
  return rows.reduce((all, row) => all + row[name], 0);
}

function local(date) {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}
