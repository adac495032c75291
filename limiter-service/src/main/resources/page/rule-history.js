// The history of one rule, with restore.

import {h, announce, badge, empty, failed} from './dom.js';
import {admin} from './api.js';
import * as format from './format.js';
import {definition} from './rule-form.js';
import {byText, matchText, reserveText} from './rule-text.js';

const NONE_IF_ZERO = new Set(['max_wait_ms', 'overdraft']);
const HIDDEN = new Set(['id', 'revision', 'counter_epoch', 'created_at', 'updated_at']);

/** The history of a rule; reverted(rule, message) runs after a restore. */
export async function history(id, reverted) {
  let changes;
  try {
    ({history: changes} = await admin(`/v1/admin/rules/${encodeURIComponent(id)}/history?limit=50`));
  } catch (e) {
    return e.status === 404 ? empty('No history') : failed(e);
  }
  const current = changes[0]?.after ?? null;
  return h('ol', {class: 'history'}, changes.map((change, i) => h('li', {},
      h('div', {class: 'heading'},
          h('span', {}, badge(change.operation === 'delete' ? 'bad' : change.operation === 'create' ? 'good' : '', change.operation), ' ',
              format.time(change.changed_at), ' ', h('span', {class: 'hint'}, `revision ${change.revision} · by ${change.changed_by}`)),
          i > 0 && change.after ? revert(change, current, reverted) : null),
      diff(change))));
}

/** The changed fields, before and after. */
function diff({before, after}) {
  const names = Object.keys(after ?? before).filter(name => !HIDDEN.has(name));
  const changed = names.filter(name => before === null || after === null
    ? isSet(name, (after ?? before)[name])
    : JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  if (changed.length === 0) return h('p', {class: 'hint'}, 'Saved without a change.');
  return h('table', {class: 'diff'}, h('caption', {class: 'visually-hidden'}, 'What changed'),
      h('thead', {class: 'visually-hidden'}, h('tr', {}, ['Field', 'Before', 'After'].map(t => h('th', {scope: 'col'}, t)))),
      h('tbody', {}, changed.map(name => h('tr', {},
          h('th', {scope: 'row'}, name),
          h('td', {class: 'was'}, before ? text(name, before[name]) : ''),
          h('td', {class: 'is'}, after ? text(name, after[name]) : '')))));
}

function isSet(name, value) {
  return value !== null && value !== undefined && !(value === 0 && NONE_IF_ZERO.has(name));
}

function text(name, value) {
  if (!isSet(name, value)) return format.NONE;
  if (name === 'match') return matchText(value) || format.NONE;
  if (name === 'reserve') return reserveText(value);
  if (name === 'by') return value.join(', ') || byText(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function revert(change, current, reverted) {
  const fault = h('span', {class: 'field-error', role: 'alert'});
  const button = h('button', {type: 'button', class: 'small', onclick: async () => {
    button.disabled = true;
    try {
      const rule = current
        ? await admin(`/v1/admin/rules/${change.rule_id}`, {method: 'PUT', json: definition(change.after), headers: {'If-Match': `"${current.revision}"`}})
        : await admin('/v1/admin/rules', {method: 'POST', json: definition(change.after)});
      announce('Restored');
      reverted(rule, `Restored to revision ${change.revision}.`);
    } catch (e) {
      fault.textContent = e.status === 412 ? 'The rule was changed meanwhile: reload the page.' : e.message;
      button.disabled = false;
    }
  }}, 'Restore this');
  return h('span', {}, fault, ' ', button);
}
