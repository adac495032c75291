// The four algorithms under the same burst: how much each allows in any window.

import {h, fill, failed, field} from './dom.js';
import {open, query} from './api.js';
import {chart} from './chart.js';
import * as format from './format.js';

const DESCRIPTIONS = {
  token_bucket: 'Refills continuously. Allows a full bucket at once, then the rate: over one window up to the burst plus the refill.',
  fixed_window: 'Counts from zero in each window. Around the start of a window twice the limit can pass.',
  sliding_window: 'Stores every check. Never more than the limit in any window, but needs more memory.',
  sliding_window_counter: 'Two counters that estimate the log. Close to the limit in any window, in constant memory.',
};

/** The whole limit just before the start of a window and again just after it. */
function aroundEdge(limit, window) {
  const every = Math.min(20, Math.floor(window * 450 / limit));
  return `${window * 1000 - limit * every - 50}:${limit}:${every},${window * 1000 + 50}:${limit}:${every}`;
}

/** Bursts as the service reads them, for a limit and a window in seconds. */
const SCENES = {
  edge: ['At the window’s edge', aroundEdge],
  flood: ['Steady overload', (limit, window) => `0:${Math.min(1000, limit * 6)}:${Math.max(1, Math.round(window * 1000 / (limit * 2)))}`],
  fair: ['Evenly at the limit', (limit, window) => `0:${Math.min(1000, limit * 3)}:${Math.ceil(window * 1000 / limit)}`],
  bursts: ['Three bursts', (limit, window) => [0, 0.6, 1.2].map(at => `${Math.round(at * window * 1000)}:${limit}:10`).join(',')],
};

export function compare() {
  const limit = field('Limit', h('input', {type: 'number', min: '1', max: '200', value: '10', required: true}));
  const window = field('Window, seconds', h('input', {type: 'number', min: '1', max: '600', value: '10', required: true}));
  const scenes = h('div', {class: 'segmented', role: 'group', 'aria-label': 'Burst'});
  const results = h('div', {class: 'comparison'});
  let scene = 'edge';
  let panels = [];
  let request = 0;

  for (const [key, [title]] of Object.entries(SCENES)) {
    scenes.append(h('button', {type: 'button', 'aria-pressed': String(key === scene), onclick: event => {
      scene = key;
      for (const button of scenes.children) button.setAttribute('aria-pressed', String(button === event.currentTarget));
      run();
    }}, title));
  }
  for (const control of [limit, window]) control.control.addEventListener('change', run);
  run();
  const element = h('section', {class: 'card', 'aria-labelledby': 'compare-title'},
      h('h2', {id: 'compare-title'}, 'The algorithms side by side'),
      h('p', {}, 'The same checks for each algorithm, decided by the reference model of the tests. The line shows the checks that passed within the last window, the dashed line the limit.'),
      h('div', {class: 'fields'}, limit, window), scenes, results);
  element.dispose = () => {
    request = -1;
    clear();
  };
  return element;

  function clear() {
    panels.forEach(one => one.dispose());
    panels = [];
  }

  async function run() {
    const l = Number(limit.control.value);
    const w = Number(window.control.value);
    if (!limit.control.checkValidity() || !window.control.checkValidity()) return;
    const mine = ++request;
    let answer;
    try {
      answer = await open(`/page/comparison?${query({limit: l, window: w, bursts: SCENES[scene][1](l, w)})}`);
    } catch (e) {
      if (mine !== request) return;
      clear();
      fill(results, failed(e, run));
      return;
    }
    if (mine !== request) return;
    if (panels.length === 0) fill(results, panels = answer.runs.map(panel));
    const max = Math.max(...answer.runs.map(r => r.max_in_window), l);
    answer.runs.forEach((one, i) => panels[i].show(one, answer, max));
  }
}

function panel(run) {
  let scale = 1;
  const plot = chart({
    title: format.algorithm(run.algorithm),
    height: 150,
    legend: false,
    series: [
      {label: 'Passed within a window', colour: run.algorithm === 'fixed_window' ? 'blocked' : 'accent', steps: true, fill: true},
      {label: 'Limit', colour: 'muted', dash: [5, 4], width: 1},
    ],
    x: {time: false, values: v => `${Number(v.toFixed(3))} s`, label: 'Seconds', value: (u, v) => v === null ? '–' : `${v.toFixed(2)} s`},
    y: {get least() { return scale; }},
    describe: ([, passed, limit]) => `Max ${Math.max(...passed)}, limit ${limit[0]}`,
  });
  const figure = h('strong', {class: 'figure'});
  const verdict = h('p', {});
  const element = h('div', {class: 'panel'}, plot, h('p', {class: 'figures'}, figure), verdict, h('p', {class: 'hint'}, DESCRIPTIONS[run.algorithm]));
  element.show = (one, answer, highest) => {
    // One scale for all four, so that they can be compared.
    scale = highest * 1.1;
    const {limit} = answer;
    figure.textContent = `max ${one.max_in_window} in a window`;
    plot.update([answer.at_millis.map(at => at / 1000), one.in_window, one.in_window.map(() => limit)]);
    figure.className = one.max_in_window > limit ? 'figure over' : 'figure';
    verdict.textContent = `${one.allowed_count} of ${one.allowed.length} passed; the limit is ${limit} per ${format.seconds(answer.window_seconds)}`
        + (one.max_in_window > limit ? `, ${(one.max_in_window / limit).toFixed(1)} times that passed within one.` : '.');
  };
  element.dispose = () => plot.dispose();
  return element;
}
