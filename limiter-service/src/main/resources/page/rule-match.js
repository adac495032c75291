// The parts of the rule form for attributes: those that a rule matches beside client and limit key, and those that it counts by.

import {h, field, select} from './dom.js';

const COUNTED = [['', 'client and limit key'], ['tenant', 'whole tenant, one counter'], ['names', 'these attributes …']];

/**
 * Rows of attribute and value. match: an object; changed() runs after a row is added or removed. The element has
 * read(), which returns {value: an object of the complete rows, fault}, and fault(text) and control as a field.
 */
export function matchRows(match, changed) {
  const rows = h('div', {class: 'match-rows'});
  const error = h('span', {class: 'field-error', id: 'match-error'});
  const hint = h('span', {class: 'hint', id: 'match-hint'},
      'A value is exact, prefix* or * for any. For a prefix of client_id or limit_key, enter it here and * above.');
  const more = h('button', {type: 'button', class: 'small', onclick: () => {
    add('', '').querySelector('input').focus();
    changed();
  }}, 'Add an attribute');
  const element = h('div', {class: 'match', role: 'group', 'aria-label': 'Attributes that a check must have'}, rows, h('div', {class: 'match-end'}, more, hint), error);
  Object.entries(match).forEach(([name, pattern]) => add(name, pattern));
  element.control = more;
  element.read = () => {
    const value = new Map();
    let fault = null;
    for (const [name, pattern] of written()) {
      if (name === '') fault ??= 'match must have a name for each value';
      else if (pattern === '') fault ??= `match.${name} must have a value; * is any`;
      else if (value.has(name)) fault ??= `match.${name} must be given once`;
      else value.set(name, pattern);
    }
    return {value: Object.fromEntries(value), fault};
  };
  /** Marks the row that the fault names, otherwise shows it below all. */
  element.fault = text => {
    error.textContent = text ?? '';
    element.control = more;
    for (const input of rows.querySelectorAll('input')) input.removeAttribute('aria-invalid');
    const named = [...rows.children].findLast(row => text?.startsWith(`match.${inputs(row)[0].value.trim()} `));
    if (!named) return;
    element.control = inputs(named)[1];
    element.control.setAttribute('aria-invalid', 'true');
  };
  element.addEventListener('input', () => element.fault());
  return element;

  function inputs(row) {
    return [...row.querySelectorAll('input')];
  }

  function written() {
    return [...rows.children].map(row => inputs(row).map(input => input.value.trim())).filter(([name, pattern]) => name !== '' || pattern !== '');
  }

  function add(name, pattern) {
    const text = (value, placeholder) => h('input', {value, placeholder, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', 'aria-describedby': 'match-hint match-error'});
    const row = h('div', {class: 'match-row'}, text(name, 'ip'), h('span', {'aria-hidden': 'true'}, '='), text(pattern, '203.0.113.*'),
        h('button', {type: 'button', class: 'small', onclick: () => remove(row)}, 'Remove'));
    rows.append(row);
    label();
    return row;
  }

  function remove(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    label();
    (next?.querySelector('button') ?? more).focus();
    element.fault();
    changed();
  }

  function label() {
    [...rows.children].forEach((row, i) => {
      const [name, pattern] = inputs(row);
      name.setAttribute('aria-label', `Attribute ${i + 1}`);
      pattern.setAttribute('aria-label', `Value ${i + 1}`);
      row.querySelector('button').setAttribute('aria-label', `Remove attribute ${i + 1}`);
    });
  }
}

/** The choice of what a rule counts by: null, or names. As a field, with read() → {value, fault}. */
export function byField(by) {
  const choice = field('Counted by', select(COUNTED, by === null ? '' : by.length === 0 ? 'tenant' : 'names'), 'A counter for each combination of their values');
  const names = field('Attributes to count by', h('input', {value: by?.join(', ') ?? '', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', placeholder: 'ip, client_id'}), 'Separated by commas, at most 4');
  const element = h('div', {class: 'fields'}, choice, names);
  const show = () => {
    names.hidden = choice.control.value !== 'names';
    element.control = names.hidden ? choice.control : names.control;
  };
  element.read = () => {
    if (choice.control.value === '') return {value: null, fault: null};
    const value = names.hidden ? [] : names.control.value.split(',').map(name => name.trim()).filter(name => name !== '');
    return {value, fault: value.length === 0 && !names.hidden ? 'by must have a name' : null};
  };
  element.fault = text => {
    choice.fault(names.hidden ? text : null);
    names.fault(names.hidden ? null : text);
  };
  element.addEventListener('input', () => {
    element.fault();
    show();
  });
  show();
  return element;
}
