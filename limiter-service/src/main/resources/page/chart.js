// Charts over time, in the page's colours.

import uPlot from './uPlot.esm.js';
import {h} from './dom.js';
import {axisTime, time} from './format.js';
import {markPlugin} from './marks.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Points without neighbours, which no line connects. */
function alone(plot, series) {
  const values = plot.data[series];
  const there = i => values[i] !== null && values[i] !== undefined;
  return values.map((_, i) => i).filter(i => there(i) && !there(i - 1) && !there(i + 1));
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * A line chart. series: [{label, colour, fill, value(v)}]; x is in seconds. describe(data) returns a
 * text for screen readers. Returns an element with update(data, marks) and dispose(); marks: [{at, label}].
 */
export function chart({title, series, height = 180, y, x, legend = true, describe}) {
  const place = h('div', {class: 'plot'});
  const words = h('figcaption', {class: 'visually-hidden'});
  const element = h('figure', {class: 'chart'}, h('h3', {}, title), place, words);
  let plot = null;
  let data = [[], ...series.map(() => [])];
  let marks = [];

  function options() {
    const axis = {
      stroke: colour('muted'),
      grid: {stroke: colour('line'), width: 1},
      ticks: {stroke: colour('line'), width: 1},
      font: '12px system-ui, sans-serif',
    };
    return {
      width: Math.max(200, place.clientWidth),
      height,
      padding: [8, 24, 0, 0],
      legend: {show: legend},
      plugins: [markPlugin(() => marks, colour('accent'), colour('text'))],
      cursor: {drag: {x: false, y: false}},
      scales: {x: {time: x?.time ?? true, range: x?.range}, y: {range: (u, min, max) => [0, Math.max(y?.least ?? 1, (max ?? 0) * 1.1)]}},
      axes: [{...axis, values: x?.values ? (u, ticks) => ticks.map(x.values) : axisTime, space: 80, size: 34}, {...axis, size: 62, values: y?.values && ((u, ticks) => ticks.map(y.values))}],
      series: [
        {label: x?.label ?? 'Time', value: x?.value ?? ((u, v) => v === null ? '–' : time(v * 1000).textContent)},
        ...series.map(one => ({
          label: one.label,
          stroke: colour(one.colour),
          fill: one.fill ? `${colour(one.colour)}22` : undefined,
          width: one.width ?? 2,
          dash: one.dash,
          paths: one.steps ? uPlot.paths.stepped({align: 1}) : undefined,
          points: {show: false, size: 5, width: 0, fill: colour(one.colour), filter: one.steps ? null : alone},
          value: (u, v) => v === null || v === undefined ? '–' : one.value ? one.value(v) : v,
        })),
      ],
    };
  }

  function build() {
    plot?.destroy();
    plot = new uPlot(options(), data, place);
  }

  const sized = new ResizeObserver(() => {
    if (!plot) build();
    else if (Math.abs(plot.width - place.clientWidth) > 2) plot.setSize({width: Math.max(200, place.clientWidth), height});
  });
  sized.observe(place);
  dark.addEventListener('change', build);

  element.update = (next, nextMarks = []) => {
    data = next;
    marks = nextMarks;
    plot?.setData(data);
    if (describe) words.textContent = describe(next);
  };
  element.dispose = () => {
    sized.disconnect();
    dark.removeEventListener('change', build);
    plot?.destroy();
  };
  return element;
}
