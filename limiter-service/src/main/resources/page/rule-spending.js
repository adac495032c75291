// The part of the rule form for how the capacity is spent: priorities, waiting, overdraft.

import {h, field} from './dom.js';

/**
 * A details element, open if the rule has one of its fields. The element has fields, by name; read(), which returns
 * {reserve, max_wait_ms, overdraft}, null where a field is empty or disabled; and disable(all, waiting).
 */
export function spendingFields(rule) {
  const number = (value, max, step = '1') => h('input', {type: 'number', min: '0', max, step, value: value || '', autocomplete: 'off'});
  const fields = {
    reserve_normal: field('Kept from normal priority', number(rule?.reserve?.normal, '0.95', '0.05'), 'Share of the capacity, 0 to 0.95; default: 0'),
    reserve_low: field('Kept from low priority', number(rule?.reserve?.low, '0.95', '0.05'), 'Share of the capacity; default: as from normal'),
    max_wait_ms: field('Max wait, ms', number(rule?.max_wait_ms, '30000'), 'Only for the token bucket, also an inherited one; default: 0'),
    overdraft: field('Overdraft, units', number(rule?.overdraft, null), 'What a settlement may charge beyond the capacity; default: 0'),
  };
  // Messages name the fields of the API, in which the shares are members of one object.
  fields.reserve_normal.faults = /^reserve\b(?!\.low)/;
  fields.reserve_low.faults = /^reserve\.low\b/;
  const value = name => {
    const {control} = fields[name];
    return control.disabled || control.value.trim() === '' ? null : Number(control.value);
  };
  const element = h('details', {class: 'spending', open: Object.values(fields).some(f => f.control.value !== '')},
      h('summary', {}, 'Priorities, waiting, overdraft'), h('div', {class: 'fields'}, Object.values(fields)));
  element.fields = fields;
  element.read = () => {
    const [normal, low] = [value('reserve_normal'), value('reserve_low')];
    return {reserve: normal === null && low === null ? null : {normal, low}, max_wait_ms: value('max_wait_ms'), overdraft: value('overdraft')};
  };
  element.disable = (all, waiting) => {
    for (const f of Object.values(fields)) f.control.disabled = all;
    fields.max_wait_ms.control.disabled = all || waiting;
  };
  return element;
}
