// Builds elements. Strings become text nodes, so data of callers is never parsed as markup.

/** h('td', {class: 'number', onclick: f}, 'text', child): an element. Null children are skipped. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  append(element, children);
  return element;
}

/** Replaces the children of an element. */
export function fill(element, ...children) {
  delete element.dataset.contentKey;
  element.replaceChildren();
  append(element, children);
  return element;
}

/**
 * As fill, unless the content has this key already. For content that is refreshed often: a replaced
 * alert is read out again, and a selection in it is lost.
 */
export function refill(element, contentKey, ...children) {
  if (element.dataset.contentKey === contentKey) return element;
  fill(element, children);
  element.dataset.contentKey = contentKey;
  return element;
}

/** Shows a fault of a repeated request once. */
export function refail(element, error, retry) {
  return refill(element, `fault: ${error.message}`, failed(error, retry));
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

/** Announces a text to screen readers. */
export function announce(text) {
  document.getElementById('announce').textContent = text;
}

/** A placeholder that keeps the space of the awaited content. */
export function loading(what) {
  return h('div', {class: 'state', role: 'status'}, h('span', {class: 'spinner', 'aria-hidden': 'true'}), `Loading ${what} …`);
}

export function empty(title, ...more) {
  return h('div', {class: 'state'}, h('strong', {}, title), h('p', {}, ...more));
}

export function failed(error, retry) {
  return h('div', {class: 'state error', role: 'alert'},
      h('strong', {}, error.title ?? 'Request failed'),
      h('p', {}, error.message),
      error.correlationId && h('p', {class: 'hint'}, 'Correlation id ', h('code', {}, error.correlationId)),
      retry && h('button', {type: 'button', onclick: retry}, 'Try again'));
}

/**
 * A table. columns: {title, cell(row) → text or element, number, sort(row)}; a column with sort can
 * be sorted by. Of more than max rows only the first are shown, with a note. Returns an element with
 * update(rows).
 */
export function table(caption, columns, {rows = [], whenEmpty = 'No rows.', rowClass, max = Infinity} = {}) {
  let sorted = null;
  let current = rows;
  const body = h('tbody');
  const heads = columns.map(column => h('th', {scope: 'col', class: column.number && 'number'},
      column.sort
        ? h('button', {type: 'button', class: 'sort', onclick: () => sortBy(column)}, column.title)
        : column.title));
  const element = h('div', {class: 'table', tabindex: '0', role: 'region', 'aria-label': caption},
      h('table', {}, h('caption', {class: 'visually-hidden'}, caption), h('thead', {}, h('tr', {}, heads)), body));

  function sortBy(column) {
    const descending = sorted?.column === column ? !sorted.descending : true;
    sorted = {column, descending};
    heads.forEach((head, i) => {
      if (columns[i] === column) head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    render();
  }

  function render() {
    const order = sorted ? [...current].sort((a, b) => compare(sorted.column.sort(a), sorted.column.sort(b)) * (sorted.descending ? -1 : 1)) : current;
    if (order.length === 0) {
      fill(body, h('tr', {}, h('td', {colspan: columns.length, class: 'nothing'}, whenEmpty)));
    } else {
      fill(body, order.slice(0, max).map(row => h('tr', {class: rowClass?.(row)}, columns.map(column =>
          h('td', {class: [column.number && 'number', column.class].filter(Boolean).join(' ') || null}, column.cell(row))))),
          order.length > max && h('tr', {}, h('td', {colspan: columns.length, class: 'nothing'}, `The first ${max} of ${order.length}.`)));
    }
  }

  element.update = next => {
    current = next;
    render();
  };
  render();
  return element;
}

function compare(a, b) {
  if (a === null || a === undefined) return -1;
  if (b === null || b === undefined) return 1;
  return typeof a === 'string' ? a.localeCompare(b) : a - b;
}

/** A labelled control with hint and error, which screen readers read with it. */
export function field(label, control, hint) {
  const id = control.id || `f${Math.random().toString(36).slice(2, 9)}`;
  control.id = id;
  const error = h('span', {class: 'field-error', id: `${id}-error`});
  const described = hint ? `${id}-hint ${id}-error` : `${id}-error`;
  control.setAttribute('aria-describedby', described);
  const element = h('div', {class: 'field'}, h('label', {for: id}, label), control,
      hint && h('span', {class: 'hint', id: `${id}-hint`}, hint), error);
  element.control = control;
  element.fault = text => {
    error.textContent = text ?? '';
    if (text) control.setAttribute('aria-invalid', 'true');
    else control.removeAttribute('aria-invalid');
  };
  return element;
}

export function select(options, value, attributes = {}) {
  const element = h('select', attributes, options.map(([key, text]) => h('option', {value: key}, text)));
  element.value = value;
  return element;
}

/** A short coloured label; the colour only repeats the text. */
export function badge(kind, text) {
  return h('span', {class: `badge ${kind}`}, text);
}
