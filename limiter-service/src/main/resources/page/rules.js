// Rules: list, form, shadow switch, history.

import {h, fill, announce, badge, empty, failed, field, loading, table} from './dom.js';
import {admin, open} from './api.js';
import * as format from './format.js';
import {definition, ruleForm} from './rule-form.js';
import {history} from './rule-history.js';
import {byText, countsEach, matchText, spendingText} from './rule-text.js';

const PAGE = 1000;
const MAX_PAGES = 10;
const MAX_SHOWN = 200;

export function rules(here, where) {
  const [which] = where.path;
  if (which === 'new') return edit(here, null);
  if (which) return edit(here, which);
  return list(here);
}

function list(here) {
  const search = field('Search', h('input', {type: 'search', autocomplete: 'off', spellcheck: 'false', placeholder: 'client, key, attribute, name or tenant'}));
  const place = h('div', {}, loading('rules'));
  const note = h('p', {class: 'hint fixed'}, ' ');
  const fault = h('p', {class: 'field-error', role: 'alert'});
  let all = [];
  let readOnly = false;
  let stopped = false;
  const columns = [
    {title: 'Rule', cell: name, class: 'name', sort: r => r.name},
    {title: 'Tenant', cell: r => r.tenant, class: 'name', sort: r => r.tenant},
    {title: 'Client', cell: r => pattern(r, 'client_id'), class: 'name', sort: r => r.client_id},
    {title: 'Limit key', cell: r => pattern(r, 'limit_key'), class: 'name', sort: r => r.limit_key},
    {title: 'Limit', number: true, cell: limit, sort: r => r.mode === 'exempt' ? Infinity : r.rate / r.window},
    {title: 'Algorithm', cell: r => r.mode === 'exempt' ? format.NONE : h('span', {title: r.algorithm ? null : 'inherited from ALGORITHM'}, format.algorithm(r.effective_algorithm ?? r.algorithm), !r.algorithm && h('span', {class: 'hint'}, ' inherited'))},
    {title: 'State', cell: state},
    {title: 'Mode', cell: mode},
  ];
  const shown = table('Rules', columns, {whenEmpty: 'No rule matches.', rowClass: r => r.enabled ? null : 'off'});

  fill(here, h('div', {class: 'heading'}, h('h1', {}, 'Rules'), h('a', {class: 'button primary', href: '#/rules/new'}, 'New rule')),
      h('div', {class: 'fields'}, search), fault, note, place);
  search.control.addEventListener('input', render);
  load();
  return () => { stopped = true; };

  async function load() {
    try {
      all = await everything();
      readOnly = false;
    } catch (e) {
      if (stopped) return;
      if (e.status !== 503) {
        fill(place, failed(e, load));
        return;
      }
      try {
        all = (await open('/rules')).rules;
        readOnly = true;
        fault.textContent = `These are the rules in force. They can’t be changed: ${e.message}.`;
      } catch (e2) {
        if (!stopped) fill(place, failed(e2, load));
        return;
      }
    }
    if (!stopped) render();
  }

  async function everything() {
    const found = [];
    let after = 0;
    for (let page = 0; page < MAX_PAGES && after !== null; page++) {
      const answer = await admin(`/v1/admin/rules?limit=${PAGE}&after=${after}`);
      found.push(...answer.rules);
      after = answer.next_after;
    }
    found.cut = after !== null;
    return found;
  }

  function render() {
    const wanted = search.control.value.trim().toLowerCase();
    const found = all.filter(r => [r.name, r.client_id, r.limit_key, r.tenant, matchText(r.match), byText(r.by) ?? ''].some(text => text.toLowerCase().includes(wanted)));
    if (all.length === 0) {
      fill(place, empty('There are no rules', 'Every check is allowed. Create the first rule.'));
      return;
    }
    if (!place.contains(shown)) fill(place, shown);
    shown.update(found.slice(0, MAX_SHOWN));
    note.textContent = `${format.count(found.length)} of ${format.count(all.length)}${all.cut ? '+' : ''} rules`
        + (found.length > MAX_SHOWN ? `; the first ${MAX_SHOWN} are shown.` : '.');
  }

  function name(rule) {
    return [readOnly ? rule.name : h('a', {href: `#/rules/${rule.id}`}, rule.name), below(matchText(rule.match))];
  }

  function mode(rule) {
    // An exempt rule can change to two modes, which the form offers.
    if (readOnly || rule.mode === 'exempt') return rule.mode;
    const enforcing = rule.mode === 'enforce';
    return h('button', {type: 'button', role: 'switch', class: 'switch', 'aria-checked': String(enforcing), 'aria-label': `Enforce ${rule.name}`,
      title: enforcing ? 'Enforced: it blocks. Press for shadow.' : 'Shadow: it only counts. Press to enforce.',
      onclick: async event => {
        event.currentTarget.disabled = true;
        fault.textContent = '';
        try {
          await admin(`/v1/admin/rules/${rule.id}`, {method: 'PUT', headers: {'If-Match': `"${rule.revision}"`}, json: {...definition(rule), mode: enforcing ? 'shadow' : 'enforce'}});
          announce(`${rule.name} is ${enforcing ? 'in shadow mode' : 'enforced'}`);
        } catch (e) {
          fault.textContent = e.status === 412 ? `${rule.name} was changed meanwhile: review it.` : e.message;
        }
        await load();
        place.querySelector(`[aria-label="${CSS.escape(`Enforce ${rule.name}`)}"]`)?.focus();
      }}, enforcing ? 'enforce' : 'shadow');
  }
}

