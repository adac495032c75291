// Rules in words.

import * as format from './format.js';

const FIELDS = {client_id: 'client', limit_key: 'key'};

/** Whether a rule matches and counts by client and limit key alone. */
export function plain(rule) {
  return rule.by === null && Object.keys(rule.match).length === 0;
}

/** ip = 203.0.113.*, plan = pro; empty without attributes. */
export function matchText(match) {
  return Object.entries(match).map(([name, pattern]) => `${name} = ${pattern}`).join(', ');
}

/** What a rule counts by, in short; null: as every rule without by. */
export function byText(by) {
  if (by === null) return null;
  return by.length === 0 ? 'whole tenant' : `by ${by.join(', ')}`;
}

/** Whether a rule counts the values of this field, client_id or limit_key, separately. */
export function countsEach(rule, field) {
  if (rule.by !== null) return rule.by.includes(field);
  return field === 'client_id' || !rule.shared;
}

/** The effect of a rule in one sentence or two. */
export function means(rule) {
  if (rule.mode === 'exempt') return exempts(rule);
  if (rule.rate === 0) return bans(rule);
  return `${subject(rule)} may use ${format.rate(rule.rate, rule.window)}${ofKey(rule)}${where(conditions(rule, false))}`
      + `${rule.mode === 'shadow' ? '. It never blocks (shadow).' : '.'}${spends(rule).map(sentence => ` ${sentence}`).join('')}`;
}

/** How the capacity may be spent, in sentences; none where all of it may be spent at once by every check. */
function spends(rule) {
  const capacity = [null, 'token_bucket'].includes(rule.algorithm) ? rule.burst ?? rule.rate : rule.rate;
  const inherited = rule.algorithm === null ? ', where the token bucket is inherited' : '';
  return [
    reserves(rule.reserve) && `Of its capacity of ${format.count(capacity)}, ${kept(rule.reserve, capacity)} priority.`,
    rule.max_wait_ms && `A check may wait up to ${format.seconds(rule.max_wait_ms / 1000)} for its units${inherited}.`,
    rule.overdraft && `A settlement may exceed the capacity by up to ${format.count(rule.overdraft)}.`,
  ].filter(Boolean);
}

/** As the service: rounded down, in ten thousandths. */
function kept({normal, low}, capacity) {
  const units = share => format.count(Math.floor(capacity * Math.round(share * 10000) / 10000));
  return `${normal ? `${units(normal)} are kept from normal and ` : ''}${units(low ?? normal)}${normal ? '' : ' are kept'} from low`;
}

function reserves(reserve) {
  return Boolean(reserve && (reserve.normal || reserve.low));
}

/** The shares that are kept from lower priorities: normal 20 %, low 50 %. */
export function reserveText({normal, low}) {
  return `normal ${percent(normal)}, low ${percent(low)}`;
}

function percent(share) {
  return `${Number((100 * share).toFixed(2))}\u00a0%`;
}

/** How the capacity of a stored rule may be spent, in short; empty without reserve, wait and overdraft. */
export function spendingText(rule) {
  const waits = rule.max_wait_ms && (rule.effective_algorithm ?? 'token_bucket') === 'token_bucket';
  return [
    reserves(rule.reserve) && `reserve: ${reserveText(rule.reserve)}`,
    waits && `max wait ${format.seconds(rule.max_wait_ms / 1000)}`,
    rule.overdraft && `overdraft ${format.count(rule.overdraft)}`,
  ].filter(Boolean).join(' · ');
}

function exempts(rule) {
  const unless = ', unless a more specific rule or an “always” rule applies.';
  const key = rule.limit_key === '*' ? 'any key' : rule.limit_key;
  if (rule.by === null) {
    return `${rule.client_id === '*' ? 'Each client' : rule.client_id || '…'} may use ${key} without a limit${where(conditions(rule, false))}${unless}`;
  }
  const layer = rule.by.length === 0 ? 'of the whole tenant' : `counted ${byText(rule.by)}`;
  return `${rule.client_id === '*' ? 'Any client' : rule.client_id} may use ${key} without a limit ${layer}${where(conditions(rule, true))}${unless}`;
}

function bans(rule) {
  const client = rule.client_id === '*' ? 'any client' : rule.client_id || '…';
  const start = rule.mode === 'shadow' ? 'Would block always (shadow)' : 'Blocks always';
  return `${start}: every check of ${client} for ${rule.limit_key === '*' ? 'any key' : rule.limit_key}${where(conditions(rule, true))}.`;
}

function subject(rule) {
  const one = rule.client_id === '*' ? null : rule.client_id || '…';
  if (rule.by === null) return one ?? 'Each client';
  const each = rule.by.filter(name => name === 'client_id' ? one === null : name !== 'limit_key' || rule.limit_key === '*').map(name => FIELDS[name] ?? name);
  if (each.length === 0) return one ?? 'All clients together';
  return `Each ${each.length === 1 ? each[0] : `combination of ${each.slice(0, -1).join(', ')} and ${each.at(-1)}`}${one === null ? '' : ` of ${one}`}`;
}

function ofKey(rule) {
  if (rule.limit_key !== '*') return ` of ${rule.limit_key}`;
  if (!countsEach(rule, 'limit_key')) return ' over all keys together';
  return rule.by === null ? ' of each key' : '';
}

/** What a check must have. An attribute that the rule counts by must be present. */
function conditions(rule, withCounted) {
  const matched = Object.entries(rule.match).map(([name, pattern]) => pattern === '*' ? `${name} is present` : `${name} = ${pattern}`);
  const counted = (withCounted && rule.by || []).filter(name => !Object.hasOwn(FIELDS, name) && !Object.hasOwn(rule.match, name));
  return [...matched, ...counted.map(name => `${name} is present`)];
}

function where(conditions) {
  return conditions.length === 0 ? '' : `, where ${conditions.join(' and ')}`;
}
