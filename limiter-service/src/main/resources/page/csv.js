// Saves the rows of a table as CSV (RFC 4180, UTF-8).

import {h} from './dom.js';

/**
 * Spreadsheets treat cells that start with these characters as formulas, and clients choose their ids. If a
 * semicolon or a tab separates cells, as in some locales, quotes do not prevent it.
 */
const FORMULA = /(^|[;,\t\r\n])(?=[=+\-@\t\r＝＋－＠])/g;

export function cell(value) {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const text = value.replace(FORMULA, "$1'");
  return /[";,\t\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A button that saves rows() under these headings. */
export function csvButton(name, headings, rows) {
  return h('button', {type: 'button', class: 'small', onclick: () => {
    const text = [headings, ...rows()].map(row => row.map(cell).join(',')).join('\r\n');
    const url = URL.createObjectURL(new Blob(['\ufeff', text, '\r\n'], {type: 'text/csv;charset=utf-8'}));
    h('a', {href: url, download: `${name}-${new Date().toISOString().slice(0, 16).replace(':', '')}.csv`}).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }}, 'Save as CSV');
}
