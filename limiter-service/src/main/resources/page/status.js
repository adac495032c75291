// Status: what works, what does not, and what that means for callers.

import {h, fill, announce, badge, empty, loading, refail, refill, table} from './dom.js';
import {admin} from './api.js';
import * as format from './format.js';
import {ageLine, stale} from './freshness.js';

const REFRESH_MS = 2000;
const SILENT_SECONDS = 20;

const WITHOUT_REDIS = {
  open: 'Checks are allowed, whatever they cost, and every such decision says “degraded”. Nobody is limited meanwhile.',
  closed: 'Checks are answered with 503. Nobody passes meanwhile.',
  local: 'Each instance limits by itself, at its share of the limit. Over all, at most instances × share passes.',
};
const KAFKA_FAULT = {
  not_configured: 'KAFKA_BOOTSTRAP_SERVERS is not set.',
  away: 'Kafka does not answer.',
  wrong_partitions: 'The topic has another number of partitions than DECISIONS_PARTITIONS says.',
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
  let said = null;
  let freshness = null;

  const board = table('Instances', [
    {title: 'Instance', cell: row => h('span', {}, row.instance, row.self && h('span', {class: 'hint'}, ' (this one)')), class: 'name'},
    {title: 'Rule revision', number: true, cell: row => format.count(row.rules_revision)},
    {title: 'Read from', cell: row => row.rules_source},
    {title: 'Last word', cell: row => format.time(row.seen_at, 'clock')},
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
    {title: 'Twice', number: true, cell: row => format.count(row.duplicate)},
    {title: 'Last word', cell: row => format.time(row.last_word_at, 'minute')},
    {title: 'Complete?', cell: row => verdict(row, freshness)},
  ]);

  fill(here, h('div', {class: 'heading'}, h('h1', {}, 'Status'), age), banner, parts,
      h('section', {class: 'card'}, h('h2', {}, 'Instances'), instances),
      h('section', {class: 'card'}, h('h2', {}, 'Is the audit complete?'),
          h('p', {class: 'hint'}, 'Every decision has a number. Numbers that are missing are lost, and shown here; decisions that a limiter could not keep are counted as dropped.'), auditAge, complete));
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

  /** Read out when something else is wrong than before, and not because a number has changed. */
  function showFaults(found) {
    const words = found.length === 0 ? 'Everything works: limits are exact, every decision is published.' : found.map(([what]) => what).join(' ');
    refill(banner, JSON.stringify(found), found.length === 0
      ? [badge('good', 'healthy'), ` ${words}`]
      : [badge('warn', 'degraded'), h('ul', {}, found.map(([what, means]) => h('li', {}, h('strong', {}, what), ' ', means)))]);
    banner.className = `banner ${found.length === 0 ? 'good' : 'warn'}`;
    if (said !== null && said !== words) announce(words);
    said = words;
  }

  function showInstances(state) {
    const newest = Math.max(state.rules.revision, ...state.instances.map(i => i.rules_revision));
    if (state.instances.length > 0) {
      if (!instances.contains(board)) fill(instances, board);
      board.update(state.instances.map(row => ({...row, self: row.instance === state.instance, behind: row.rules_revision < newest})));
      return;
    }
    refill(instances, `revision ${state.rules.revision}`, empty(`This instance obeys revision ${state.rules.revision}`,
        state.postgres.configured ? 'The others can’t be seen while the database is away.' : 'Instances see each other through the database, and none is configured.'));
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

/** Old figures never count as complete. */
function verdict(row, freshness) {
  if (row.lost > 0) return badge('bad', 'decisions lost');
  if (row.dropped > 0) return badge('warn', 'some dropped, and counted');
  if (row.unknown_tail) return badge('warn', 'a killed start may have had more');
  const old = freshness && stale(freshness);
  if (old) return badge('warn', old.words);
  return badge('good', row.open_epochs > 0 ? 'complete so far' : 'complete');
}

/** What is wrong, and what it means for callers and for the audit. */
function faults(state) {
  const found = [];
  const {redis, kafka, postgres, rules, spool} = state;
  if (!redis.available) found.push(['Redis does not answer.', WITHOUT_REDIS[redis.fail_mode] + ' Rules may say otherwise for themselves.']);
  if (redis.eviction === 'evicting') {
    found.push(['Redis evicts keys when it is full.',
      `Its maxmemory-policy is ${redis.maxmemory_policy}: a limit whose key is evicted starts afresh, without an error. Set noeviction.`]);
  }
  if (!kafka.available) {
    found.push([KAFKA_FAULT[kafka.fault] ?? 'Kafka takes no decisions.',
      `Callers notice nothing. Decisions wait on disk (${format.count(spool.spooled)} by now) and are published later; the audit and the live view lag.`]);
  } else if (spool.spooled > 0) {
    found.push(['Kafka is back, and decisions of before are still being published.', `${format.count(spool.spooled)} wait on disk.`]);
  }
  if (!spool.usable) found.push(['The spool can’t be written.', 'While Kafka is away too, decisions are dropped, and counted as dropped.']);
  if (postgres.configured && !postgres.available) found.push(['PostgreSQL does not answer.', `Checks go on under the last good rules (revision ${rules.revision}). Rules can’t be changed, analytics can’t be shown.`]);
  if (rules.refused_because) found.push([`Revision ${rules.refused_revision} of the rules is refused.`, `${rules.refused_because} Revision ${rules.revision} stays in force.`]);
  if (rules.unavailable_because && (postgres.available || !postgres.configured)) found.push(['The newest rules are not known.', `${rules.unavailable_because} Revision ${rules.revision} stays in force.`]);
  if (rules.count === 0) found.push(['There are no rules.', 'Every check is allowed.']);
  return found;
}

/** No fault of its own while Kafka is unavailable or the spool is replayed, which explain the delay. */
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
      ['Tries again', redis.breaker === 'open' ? `in ${format.seconds(redis.time_until_retry_seconds)}, or once Redis answers a probe` : format.NONE]]),
    part('Kafka', kafka.available ? ['good', 'takes decisions'] : ['bad', {not_configured: 'not configured', away: 'away', wrong_partitions: 'wrong partitions'}[kafka.fault] ?? 'away'], [
      ['Issued', format.count(kafka.issued)],
      ['Confirmed', format.count(kafka.acked)],
      ['On their way', format.count(kafka.in_flight)],
      ['Dropped', format.count(dropped)]]),
    part('Spool', !spool.usable ? ['bad', 'can’t be written'] : spool.spooled > 0 ? ['warn', 'in use'] : ['good', 'empty'], [
      ['Waiting', format.count(spool.spooled)],
      ['Oldest', spool.spooled > 0 ? format.seconds(spool.oldest_age_seconds) : format.NONE],
      ['Size', `${format.bytes(spool.bytes)} of ${format.bytes(spool.max_bytes)}`]]),
    part('PostgreSQL', !postgres.configured ? ['warn', 'not configured'] : postgres.available ? ['good', 'answers'] : ['bad', 'away'], [
      ['Holds', 'rules, their history, the audit']]),
    part('Rules', rules.refused_because || rules.count === 0 ? ['bad', 'look at it'] : rules.unavailable_because ? ['warn', 'may be old'] : ['good', 'in force'], [
      ['Revision', format.count(rules.revision)],
      ['Rules', format.count(rules.count)],
      ['Read from', rules.source],
      ['Known to be newest', `${format.seconds(rules.age_seconds)} ago`]]),
  ];
}

function part(title, [kind, word], facts) {
  return h('section', {class: `card part ${kind}`}, h('div', {class: 'heading'}, h('h2', {}, title), badge(kind, word)),
      h('dl', {class: 'facts'}, facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))));
}
