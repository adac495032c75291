// Attributes of a check as text: one name=value a line.

import {h, field} from './dom.js';

/** A field of attributes. values: the initial ones, by name. read() parses its text, see parse. */
export function attributesField(label, values = {}) {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  const area = h('textarea', {rows: '2', autocomplete: 'off', spellcheck: 'false', placeholder: 'ip=203.0.113.7'});
  area.value = lines.join('\n');
  const one = field(label, area, 'One name=value a line');
  one.classList.add('attributes');
  one.read = () => parse(area.value);
  return one;
}

/**
 * Reads lines of name=value, trimmed. Returns {values, fault}: the values of the valid lines by name, and the first
 * fault or null. The service validates names and values.
 */
export function parse(text) {
  const values = new Map();
  let fault = null;
  for (const line of text.split('\n').map(written => written.trim()).filter(written => written !== '')) {
    const at = line.indexOf('=');
    const name = line.slice(0, Math.max(at, 0)).trim();
    const value = line.slice(at + 1).trim();
    if (name === '' || value === '') fault ??= `attributes must have lines of name=value, not “${line}”`;
    else if (values.has(name)) fault ??= `attributes.${name} must be given once`;
    else values.set(name, value);
  }
  return {values: Object.fromEntries(values), fault};
}

const PREFIX = 'attr.';

/** The attributes as parameters of a query. */
export function parameters(values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [PREFIX + name, value]));
}

/** The attributes among the parameters of a query. */
export function amongParameters(query) {
  return Object.fromEntries([...query].filter(([name]) => name.startsWith(PREFIX)).map(([name, value]) => [name.slice(PREFIX.length), value]));
}
