// Calls the service. The admin token is in the memory of this module only.

/** Valid values of ADMIN_TOKEN; others are not valid in a header. */
const TOKEN = /^[!-~]+$/;

let token = null;
const listeners = new Set();

export class Problem extends Error {
  constructor(status, title, detail, correlationId, response) {
    super(detail);
    this.status = status;
    this.title = title;
    this.correlationId = correlationId;
    this.etag = response?.headers.get('ETag');
  }
}

export function hasToken() {
  return token !== null;
}

export function setToken(value) {
  token = value;
  listeners.forEach(listener => listener());
}

/** Sets a token without notifying listeners. */
export function keepToken(value) {
  token = TOKEN.test(value) ? value : null;
}

/** Sets this token if the service accepts it; otherwise throws and changes nothing. */
export async function enter(given) {
  if (!TOKEN.test(given)) throw new Problem(401, 'Unauthorized', 'A token must be printable ASCII.', null);
  const response = await send('/v1/console/status', {bearer: given});
  if (!response.ok) throw await problem(response);
  setToken(given);
}

export function onToken(listener) {
  listeners.add(listener);
}

async function send(path, options = {}) {
  const headers = new Headers(options.headers);
  if (options.bearer) headers.set('Authorization', `Bearer ${options.bearer}`);
  if (options.json !== undefined) headers.set('Content-Type', 'application/json');
  let response;
  try {
    response = await fetch(path, {
      method: options.method ?? 'GET',
      headers,
      body: options.json === undefined ? undefined : JSON.stringify(options.json),
      signal: options.signal,
      cache: 'no-store',
      credentials: 'omit',
    });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new Problem(0, 'The service does not answer', 'It may be starting or stopping, or the network is down.', null);
  }
  return response;
}

/** bearer: the token that was sent; if refused, it is removed, unless it was replaced meanwhile. */
async function problem(response, bearer = null) {
  let body = {};
  try {
    body = await response.json();
  } catch {
    body = {};
  }
  const error = new Problem(response.status, body.title ?? response.statusText,
      body.detail ?? `The service answered ${response.status}.`,
      body.correlation_id ?? response.headers.get('X-Correlation-ID'), response);
  if (response.status === 401 && bearer !== null && bearer === token) setToken(null);
  return error;
}

/** Calls an endpoint without token. */
export async function open(path, options = {}) {
  const response = await send(path, options);
  if (!response.ok) throw await problem(response);
  return response.json();
}

/** Calls an endpoint with the admin token. Returns null if there is no body. */
export async function admin(path, options = {}) {
  const bearer = token;
  const response = await send(path, {...options, bearer});
  if (!response.ok) throw await problem(response, bearer);
  return response.status === 204 ? null : response.json();
}

/** Sends a check; returns the answer with status, headers and time. */
export async function check(body) {
  const began = performance.now();
  const response = await send('/v1/check', {method: 'POST', json: body});
  const answer = await response.json();
  return {at: Date.now(), body, status: response.status, headers: [...response.headers], answer, tookMs: performance.now() - began};
}

/** Server-sent events with the token header, which EventSource cannot send. Ends with the stream. */
export async function events(path, onEvent, signal) {
  const bearer = token;
  const response = await send(path, {bearer, signal});
  if (!response.ok) throw await problem(response, bearer);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const {value, done} = await reader.read();
    if (done) return;
    rest += value;
    let end;
    while ((end = rest.indexOf('\n\n')) >= 0) {
      const data = rest.slice(0, end).replace(/^data: /, '');
      rest = rest.slice(end + 2);
      onEvent(JSON.parse(data));
    }
  }
}

export function query(parameters) {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== '' && value !== false) text.set(name, value);
  }
  return text.toString();
}
