// Status: the state of each part, and its effect on callers.

import {h, fill, announce, badge, empty, loading, refail, refill, table} from './dom.js';
import {admin} from './api.js';
import * as format from './format.js';
import {ageLine, stale} from './freshness.js';

const REFRESH_MS = 2000;
const SILENT_SECONDS = 20;

const WITHOUT_REDIS = {
  open: 'All checks are allowed and marked “degraded”. No client is limited meanwhile.',
  closed: 'Checks are answered with 503. No client is allowed meanwhile.',
  local: 'Each instance limits to its share of the limit. In total, up to instances × share is allowed.',
};
const KAFKA_FAULT = {
  not_configured: 'KAFKA_BOOTSTRAP_SERVERS is not set.',
  away: 'Kafka does not answer.',
  wrong_partitions: 'The partition count of the topic differs from DECISIONS_PARTITIONS.',
};

export function status(here) {
  const banner = h('div', {class: 'banner'});
  const parts = h('div', {class: 'parts'}, loading('the status'));
  const instances = h('div');
  const complete = h('div', {}, loading('the audit'));
  const auditAge = h('p', {class: 'hint age'}, ' ');
  const age = h('span', {class: 'hint'});
  let stopped = false;
  let timer = null;
  let announced = null;
  let freshness = null;

  const board = table('Instances', [
    {title: 'Instance', cell: row => h('span', {}, row.instance, row.self && h('span', {class: 'hint'}, ' (this one)')), class: 'name'},
    {title: 'Rule revision', number: true, cell: row => format.count(row.rules_revision)},
    {title: 'Read from', cell: row => row.rules_source},
    {title: 'Last seen', cell: row => format.time(row.seen_at, 'clock')},
    {title: 'State', cell: row => row.silent_seconds > SILENT_SECONDS
      ? badge('warn', `silent for ${format.seconds(row.silent_seconds)}`)
      : row.behind ? badge('warn', 'older rules') : badge('good', 'up to date')},
  ]);
  const audit = table('Audit completeness', [
    {title: 'Instance', cell: row => row.instance, class: 'name'},
    {title: 'Starts', number: true, cell: row => format.count(row.epochs)},
    {title: 'Issued', number: true, cell: row => format.count(row.issued)},
    {title: 'Counted', number: true, cell: row => format.count(row.received)},
    {title: 'Lost', number: true, cell: row => format.count(row.lost)},
    {title: 'Dropped', number: true, cell: row => format.count(row.dropped)},
    {title: 'Duplicates', number: true, cell: row => format.count(row.duplicate)},
    {title: 'Last seen', cell: row => format.time(row.last_word_at, 'minute')},
    {title: 'Complete?', cell: row => verdict(row, freshness)},
  ]);

  fill(here, h('div', {class: 'heading'}, h('h1', {}, 'Status'), age), banner, parts,
      h('section', {class: 'card'}, h('h2', {}, 'Instances'), instances),
      h('section', {class: 'card'}, h('h2', {}, 'Completeness of the audit'),
          h('p', {class: 'hint'}, 'Every decision has a number. Missing numbers are shown here as lost; decisions that a limiter had no room for are counted as dropped.'), auditAge, complete));
  refresh();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };

  async function refresh() {
    // The audit's age first: the state is healthy only if the audit is current.
    await showAudit();
    await showState();
    if (!stopped) timer = setTimeout(refresh, document.hidden ? 15000 : REFRESH_MS);
  }

  async function showState() {
    try {
      const state = await admin('/v1/console/status');
      if (stopped) return;
      showFaults([...faults(state), ...auditFaults(state, freshness)]);
      fill(parts, cards(state));
      showInstances(state);
      fill(age, `${state.service} · ${state.instance} · as of `, format.time(state.now, 'clock'));
    } catch (e) {
      if (stopped) return;
      refail(banner, e);
      banner.className = 'banner bad';
    }
  }

  /** Announced only when the faults change, not when a figure changes. */
  function showFaults(found) {
    const words = found.length === 0 ? 'Everything works: limits are exact, every decision is published.' : found.map(([what]) => what).join(' ');
    refill(banner, JSON.stringify(found), found.length === 0
      ? [badge('good', 'healthy'), ` ${words}`]
      : [badge('warn', 'degraded'), h('ul', {}, found.map(([what, means]) => h('li', {}, h('strong', {}, what), ' ', means)))]);
    banner.className = `banner ${found.length === 0 ? 'good' : 'warn'}`;
    if (announced !== null && announced !== words) announce(words);
    announced = words;
  }

  function showInstances(state) {
    const newest = Math.max(state.rules.revision, ...state.instances.map(i => i.rules_revision));
    if (state.instances.length > 0) {
      if (!instances.contains(board)) fill(instances, board);
      board.update(state.instances.map(row => ({...row, self: row.instance === state.instance, behind: row.rules_revision < newest})));
      return;
    }
    refill(instances, `revision ${state.rules.revision}`, empty(`This instance applies revision ${state.rules.revision}`,
        state.postgres.configured ? 'The others can’t be seen while the database is unavailable.' : 'Instances see each other through the database, and none is configured.'));
  }

  async function showAudit() {
    try {
      const answer = await admin('/v1/console/analytics/completeness');
      if (stopped) return;
      freshness = answer.freshness;
      fill(auditAge, ageLine(freshness));
      if (!complete.contains(audit)) fill(complete, audit);
      audit.update(answer.instances);
    } catch (e) {
      freshness = null;
      fill(auditAge, ' ');
      if (!stopped) refail(complete, e);
    }
  }
}

