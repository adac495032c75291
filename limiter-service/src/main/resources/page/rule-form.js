// The form of one rule. The service validates; its errors are shown at the named field.

import {h, fill, field, select} from './dom.js';
import {admin} from './api.js';
import {byField, matchRows} from './rule-match.js';
import {preview} from './rule-preview.js';
import {spendingFields} from './rule-spending.js';
import {means, plain} from './rule-text.js';

const ALGORITHMS = [['', 'inherited'], ['token_bucket', 'token bucket'], ['fixed_window', 'fixed window'], ['sliding_window', 'sliding window (exact log)'], ['sliding_window_counter', 'sliding window counter']];
const UNUSED_BY_EXEMPT = ['rate', 'window', 'algorithm', 'burst', 'fail_mode', 'always'];
const WRITTEN = ['tenant', 'name', 'client_id', 'limit_key', 'match', 'by', 'algorithm', 'rate', 'window', 'burst', 'reserve', 'max_wait_ms', 'overdraft', 'mode', 'enabled', 'shared', 'always', 'fail_mode', 'valid_from', 'valid_until', 'metadata'];

/** The writable fields of a rule. */
export function definition(rule) {
  return Object.fromEntries(WRITTEN.map(name => [name, rule[name] ?? null]));
}

/** A form that creates (rule null) or replaces, beside a preview; done(rule or null, message) runs after. */
export function ruleForm(rule, done, reload) {
  const text = (value, more = {}) => h('input', {value: value ?? '', autocomplete: 'off', spellcheck: 'false', ...more});
  const number = (value, min = '1', more = {}) => h('input', {type: 'number', min, step: '1', value: value ?? '', ...more});
  const flag = (label, value, hint) => {
    const box = h('input', {type: 'checkbox'});
    box.checked = value;
    const one = field(label, box, hint);
    one.classList.add('check');
    return one;
  };
  const spending = spendingFields(rule);
  const fields = {
    tenant: field('Tenant', text(rule?.tenant ?? 'default', {required: true}), 'Owner of the rule'),
    name: field('Name', text(rule?.name), 'Default: from client and key'),
    client_id: field('Client', text(rule?.client_id), '* for every client'),
    limit_key: field('Limit key', text(rule?.limit_key ?? '*', {required: true}), '* for every key'),
    match: matchRows(rule?.match ?? {}, changed),
    by: byField(rule?.by ?? null),
    rate: field('Rate, units', number(rule?.rate ?? 100, '0', {required: true}), 'Units per window; 0 blocks always'),
    window: field('Window, seconds', number(rule?.window ?? 60, '1', {required: true}), 'Length of a window'),
    algorithm: field('Algorithm', select(ALGORITHMS, rule?.algorithm ?? '')),
    burst: field('Burst, units', number(rule?.burst), 'Only for the token bucket, also an inherited one; default: the rate'),
    mode: field('Mode', select([['enforce', 'enforce'], ['shadow', 'shadow: count only'], ['exempt', 'exempt: no limit']], rule?.mode ?? 'enforce'), 'Shadow is evaluated and counted, but never blocks; exempt removes every limit of its level'),
    fail_mode: field('Without Redis', select([['', 'as the service'], ['open', 'open: allow'], ['closed', 'closed: 503'], ['local', 'local: this instance’s share']], rule?.fail_mode ?? '')),
    valid_from: field('In force from', moment(rule?.valid_from), 'Your time zone; default: no start'),
    valid_until: field('Until', moment(rule?.valid_until), 'Default: no end'),
    enabled: flag('Enabled', rule?.enabled ?? true),
    shared: flag('All keys share one counter', rule?.shared ?? false, 'Only with limit key *, counted by client and limit key'),
    always: flag('In addition to other rules', rule?.always ?? false, 'For example a total over all keys of a client'),
    ...spending.fields,
  };
  const fault = h('p', {class: 'field-error', role: 'alert'});
  const fine = h('p', {class: 'fine', role: 'status'});
  const meaning = h('p', {class: 'means'});
  const save = h('button', {class: 'primary'}, rule ? 'Save' : 'Create');
  const form = h('form', {class: 'card rule-form', novalidate: true, onsubmit: submit},
      h('fieldset', {}, h('legend', {}, 'Match'), h('div', {class: 'fields'}, fields.client_id, fields.limit_key, fields.tenant, fields.name), fields.match),
      h('fieldset', {}, h('legend', {}, 'Limit'), h('div', {class: 'fields'}, fields.rate, fields.window, fields.algorithm, fields.burst), fields.by, spending),
      h('fieldset', {}, h('legend', {}, 'Mode'), h('div', {class: 'fields'}, fields.mode, fields.fail_mode),
          h('div', {class: 'fields flags'}, fields.enabled, fields.shared, fields.always)),
      h('fieldset', {}, h('legend', {}, 'Validity'), h('div', {class: 'fields'}, fields.valid_from, fields.valid_until)),
      meaning, rule?.metadata_fault && h('p', {class: 'hint'}, `${rule.metadata_fault}. Saving deletes it; the history keeps it.`), fault, fine,
      h('div', {class: 'buttons'}, save,
          h('button', {type: 'button', onclick: () => attempt(true)}, 'Check only'),
          rule && h('button', {type: 'button', class: 'danger', onclick: remove}, 'Delete')));
  form.addEventListener('input', event => {
    Object.values(fields).find(f => f.control === event.target)?.fault();
    changed();
  });
  explain();
  const sample = preview(written);
  return h('div', {class: 'columns beside'}, form, sample);

  function changed() {
    clear();
    explain();
    sample.update();
  }

  function exempt() {
    return fields.mode.control.value === 'exempt';
  }

  function clear() {
    fault.textContent = '';
    fine.textContent = '';
  }

  function explain() {
    for (const name of UNUSED_BY_EXEMPT) fields[name].control.disabled = exempt();
    if (!takesBurst()) fields.burst.control.disabled = true;
    spending.disable(exempt() || bans(), !takesBurst());
    fields.shared.control.disabled = fields.by.read().value !== null;
    const now = written();
    fields.client_id.control.required = plain(now);
    fields.client_id.control.placeholder = plain(now) ? '' : '*';
    meaning.textContent = means(now);
  }

  function bans() {
    return Number(fields.rate.control.value || 1) === 0;
  }

  function takesBurst() {
    return ['', 'token_bucket'].includes(fields.algorithm.control.value) && !bans();
  }

  function written() {
    const value = name => fields[name].control.value.trim();
    const orNull = text => text === '' ? null : text;
    const whole = name => value(name) === '' ? null : Number(value(name));
    // Fields that an exempt rule does not use keep their values for a later change of the mode.
    const used = (name, written) => exempt() ? rule?.[name] ?? null : written;
    const match = fields.match.read().value;
    const by = fields.by.read().value;
    const {reserve, max_wait_ms: wait, overdraft} = spending.read();
    return {
      tenant: value('tenant'), name: orNull(value('name')), client_id: value('client_id') || (plain({match, by}) ? '' : '*'),
      limit_key: value('limit_key'), match, by,
      algorithm: used('algorithm', orNull(value('algorithm'))), rate: used('rate', whole('rate')), window: used('window', whole('window')),
      burst: used('burst', fields.burst.control.disabled ? null : whole('burst')),
      reserve: used('reserve', reserve), max_wait_ms: used('max_wait_ms', wait), overdraft: used('overdraft', overdraft), mode: value('mode'),
      enabled: fields.enabled.control.checked, shared: by === null && fields.shared.control.checked, always: !exempt() && fields.always.control.checked,
      fail_mode: orNull(value('fail_mode')), valid_from: instant('valid_from'), valid_until: instant('valid_until'),
      metadata: rule?.metadata ?? null,
    };
  }

  /** Keeps an unchanged value, because the control is exact to the minute only. */
  function instant(name) {
    const {control} = fields[name];
    if (control.value === control.dataset.was) return rule?.[name] ?? null;
    return control.value === '' ? null : new Date(control.value).toISOString();
  }

  async function submit(event) {
    event.preventDefault();
    await attempt(false);
  }

  async function attempt(only) {
    Object.values(fields).forEach(f => f.fault());
    clear();
    const missing = Object.entries(fields).find(([, f]) => f.control.required && !f.control.disabled && !f.control.value.trim());
    const unread = missing ? `${missing[0]} is required` : fields.match.read().fault ?? fields.by.read().fault;
    if (unread) {
      blame(unread);
      return;
    }
    save.disabled = true;
    try {
      const path = rule ? `/v1/admin/rules/${rule.id}` : '/v1/admin/rules';
      const answer = await admin(`${path}${only ? '?validate_only=true' : ''}`, {
        method: rule ? 'PUT' : 'POST', json: written(), headers: rule ? {'If-Match': `"${rule.revision}"`} : {}});
      if (only) fine.textContent = answer.would === 'replace' && !rule ? `Valid; would replace rule ${answer.id} with the same name.` : 'Valid. Nothing was saved.';
      else done(answer, rule ? 'Saved. Every instance applies it within seconds.' : 'Created. Every instance applies it within seconds.');
    } catch (e) {
      if (e.status === 412) outdated(e);
      else blame(e.message);
    } finally {
      save.disabled = false;
    }
  }

  function outdated(e) {
    fill(fault, `This rule was changed meanwhile (${e.message.replace('If-Match: ', '')}). `,
        h('button', {type: 'button', class: 'small', onclick: () => reload?.()}, 'Load the current rule'));
  }

  /** The first word of a fault is the name of the field: "rate must be …". */
  function blame(message) {
    const named = Object.keys(fields).find(name => (fields[name].faults ?? new RegExp(`^${name}\\b`)).test(message));
    if (!named) {
      fault.textContent = message;
      return;
    }
    fields[named].fault(message);
    const folded = fields[named].closest('details');
    if (folded) folded.open = true;
    fields[named].control.focus();
  }

  async function remove() {
    if (!confirm(`Delete rule ${rule.name}? Its history is kept, so it can be restored.`)) return;
    try {
      await admin(`/v1/admin/rules/${rule.id}`, {method: 'DELETE', headers: {'If-Match': `"${rule.revision}"`}});
      done(null, 'Deleted');
    } catch (e) {
      if (e.status === 412) outdated(e);
      else blame(e.message);
    }
  }
}

function moment(at) {
  const date = at ? new Date(at) : null;
  const value = date ? new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16) : '';
  return h('input', {type: 'datetime-local', value, 'data-was': value});
}
