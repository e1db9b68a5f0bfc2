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

/** An edit as the server reads it. */
const written = ({put, value, remove, rename, to, putFile, text}) =>
  put ? {put, value}
    : remove ? {remove}
      : rename ? {rename: {section: rename[0], from: rename[1], to}}
        : {'put-file': putFile, content: text};

export const api = {
  async session() {
    const session = await call('GET', '/session');
    csrf = session.csrf ?? null;
    return session;
  },
  /** `chosen` is another password from now on, which a one-time secret needs. */
  async signIn(user, password, chosen) {
    const session = await call('POST', '/session', {body: {user, password, 'new-password': chosen || undefined}});
    csrf = session.csrf ?? null;
    return session;
  },
  async signOut() {
    await call('DELETE', '/session');
    csrf = null;
  },
  status: (signal) => call('GET', '/status', {signal}),
  schema: () => call('GET', '/schema'),
  async config() {
    const {config, ...rest} = await call('GET', '/config');
    return {...rest, document: config};
  },
  change: (edits, {base, comment = '', dryRun = false, confirmSeconds} = {}) =>
    call('POST', '/changes', {body: {edits: edits.map(written), base, comment, 'dry-run': dryRun, 'confirm-seconds': confirmSeconds}}),
  file: (path) => call('GET', `/files/${enc(path)}`, {headers: {Accept: 'text/plain'}}),
  ruleFunctions: () => call('GET', '/rule-functions'),
  node: (node, action, body) => call('POST', `/nodes/${enc(node)}/${action}`, {body}),
  safe: (node) => call('GET', `/nodes/${enc(node)}/safety`),
  events: (max = 200) => call('GET', `/events?max=${max}`),
  audit: (max = 200) => call('GET', `/audit?max=${max}`),
  history: (max = 100) => call('GET', `/revisions?max=${max}`),
  async diff(from, to) {
    const found = await call('GET', `/revisions/${enc(from)}/difference/${enc(to)}`);
    const lines = (found.keys ?? []).flatMap(({path, before, after}) => [
      path.join('.'),
      ...(before == null ? [] : [`- ${JSON.stringify(before)}`]),
      ...(after == null ? [] : [`+ ${JSON.stringify(after)}`]),
    ]);
    return {...found, diff: [...lines, found.files].join('\n')};
  },
  rollback: (revision) => call('POST', `/revisions/${enc(revision)}/rollback`, {body: {}}),
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
