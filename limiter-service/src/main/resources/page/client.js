// One client: its limits, remaining units, last hour, and reset.

import {h, fill, announce, badge, empty, failed, field, loading, refail, refill, table} from './dom.js';
import {admin, open, query} from './api.js';
import {amongParameters, attributesField, parameters} from './attributes.js';
import {chart} from './chart.js';
import * as format from './format.js';
import {gapless} from './analytics.js';
import {watchedAge} from './freshness.js';

const HOUR_MS = 3600000;
const REFRESH_MS = 2000;

/** The effect of a limit on a check of cost 1; not evaluated without the store or beside a rule that blocks always. */
function now(limit) {
  if (limit.mode === 'shadow') return badge('warn', 'shadow');
  if (limit.limit === 0 || limit.allowed === false) return badge('bad', 'blocks');
  return limit.allowed === null ? badge('', 'not evaluated') : badge('good', 'allows');
}

export function client(here, where) {
  const tenant = where.parameters.get('tenant') ?? 'default';
  const id = where.parameters.get('client_id') ?? '';
  const key = field('Limit key', h('input', {value: where.parameters.get('limit_key') ?? 'global', list: 'keys', maxlength: '256', spellcheck: 'false', autocomplete: 'off'}));
  const attributes = attributesField('Attributes', amongParameters(where.parameters));
  const keys = h('datalist', {id: 'keys'});
  const left = h('div', {}, loading('the remaining units'));
  const hour = h('div', {class: 'kept-chart'}, loading('the last hour'));
  const confirm = h('dialog', {'aria-labelledby': 'reset-title'});
  const limits = table('Limits of this client', [
    {title: 'Rule', cell: l => l.rule, class: 'name'},
    {title: 'Remaining', number: true, cell: l => l.remaining === null || l.remaining === undefined ? format.NONE : `${format.count(l.remaining)} of ${format.count(l.burst ?? l.limit)}`},
    {title: 'Now', cell: now},
    {title: 'Full again', cell: l => l.limit === 0 || l.reset_at === null ? format.NONE : l.reset_at * 1000 > Date.now() ? format.time(l.reset_at * 1000, 'clock') : 'now'},
    {title: 'Limit', cell: l => format.rate(l.limit, l.window)},
    {title: 'Algorithm', cell: l => format.algorithm(l.algorithm)},
  ]);
  let plot = null;
  let stopped = false;
  let timer = null;

  if (!id) {
    fill(here, h('h1', {}, 'Client'), empty('Which client?', 'Choose one in ', h('a', {href: '#/analytics'}, 'Analytics'), ' or ', h('a', {href: '#/live'}, 'Live'), '.'));
    return null;
  }
  const age = watchedAge();
  fill(here, h('p', {class: 'crumb'}, h('a', {href: '#/analytics'}, 'Analytics'), ' / Client'),
      h('h1', {class: 'name'}, id), h('p', {class: 'hint'}, `Tenant ${tenant}`),
      h('section', {class: 'card'}, h('div', {class: 'heading'}, h('h2', {}, 'Remaining now'), h('button', {type: 'button', class: 'danger', onclick: ask}, 'Reset …')),
          h('div', {class: 'fields'}, key, keys, attributes), left),
      h('section', {class: 'card'}, h('h2', {}, 'The last hour'), age.line, hour), confirm);
  for (const control of [key.control, attributes.control]) control.addEventListener('change', showLeft);
  refresh();
  showHour();
  return () => {
    stopped = true;
    clearTimeout(timer);
    plot?.dispose();
    age.stop();
  };

  function subject() {
    return query({tenant, client_id: id, limit_key: key.control.value || 'global', ...parameters(attributes.read().values)});
  }

  async function refresh() {
    if (!document.hidden) await showLeft();
    if (!stopped) timer = setTimeout(refresh, REFRESH_MS);
  }

  async function showLeft() {
    const {fault} = attributes.read();
    attributes.fault(fault);
    if (fault) return;
    try {
      const usage = await open(`/v1/usage?${subject()}`);
      if (stopped) return;
      key.fault();
      if (usage.limits.length === 0) {
        refill(left, 'no rule', empty('No rule applies', 'Every check of this client is allowed.'));
        return;
      }
      if (!left.contains(limits)) fill(left, limits);
      limits.update(usage.limits);
    } catch (e) {
      if (stopped) return;
      if (e.status === 400) (e.message.startsWith('attr') ? attributes : key).fault(e.message);
      else refail(left, e);
    }
  }

  async function showHour() {
    const end = Math.ceil(Date.now() / 60000) * 60000;
    const begin = end - HOUR_MS;
    let minutes;
    try {
      ({minutes} = await admin(`/v1/console/analytics/client?${query({tenant, client_id: id, from: new Date(begin).toISOString(), to: new Date(end).toISOString()})}`));
    } catch (e) {
      if (!stopped) fill(hour, failed(e, showHour));
      return;
    }
    if (stopped) return;
    fill(keys, [...new Set(minutes.map(m => m.limit_key))].map(value => h('option', {value})));
    if (minutes.length === 0) {
      fill(hour, empty('No decisions for this client in the last hour', 'If the auditor stores blocked figures only, clients without a block are not listed.'));
      return;
    }
    const sums = new Map();
    for (const m of minutes) {
      const sum = sums.get(m.minute) ?? {start: m.minute, allowed: 0, blocked: 0};
      sum.allowed += m.allowed ?? 0;
      sum.blocked += m.blocked;
      sums.set(m.minute, sum);
    }
    plot?.dispose();
    plot = chart({title: 'Decisions by minute', series: [{label: 'Allowed', colour: 'allowed', fill: true}, {label: 'Blocked', colour: 'blocked', fill: true}], y: {least: 5, values: format.brief},
      describe: ([, ok, no]) => `${ok.reduce((a, b) => a + b, 0)} allowed, ${no.reduce((a, b) => a + b, 0)} blocked`});
    fill(hour, plot, table('By minute, newest first', [
      {title: 'Minute', cell: m => format.time(m.minute, 'minute')},
      {title: 'Limit key', cell: m => m.limit_key, class: 'name'},
      {title: 'Allowed', number: true, cell: m => format.count(m.allowed)},
      {title: 'Blocked', number: true, cell: m => format.count(m.blocked)},
      {title: 'Max latency', number: true, cell: m => format.micros(m.latency_max_micros)},
      {title: 'Rule', cell: m => m.rule, class: 'name'},
    ], {rows: minutes.slice(0, 200)}));
    plot.update(gapless([...sums.values()], begin / 1000, end / 1000, 60).slice(0, 3));
  }

  function ask() {
    const fault = h('p', {class: 'field-error', role: 'alert'});
    fill(confirm, h('h2', {id: 'reset-title'}, 'Reset the counters?'),
        h('p', {}, `All units that ${id} has used of “${key.control.value}” are available again at once, including counters that it shares with other keys or clients. The audit is not changed.`), fault,
        h('div', {class: 'buttons'},
            h('button', {type: 'button', class: 'danger', onclick: async () => {
              try {
                await admin(`/v1/admin/usage?${subject()}`, {method: 'DELETE'});
                confirm.close();
                announce('The counters are reset');
                await showLeft();
              } catch (e) {
                fault.textContent = e.message;
              }
            }}, 'Reset'),
            h('button', {type: 'button', onclick: () => confirm.close()}, 'Cancel')));
    confirm.showModal();
  }
}
