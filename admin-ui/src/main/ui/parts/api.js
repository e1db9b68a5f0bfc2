// The one place that knows the REST interface. Every call returns parsed JSON or throws a Problem.

const ROOT = '/api/v1';

/** Where a browser goes that signs in at a provider of OpenID Connect. */
export const PROVIDER = `${ROOT}/session/oidc`;

/** What the server has against a call; `detail` is meant for people. */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? body?.message ?? `the server answered ${status}`);
    this.status = status;
    this.body = body ?? {};
  }

  /** Each single finding, as far as the server names them. */
  get findings() {
    return this.body.problems ?? this.body.objects ?? this.body.losses ?? [];
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
const written = ({put, value, remove, rename, to, putFile, removeFile, text, base64}) =>
  put ? {put, value}
    : removeFile ? {'remove-file': removeFile}
    : remove ? {remove}
      : rename ? {rename: {section: rename[0], from: rename[1], to}}
        : base64 === undefined ? {'put-file': putFile, content: text} : {'put-file': putFile, base64};

/** How a change is made, as the server reads it. */
const changing = ({base, comment = '', dryRun = false, allowShrink = false, confirmSeconds}) =>
  ({base, comment, 'dry-run': dryRun, 'allow-shrink': allowShrink, 'confirm-seconds': confirmSeconds});

export const api = {
  async session() {
    const session = await call('GET', '/session');
    csrf = session.csrf ?? null;
    return session;
  },
  /** How one can sign in, before anybody has: `password`, `oidc`. */
  waysIn: () => call('GET', '/session').then(() => [], (problem) => problem.body['sign-in'] ?? []),
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
  change: (edits, options = {}) => call('POST', '/changes', {body: {edits: edits.map(written), ...changing(options)}}),
  files: () => call('GET', '/files'),
  file: (path) => call('GET', `/files/${enc(path)}`, {headers: {Accept: 'text/plain'}}),
  node: (node, action, body) => call('POST', `/nodes/${enc(node)}/${action}`, {body}),
  safe: (node, signal) => call('GET', `/nodes/${enc(node)}/safety`, {signal}),
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
  revision: (revision) => call('GET', `/revisions/${enc(revision)}`),
  rollback: (revision, {comment = '', dryRun = false, allowShrink = false} = {}) =>
    call('POST', `/revisions/${enc(revision)}/rollback`, {body: {comment, 'dry-run': dryRun, 'allow-shrink': allowShrink}}),
  cache: (query) => call('GET', `/cache?${new URLSearchParams(query)}`),
  purge: (query) => call('POST', '/cache/purge', {body: query}),
  users: () => call('GET', '/users'),
  addUser: (name, body) => call('PUT', `/users/${enc(name)}`, {body}),
  removeUser: (name) => call('DELETE', `/users/${enc(name)}`),
  setPassword: (name, password) => call('POST', `/users/${enc(name)}/password`, {body: password ? {password} : {}}),
  setRoles: (name, roles) => call('PATCH', `/users/${enc(name)}`, {body: {roles}}),
  unlock: (name) => call('POST', `/users/${enc(name)}/unlock`),
  tokens: () => call('GET', '/tokens'),
  addToken: (body) => call('POST', '/tokens', {body}),
  removeToken: (id) => call('DELETE', `/tokens/${enc(id)}`),
  roles: () => call('GET', '/roles'),
  setRole: (name, permissions) => call('PUT', `/roles/${enc(name)}`, {body: {permissions}}),
  removeRole: (name) => call('DELETE', `/roles/${enc(name)}`),
  certificates: () => call('GET', '/certificates'),
  /** Makes or takes over a certificate, and gives it to a virtual server when one is named. */
  certificate: (name, body, options = {}) => call('POST', `/certificates/${enc(name)}`, {body: {...body, ...changing(options)}}),
  removeCertificate: (name, {comment = '', dryRun = false} = {}) =>
    call('DELETE', `/certificates/${enc(name)}?${new URLSearchParams({comment, 'dry-run': dryRun})}`),
  eventTypes: () => call('GET', '/event-types'),
  logs: () => call('GET', '/logs'),
  /** The end of a log file. */
  log: (name, bytes = 65536) => call('GET', `/logs/${enc(name)}?bytes=${bytes}`, {headers: {Accept: 'text/plain'}}),
  logUrl: (name) => `${ROOT}/logs/${enc(name)}?whole=true`,
  reportUrl: `${ROOT}/process/report`,
  restart: () => call('POST', '/process/restart'),
  stop: () => call('POST', '/process/stop'),
  exchanges: (query, signal) => call('GET', `/exchanges?${new URLSearchParams(query)}`, {signal}),
  exchange: (id) => call('GET', `/exchanges/${enc(id)}`),
  connections: (query, signal) => call('GET', `/connections?${new URLSearchParams(query)}`, {signal}),
  series: (signal) => call('GET', '/series', {signal}),
  seriesData: (query, signal) => call('GET', `/series/data?${new URLSearchParams(query)}`, {signal}),
  ruleFunctions: () => call('GET', '/rule-functions'),
  /** Runs a rule on an exchange that is only described. */
  tryRule: (body) => call('POST', '/rule-trials', {body}),
  testAction: (name) => call('POST', `/actions/${enc(name)}/test`, {body: {}}),
};