function limit(rule) {
  const exempt = rule.mode === 'exempt';
  return [exempt ? h('span', {class: 'hint'}, 'no limit') : format.rate(rule.rate, rule.window), below(byText(rule.by)), below(!exempt && spendingText(rule))];
}

/** A second line of a cell. */
function below(text) {
  return text && h('div', {class: 'hint'}, text);
}

function pattern(rule, field) {
  return rule[field] === '*' ? h('span', {class: 'hint'}, countsEach(rule, field) ? '* each' : '* any') : rule[field];
}

function state(rule) {
  const now = Date.now();
  if (rule.fault) return badge('bad', 'invalid');
  if (!rule.enabled) return badge('', 'off');
  if (rule.valid_from && Date.parse(rule.valid_from) > now) return badge('warn', 'not yet');
  if (rule.valid_until && Date.parse(rule.valid_until) <= now) return badge('', 'expired');
  return badge('good', 'in force');
}

function edit(here, id) {
  const place = h('div', {}, id ? loading('the rule') : null);
  const past = h('section', {class: 'card', hidden: !id}, h('h2', {}, 'History'), id ? loading('its history') : null);
  const title = h('h1', {class: 'name'}, id ? `Rule ${id}` : 'New rule');
  // Read out by announce().
  const message = h('p', {class: 'message'});
  let stopped = false;

  fill(here, h('p', {class: 'crumb'}, h('a', {href: '#/rules'}, 'Rules'), id ? ' / One rule' : ' / New'), title, message, place, past);
  if (id) load();
  else fill(place, ruleForm(null, saved));
  return () => { stopped = true; };

  async function load(text) {
    try {
      const rule = await admin(`/v1/admin/rules/${encodeURIComponent(id)}`);
      if (stopped) return;
      title.textContent = rule.name;
      fill(place, ruleForm(rule, saved, load));
      if (text) message.textContent = text;
    } catch (e) {
      if (stopped) return;
      fill(place, failed(e, e.status === 404 ? null : () => load()));
      if (e.status === 404) fill(place, empty('This rule was deleted', 'Its history is kept: an older state can be restored below.'));
    }
    const shown = await history(id, saved);
    if (!stopped) fill(past, h('h2', {}, 'History'), shown);
  }

  function saved(rule, text) {
    announce(text);
    if (rule === null) location.hash = '#/rules';
    else if (String(rule.id) !== id) location.hash = `#/rules/${rule.id}`;
    else load(text);
  }
}
