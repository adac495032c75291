// The remaining units of each limit, as buckets.

import {h, empty, refill} from './dom.js';
import * as format from './format.js';

/** Shows one bucket per limit in the element, kept over refreshes so that its level is animated. */
export function showBuckets(buckets, limits) {
  const names = limits.map(l => `${l.rule}·${l.algorithm}·${l.mode}`).join('|');
  if (buckets.dataset.contentKey !== names) {
    refill(buckets, names, limits.length === 0
      ? empty('No rule applies', 'Every check of this client is allowed.')
      : limits.map(bucket));
  }
  const banned = limits.some(blocksAlways);
  limits.forEach((limit, i) => buckets.children[i].show(limit, banned));
}

function bucket() {
  const level = h('div', {class: 'level'});
  const left = h('strong', {class: 'left'});
  const of = h('span', {class: 'hint'});
  const name = h('span', {class: 'name'});
  const back = h('span', {class: 'hint'});
  const vessel = h('div', {class: 'vessel', role: 'meter', 'aria-valuemin': '0'}, level);
  const element = h('div', {class: 'bucket'}, vessel, h('div', {}, name, h('div', {}, left, ' ', of), back));
  element.show = (limit, banned) => {
    const capacity = (limit.burst ?? limit.limit) - (limit.reserve ?? 0);
    const known = limit.remaining !== null && limit.remaining !== undefined;
    const share = known && capacity > 0 ? Math.min(1, limit.remaining / capacity) : 0;
    level.style.transform = `scaleY(${share})`;
    level.className = `level ${share === 0 ? 'none' : share < 0.25 ? 'low' : ''}`;
    vessel.setAttribute('aria-valuemax', capacity);
    vessel.setAttribute('aria-valuenow', known ? Math.min(limit.remaining, capacity) : 0);
    vessel.setAttribute('aria-label', `Remaining of ${limit.rule}`);
    name.textContent = `${limit.rule}${limit.mode === 'shadow' ? ' (shadow)' : ''}`;
    left.textContent = format.count(known ? limit.remaining : null);
    of.textContent = `of ${format.count(capacity)} · ${format.rate(limit.limit, limit.window)} · ${format.algorithm(limit.algorithm)}${limit.reserve ? ` · ${format.count(limit.reserve)} reserved` : ''}`;
    const full = limit.reset_at ? limit.reset_at - Date.now() / 1000 : 0;
    back.textContent = limit.limit === 0 ? 'nothing is allowed' : !known ? (banned ? 'not evaluated: another rule blocks always' : 'The store does not answer') : share < 1 && full > 0 ? `full again in ${format.seconds(Math.max(1, Math.round(full)))}` : 'unused';
  };
  return element;
}

/** Whether a limit ends the check: the others are not evaluated. */
function blocksAlways({limit, mode}) {
  return limit === 0 && mode === 'enforce';
}
