// What became of one rule, change by change, and the way back.

import {h, announce, badge, empty, failed} from './dom.js';
import {admin} from './api.js';
import * as format from './format.js';
import {definition} from './rule-form.js';

const UNTOLD = new Set(['id', 'revision', 'counter_epoch', 'created_at', 'updated_at']);

/** The history of a rule; reverted(rule, message) runs after going back. */
export async function history(id, reverted) {
  let changes;
  try {
    ({history: changes} = await admin(`/v1/admin/rules/${encodeURIComponent(id)}/history?limit=50`));
  } catch (e) {
    return e.status === 404 ? empty('Nothing is known of it') : failed(e);
  }
  const current = changes[0]?.after ?? null;
  return h('ol', {class: 'history'}, changes.map((change, i) => h('li', {},
      h('div', {class: 'heading'},
          h('span', {}, badge(change.operation === 'delete' ? 'bad' : change.operation === 'create' ? 'good' : '', change.operation), ' ',
              format.time(change.changed_at), ' ', h('span', {class: 'hint'}, `revision ${change.revision} · by ${change.changed_by}`)),
          i > 0 && change.after ? revert(change, current, reverted) : null),
      diff(change))));
}

/** Field by field, what it was and what it became. */
function diff({before, after}) {
  const names = Object.keys(after ?? before).filter(name => !UNTOLD.has(name));
  const changed = names.filter(name => before === null || after === null
    ? (after ?? before)[name] !== null
    : JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  if (changed.length === 0) return h('p', {class: 'hint'}, 'Written anew without a change.');
  return h('table', {class: 'diff'}, h('caption', {class: 'visually-hidden'}, 'What changed'),
      h('thead', {class: 'visually-hidden'}, h('tr', {}, ['Field', 'Before', 'After'].map(t => h('th', {scope: 'col'}, t)))),
      h('tbody', {}, changed.map(name => h('tr', {},
          h('th', {scope: 'row'}, name),
          h('td', {class: 'was'}, before ? text(before[name]) : ''),
          h('td', {class: 'is'}, after ? text(after[name]) : '')))));
}

function text(value) {
  return value === null || value === undefined ? format.NONE : typeof value === 'string' ? value : JSON.stringify(value);
}

function revert(change, current, reverted) {
  const fault = h('span', {class: 'field-error', role: 'alert'});
  const button = h('button', {type: 'button', class: 'small', onclick: async () => {
    button.disabled = true;
    try {
      const rule = current
        ? await admin(`/v1/admin/rules/${change.rule_id}`, {method: 'PUT', json: definition(change.after), headers: {'If-Match': `"${current.revision}"`}})
        : await admin('/v1/admin/rules', {method: 'POST', json: definition(change.after)});
      announce('Gone back');
      reverted(rule, `It is as it was at revision ${change.revision} again.`);
    } catch (e) {
      fault.textContent = e.status === 412 ? 'Somebody else changed it meanwhile: load the page anew.' : e.message;
      button.disabled = false;
    }
  }}, 'Go back to this');
  return h('span', {}, fault, ' ', button);
}