/** Stale figures never count as complete. */
function verdict(row, freshness) {
  if (row.lost > 0) return badge('bad', 'decisions lost');
  if (row.dropped > 0) return badge('warn', 'some dropped');
  if (row.unknown_tail) return badge('warn', 'a killed or unreachable start may have lost more');
  const old = freshness && stale(freshness);
  if (old) return badge('warn', old.words);
  return badge('good', row.open_epochs > 0 ? 'complete so far' : 'complete');
}

/** Faults, and their effects on callers and the audit. */
function faults(state) {
  const found = [];
  const {redis, kafka, postgres, rules, spool} = state;
  if (!redis.available) found.push(['Redis does not answer.', WITHOUT_REDIS[redis.fail_mode] + ' Rules may have another fail mode.']);
  if (redis.eviction === 'evicting') {
    found.push(['Redis evicts keys when it is full.',
      `Its maxmemory-policy is ${redis.maxmemory_policy}: evicting a key resets its limit without an error. Set noeviction.`]);
  }
  if (!kafka.available) {
    found.push([KAFKA_FAULT[kafka.fault] ?? 'Kafka accepts no decisions.',
      `Callers are not affected. Decisions wait on disk (${format.count(spool.spooled)} so far) and are published later; the audit and the live view are late.`]);
  } else if (spool.spooled > 0) {
    found.push(['Kafka is back; earlier decisions are still being published.', `${format.count(spool.spooled)} wait on disk.`]);
  }
  if (!spool.usable) found.push(['The spool can’t be written.', 'If Kafka is also unavailable, decisions are dropped and counted as dropped.']);
  if (postgres.configured && !postgres.available) found.push(['PostgreSQL does not answer.', `Checks continue with the last valid rules (revision ${rules.revision}). Rules can’t be changed, analytics can’t be shown.`]);
  if (rules.refused_because) found.push([`Revision ${rules.refused_revision} of the rules is refused.`, `${rules.refused_because} Revision ${rules.revision} stays in force.`]);
  if (rules.unavailable_because && (postgres.available || !postgres.configured)) found.push(['The newest rules are unknown.', `${rules.unavailable_because} Revision ${rules.revision} stays in force.`]);
  if (rules.count === 0) found.push(['There are no rules.', 'Every check is allowed.']);
  return found;
}

/** Lag is not a fault while Kafka is unavailable or the spool is replayed. */
function auditFaults({kafka, spool}, freshness) {
  const old = freshness && stale(freshness);
  return old && (old.silent || (kafka.available && spool.spooled === 0)) ? [old.fault] : [];
}

function cards({redis, kafka, postgres, rules, spool}) {
  const dropped = Object.values(kafka.dropped).reduce((a, b) => a + b, 0);
  return [
    part('Redis', !redis.available ? ['bad', 'away'] : redis.eviction === 'evicting' ? ['warn', 'evicts keys'] : ['good', 'answers'], [
      ['Without it', `fail ${redis.fail_mode}`],
      ['Limits shared by', `${redis.shared_by} instance${redis.shared_by === 1 ? '' : 's'}`],
      ['Evicts keys', {
        none: `no (${redis.maxmemory_policy})`,
        evicting: `yes (${redis.maxmemory_policy}), ${format.count(redis.evicted_keys)} so far`,
      }[redis.eviction] ?? 'unknown']]),
    part('Circuit breaker', {closed: ['good', 'closed'], half_open: ['warn', 'half open'], open: ['bad', 'open']}[redis.breaker], [
      ['Failures of the last 5', format.count(redis.failure_count)],
      ['Next try', redis.breaker === 'open' ? `in ${format.seconds(redis.time_until_retry_seconds)}, or once Redis answers a probe` : format.NONE]]),
    part('Kafka', kafka.available ? ['good', 'accepts decisions'] : ['bad', {not_configured: 'not configured', away: 'away', wrong_partitions: 'wrong partitions'}[kafka.fault] ?? 'away'], [
      ['Issued', format.count(kafka.issued)],
      ['Confirmed', format.count(kafka.acked)],
      ['In flight', format.count(kafka.in_flight)],
      ['Dropped', format.count(dropped)]]),
    part('Spool', !spool.usable ? ['bad', 'can’t be written'] : spool.spooled > 0 ? ['warn', 'in use'] : ['good', 'empty'], [
      ['Waiting', format.count(spool.spooled)],
      ['Oldest', spool.spooled > 0 ? format.seconds(spool.oldest_age_seconds) : format.NONE],
      ['Size', `${format.bytes(spool.bytes)} of ${format.bytes(spool.max_bytes)}`]]),
    part('PostgreSQL', !postgres.configured ? ['warn', 'not configured'] : postgres.available ? ['good', 'answers'] : ['bad', 'away'], [
      ['Data', 'rules, their history, the audit']]),
    part('Rules', rules.refused_because || rules.count === 0 ? ['bad', 'check'] : rules.unavailable_because ? ['warn', 'may be old'] : ['good', 'in force'], [
      ['Revision', format.count(rules.revision)],
      ['Rules', format.count(rules.count)],
      ['Read from', rules.source],
      ['Confirmed as newest', `${format.seconds(rules.age_seconds)} ago`]]),
  ];
}

function part(title, [kind, word], facts) {
  return h('section', {class: `card part ${kind}`}, h('div', {class: 'heading'}, h('h2', {}, title), badge(kind, word)),
      h('dl', {class: 'facts'}, facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))));
}
