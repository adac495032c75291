// The effect of the rule in the form on a sample check, computed in the page by the rules of the service.

import {h, badge, field, refill} from './dom.js';
import {attributesField} from './attributes.js';

const ANY = '*';

/**
 * Matches a rule with a check {client_id, limit_key, attributes}. Returns {missed, counter}: the reason for which it does
 * not match, or null; and the names and values that it is counted by, none for the whole tenant.
 */
export function match(rule, check) {
  const value = name => name === 'client_id' || name === 'limit_key' ? check[name] : Object.hasOwn(check.attributes, name) ? check.attributes[name] : null;
  for (const name of ['client_id', 'limit_key']) {
    // In these fields only the * alone is a pattern.
    if (rule[name] !== ANY && rule[name] !== value(name)) return {missed: `${name} is “${value(name)}”, not “${rule[name]}”`, counter: []};
  }
  for (const [name, pattern] of Object.entries(rule.match)) {
    if (value(name) === null) return {missed: `the check has no ${name}`, counter: []};
    const prefix = pattern.endsWith(ANY);
    if (prefix && !value(name).startsWith(pattern.slice(0, -1))) return {missed: `${name} is “${value(name)}”, which does not begin with “${pattern.slice(0, -1)}”`, counter: []};
    if (!prefix && value(name) !== pattern) return {missed: `${name} is “${value(name)}”, not “${pattern}”`, counter: []};
  }
  const by = rule.by === null ? (rule.shared ? ['client_id'] : ['client_id', 'limit_key']) : [...rule.by].sort();
  const absent = by.find(name => value(name) === null);
  if (absent !== undefined) return {missed: `the check has no ${absent}, which the rule counts by`, counter: []};
  return {missed: null, counter: by.map(name => [name, value(name)])};
}

/** The effect on a check that the rule matches. */
function effect(rule, counter) {
  if (rule.mode === 'exempt') return 'no limit';
  const shadow = rule.mode === 'shadow';
  if (rule.rate === 0) return shadow ? 'would block always (shadow)' : 'blocks always';
  const by = counter.map(([name, value]) => `${name} = ${value}`).join(', ');
  return `${by === '' ? 'one counter for the whole tenant' : `counted by ${by}`}${shadow ? '; never blocks (shadow)' : ''}`;
}

function outOfForce(rule, now) {
  if (!rule.enabled) return 'The rule is not enabled: it applies to no check.';
  if (rule.valid_from && Date.parse(rule.valid_from) > now) return 'The rule is not in force yet.';
  if (rule.valid_until && Date.parse(rule.valid_until) <= now) return 'The rule is no longer in force.';
  return null;
}

/** A first sample check, which the rule matches. */
function sampleOf(rule) {
  const some = pattern => pattern === ANY ? 'example' : pattern.endsWith(ANY) ? `${pattern.slice(0, -1)}1` : pattern;
  const {client_id: client, limit_key: key, ...attributes} = {...Object.fromEntries((rule.by ?? []).map(name => [name, ANY])), client_id: 'some-client', limit_key: 'global', ...rule.match};
  return {
    client_id: rule.client_id && rule.client_id !== ANY ? rule.client_id : some(client),
    limit_key: rule.limit_key !== ANY ? rule.limit_key : some(key),
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, pattern]) => [name, some(pattern)])),
  };
}

/** A card with a sample check. rule() returns the rule in the form; update() of the card shows its effect again. */
export function preview(rule) {
  const sample = sampleOf(rule());
  const text = value => h('input', {value, maxlength: '256', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false'});
  const client = field('Sample client', text(sample.client_id));
  const key = field('Sample limit key', text(sample.limit_key));
  const attributes = attributesField('Sample attributes', sample.attributes);
  const result = h('div', {class: 'means result', role: 'status'});
  const element = h('section', {class: 'card preview', 'aria-labelledby': 'preview-title'},
      h('h2', {id: 'preview-title'}, 'A sample check'),
      h('div', {class: 'fields'}, client, key, attributes), result,
      h('p', {class: 'hint'}, 'For this rule alone, as the form is now; nothing is sent. Of rules that count by the same attributes, the most specific that matches applies. Rules that count by other attributes, and “always” rules, apply in addition.'));
  element.addEventListener('input', () => element.update());
  element.update = () => {
    const {values, fault} = attributes.read();
    attributes.fault(fault);
    show(rule(), {client_id: client.control.value, limit_key: key.control.value || 'global', attributes: values});
  };
  element.update();
  return element;

  function show(current, check) {
    const {missed, counter} = check.client_id === '' ? {missed: 'a check must have a client'}
      : current.client_id === '' ? {missed: 'the rule has no client yet'} : match(current, check);
    const [kind, word, more] = missed === null ? ['good', 'matches', effect(current, counter)] : ['warn', 'does not match', missed];
    const note = outOfForce(current, Date.now());
    refill(result, [word, more, note].join('\n'), badge(kind, word), ' ', more, note && h('p', {class: 'hint'}, note));
  }
}
