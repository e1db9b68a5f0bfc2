// The one place that knows the REST interface. Every call returns parsed JSON or throws a Problem.

const ROOT = '/api/v1';

/** What the server has against a call; `detail` is meant for people. */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? body?.message ?? `the server answered ${status}`);
    this.status = status;
    this.body = body ?? {};
  }

  /** Each single finding, as far as the server names them. */
  get findings() {
    return this.body.problems ?? this.body.objects ?? [];
  }
}

let csrf = null;
let onSignedOut = () => {};

export function whenSignedOut(listener) {
  onSignedOut = listener;
}

async function call(method, path, {body, headers = {}, signal} = {}) {
  const init = {method, headers: {Accept: 'application/json', ...headers}, signal, credentials: 'same-origin'};
  if (csrf && method !== 'GET') {
    init.headers['X-Weir-CSRF'] = csrf;
  }
  if (body !== undefined) {
    init.headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(ROOT + path, init);
  } catch (broken) {
    if (broken.name === 'AbortError') {
      throw broken;
    }
    throw new Problem(0, {detail: 'Weir cannot be reached'});
  }
  const text = await response.text();
  const parsed = text && response.headers.get('Content-Type')?.includes('json') ? JSON.parse(text) : text;
  if (!response.ok) {
    if (response.status === 401 && path !== '/session') {
      onSignedOut();
    }
    throw new Problem(response.status, typeof parsed === 'string' ? {detail: parsed} : parsed);
  }
  return parsed;
}

const enc = encodeURIComponent;

export const api = {
  async session() {
    const session = await call('GET', '/session');
    csrf = session.csrf ?? null;
    return session;
  },
  async signIn(user, password) {
    const session = await call('POST', '/session', {body: {user, password}});
    csrf = session.csrf ?? null;
    return session;
  },
  async signOut() {
    await call('DELETE', '/session');
    csrf = null;
  },
  status: (signal) => call('GET', '/status', {signal}),
  schema: () => call('GET', '/schema'),
  config: () => call('GET', '/configuration'),
  change: (edits, {base, comment = '', dryRun = false, confirmSeconds} = {}) =>
    call('POST', '/changes', {body: {edits, base, comment, dryRun, confirmSeconds}}),
  file: (path) => call('GET', `/files/${path.split('/').map(enc).join('/')}`, {headers: {Accept: 'text/plain'}}),
  ruleFunctions: () => call('GET', '/rule-functions'),
  node: (node, action, body) => call('POST', `/nodes/${enc(node)}/${action}`, {body}),
  safe: (node) => call('GET', `/nodes/${enc(node)}/safe`),
  events: (max = 200) => call('GET', `/events?max=${max}`),
  audit: (max = 200) => call('GET', `/audit?max=${max}`),
  history: (max = 100) => call('GET', `/history?max=${max}`),
  diff: (from, to) => call('GET', `/history/diff?from=${enc(from)}&to=${enc(to)}`),
  rollback: (revision) => call('POST', `/history/${enc(revision)}/rollback`, {body: {}}),
  cache: (query) => call('GET', `/cache?${new URLSearchParams(query)}`),
  purge: (query) => call('POST', '/cache/purge', {body: query}),
  users: () => call('GET', '/users'),
  actions: () => call('GET', '/actions'),
  testAction: (name) => call('POST', `/actions/${enc(name)}/test`, {body: {}}),
};

/** Listens to a stream of the server until the returned function is called. */
export function listen(path, handler) {
  const source = new EventSource(ROOT + path);
  source.onmessage = (message) => handler(JSON.parse(message.data));
  return () => source.close();
}
