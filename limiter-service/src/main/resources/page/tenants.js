// The callers' tenants in the analytics.

import {h, empty, table} from './dom.js';
import * as format from './format.js';

export const TENANT_HEADINGS = ['tenant', 'allowed', 'blocked', 'over_the_limit', 'cost_above_the_limit', 'failed_closed', 'net_cost', 'last_blocked_utc'];

export function tenantCells(t) {
  return [t.tenant, t.allowed, t.blocked, t.blocked - t.too_costly, t.too_costly, t.errors, t.net_cost, t.last_blocked];
}

/** A table of tenants; chosen(tenant) runs when one is selected. */
export function tenantTable(list, chosen) {
  if (list.length === 0) return empty('No tenant in this span', 'Figures by tenant exist since the auditor was upgraded.');
  return table('Tenants of the callers', [
    {title: 'Tenant', cell: t => h('button', {type: 'button', class: 'link', onclick: () => chosen(t.tenant)}, t.tenant), class: 'name', sort: t => t.tenant},
    {title: 'Allowed', number: true, cell: t => format.count(t.allowed), sort: t => t.allowed},
    {title: 'Blocked', number: true, cell: t => format.count(t.blocked), sort: t => t.blocked},
    {title: 'Block rate', number: true, cell: t => format.percent(t.blocked, t.allowed + t.blocked), sort: t => t.blocked / (t.allowed + t.blocked || 1)},
    {title: 'Cost above limit', number: true, cell: t => format.count(t.too_costly), sort: t => t.too_costly},
    {title: 'Failed closed', number: true, cell: t => format.count(t.errors), sort: t => t.errors},
    {title: 'Net cost', number: true, cell: t => format.count(t.net_cost), sort: t => t.net_cost},
    {title: 'Last blocked', cell: t => t.last_blocked ? format.time(t.last_blocked, 'minute') : format.NONE, sort: t => t.last_blocked},
  ], {rows: list, max: 200});
}

/** Replaces the options of the filter; the selected one stays, also without figures. */
export function tenantOptions(control, tenants) {
  const selected = control.value;
  const names = [...new Set([...tenants.map(t => t.tenant), ...(selected ? [selected] : [])])].sort();
  control.replaceChildren(h('option', {value: ''}, 'All'), ...names.map(name => h('option', {value: name}, name)));
  control.value = selected;
}
