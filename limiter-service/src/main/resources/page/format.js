// Formats numbers, durations and times. Times are in the viewer's zone, UTC on hover.

const whole = new Intl.NumberFormat('en-US');
const short = new Intl.NumberFormat('en-US', {notation: 'compact', maximumFractionDigits: 1});
const clock = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false});
const minute = new Intl.DateTimeFormat(undefined, {month: 'short', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false});
const full = new Intl.DateTimeFormat(undefined, {year: 'numeric', month: 'short', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false});

const short24 = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', hour12: false});
const day = new Intl.DateTimeFormat(undefined, {month: 'short', day: '2-digit'});

export const NONE = '–';

export function count(n) {
  return n === null || n === undefined ? NONE : whole.format(n);
}

export function brief(n) {
  return n === null || n === undefined ? NONE : n < 10000 ? whole.format(n) : short.format(n);
}

export function percent(part, all) {
  if (!all) return NONE;
  const share = 100 * part / all;
  return `${share > 0 && share < 0.1 ? '<0.1' : share.toFixed(1)} %`;
}

/** Microseconds. */
export function micros(us) {
  if (us === null || us === undefined) return NONE;
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 1e6) return `${(us / 1000).toFixed(us < 10000 ? 2 : 1)} ms`;
  return `${(us / 1e6).toFixed(1)} s`;
}

/** Seconds, as a length of time. */
export function seconds(s) {
  if (s === null || s === undefined) return NONE;
  if (s < 1) return `${Math.round(s * 1000)} ms`;
  if (s < 120) return `${Number.isInteger(s) ? s : s.toFixed(1)} s`;
  if (s % 86400 === 0) return `${s / 86400} d`;
  if (s % 3600 === 0) return `${s / 3600} h`;
  if (s < 7200) return `${Math.round(s / 60)} min`;
  return s < 172800 ? `${(s / 3600).toFixed(1)} h` : `${(s / 86400).toFixed(1)} d`;
}

export function bytes(n) {
  if (n < 1024) return `${n} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let i = -1;
  do { n /= 1024; i++; } while (n >= 1024 && i < units.length - 1);
  return `${n.toFixed(1)} ${units[i]}`;
}

/** A time element. style: clock, minute or full. */
export function time(at, style = 'full') {
  const date = new Date(at);
  const element = document.createElement('time');
  element.dateTime = date.toISOString();
  element.title = `${date.toISOString().replace('T', ' ').replace('Z', '')} UTC`;
  element.textContent = ({clock, minute, full})[style].format(date);
  return element;
}

export function algorithm(name) {
  return name === null ? NONE : name.replaceAll('_', ' ');
}

/** 20 per 60 s. */
export function rate(limit, window) {
  return limit === 0 ? 'blocks always' : `${count(limit)} per ${seconds(window)}`;
}

/** Labels of a time axis, in the viewer's zone; ticks are in seconds. */
export function axisTime(plot, ticks) {
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : 60;
  const style = step >= 86400 ? day : step >= 60 ? short24 : clock;
  return ticks.map((tick, i) => {
    const date = new Date(tick * 1000);
    const newDay = style === short24 && i > 0 && new Date(ticks[i - 1] * 1000).getDate() !== date.getDate();
    return (newDay ? day : style).format(date);
  });
}

/** Microseconds on an axis, without insignificant digits. */
export function axisMicros(us) {
  return us < 1000 ? `${us} µs` : us < 1e6 ? `${us / 1000} ms` : `${us / 1e6} s`;
}
