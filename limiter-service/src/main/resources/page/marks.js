// Changes of rules on charts: a dashed line with the revision.

import {h} from './dom.js';
import * as format from './format.js';

/** Changes that are listed below the charts; the newest. */
const LISTED = 5;

/**
 * A plugin of uPlot that draws the marks that marks() returns: [{at, label}], at in seconds, ascending. A label
 * that would cover the previous one is omitted.
 */
export function markPlugin(marks, line, text) {
  return {hooks: {draw: plot => draw(plot, marks(), line, text)}};
}

function draw(plot, marks, line, text) {
  const {ctx, bbox: {left, top, width, height}} = plot;
  const ratio = devicePixelRatio;
  let free = left;
  ctx.save();
  ctx.strokeStyle = line;
  ctx.fillStyle = text;
  ctx.lineWidth = ratio;
  ctx.setLineDash([4 * ratio, 3 * ratio]);
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = 'top';
  for (const {at, label} of marks) {
    const x = Math.round(plot.valToPos(at, 'x', true));
    if (x < left || x > left + width) continue;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height);
    ctx.stroke();
    const length = ctx.measureText(label).width;
    const begin = Math.min(x + 3 * ratio, left + width - length);
    if (begin < free) continue;
    ctx.fillText(label, begin, top);
    free = begin + length + 6 * ratio;
  }
  ctx.restore();
}

/** The marks of changes of rules, as the service returns them. */
export function marksOf(changes) {
  return changes.map(change => ({at: Date.parse(change.changed_at) / 1000, label: `r${change.revision}`}));
}

/** What the marks mean. */
export function legendOf(changes) {
  if (changes.length === 0) return null;
  const listed = changes.slice(-LISTED).reverse();
  return h('p', {class: 'hint'}, 'Dashed lines are changes of rules: ',
      listed.map((change, i) => [i > 0 && ', ', `r${change.revision} (${change.rules === 1 ? change.rule : `${format.count(change.rules)} rules`}) at `, format.time(change.changed_at, 'minute')]),
      changes.length > LISTED ? `, and ${format.count(changes.length - LISTED)} before.` : '.');
}
