// Age of the audit's figures, by the database's clock.

import {h, badge, fill} from './dom.js';
import {admin} from './api.js';
import * as format from './format.js';

const REFRESH_MS = 5000;

/** The auditor writes its heartbeat every 5 s, and limiters write a ledger as often. */
const SILENT_SECONDS = 30;
const BEHIND_SECONDS = 60;
const HALF_A_DAY_SECONDS = 43200;

/** {silent, words, fault}: whether the auditor is silent, the badge's text, and the fault; null while the figures are current. */
export function stale(freshness) {
  const {as_of: asOf, age_seconds: age, silent_seconds: silent} = freshness;
  const since = asOf === null ? 'nothing counted yet' : ['as of ', asOfTime(freshness)];
  if (silent === null || silent > SILENT_SECONDS) {
    return {silent: true, words: [since, silent === null ? ', no auditor has written yet' : `, auditor silent for ${format.seconds(silent)}`],
      fault: [silent === null ? 'No auditor has written yet.' : 'The auditor is silent.',
        `It does not run, or cannot write. Callers are not affected; decisions wait in Kafka. Analytics and the audit show figures counted ${asOf === null ? 'before: nothing' : `until ${asOfTime(freshness).textContent}`}.`]};
  }
  if (asOf === null || age > BEHIND_SECONDS) {
    return {silent: false, words: [since, asOf === null ? '' : `, ${format.seconds(age)} behind`],
      fault: ['The auditor is behind.', `It runs, but has not counted decisions ${asOf === null ? 'on some partitions' : `after ${asOfTime(freshness).textContent}`}.`]};
  }
  return null;
}

/** The time of day, with the date when the time alone would be ambiguous. */
function asOfTime({as_of: asOf, age_seconds: age}) {
  return format.time(asOf, age < HALF_A_DAY_SECONDS ? 'clock' : 'minute');
}

/** One line with the age of the figures beside it. */
export function ageLine(freshness) {
  const old = stale(freshness);
  return old ? badge('warn', old.words) : h('span', {}, 'As of ', asOfTime(freshness), ', ', `${format.seconds(freshness.age_seconds)} ago.`);
}

/** The same, updated until stop() is called; empty while the age is unknown. */
export function watchedAge() {
  const line = h('p', {class: 'hint age'}, ' ');
  let stopped = false;
  let timer = null;
  refresh();
  return {line, stop: () => {
    stopped = true;
    clearTimeout(timer);
  }};

  async function refresh() {
    let now = ' ';
    try {
      now = ageLine(await admin('/v1/console/analytics/freshness'));
    } catch {
      // The figures beside it show the fault.
    }
    if (stopped) return;
    fill(line, now);
    timer = setTimeout(refresh, document.hidden ? 15000 : REFRESH_MS);
  }
}
