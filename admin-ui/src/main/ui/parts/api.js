// The one place that talks to the REST interface, by the operations of its description. Every call
// returns parsed JSON or throws a Problem.

import {OPERATIONS} from './operations.js';

const ROOT = '/api';

const SESSION = '/v1/session';

/** Where a browser goes that signs in at a provider of OpenID Connect. */
export const PROVIDER = `${ROOT}${SESSION}/oidc`;

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

/** An answer that takes longer is none: the machine may be gone without a word. */
const PATIENCE = 30_000;

let csrf = null;
let onSignedOut = () => {};

export function whenSignedOut(listener) {
  onSignedOut = listener;
}

async function call(method, path, {body, headers = {}, signal} = {}) {
  const init = {method, headers: {Accept: 'application/json', ...headers}, signal, credentials: 'same-origin'};
  if (method === 'GET') {
    init.signal = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)].filter(Boolean));
  }
  if (csrf && method !== 'GET') {
    init.headers['X-Weir-CSRF'] = csrf;
  }
  if (body !== undefined) {
    init.headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  let response;
  let text;
  try {
    response = await fetch(ROOT + path, init);
    text = await response.text();
  } catch (broken) {
    if (broken.name === 'AbortError') {
      throw broken;
    }
    throw new Problem(0, {detail: 'Weir cannot be reached'});
  }
  const parsed = text && response.headers.get('Content-Type')?.includes('json') ? JSON.parse(text) : text;
  if (!response.ok) {
    if (response.status === 401 && path !== SESSION) {
      onSignedOut();
    }
    throw new Problem(response.status, typeof parsed === 'string' ? {detail: parsed} : parsed);
  }
  return parsed;
}

/** Where an operation is, with what its path and its query name. */
function address(id, parts, query) {
  const [, path, names] = OPERATIONS[id];
  const search = query instanceof URLSearchParams ? query : new URLSearchParams(query);
  for (const name of search.keys()) {
    if (!names.includes(name)) {
      throw new Error(`the operation ${id} has no parameter ${name}`);
    }
  }
  const filled = path.replace(/{(\w+)}/g, (_, name) => encodeURIComponent(parts[name]));
  return search.size ? `${filled}?${search}` : filled;
}

/** Asks for an operation: `parts` are those of its path, `query`, `body`, `headers` and `signal` go with it. */
const run = async (id, parts = {}, {query = {}, ...more} = {}) => call(OPERATIONS[id][0], address(id, parts, query), more);

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
    const session = await call('GET', SESSION);
    csrf = session.csrf ?? null;
    return session;
  },
  /** How one can sign in, before anybody has: `password`, `oidc`. */
  waysIn: () => call('GET', SESSION).then(() => [], (problem) => problem.body['sign-in'] ?? []),
  /** `chosen` is another password from now on, which a one-time secret needs. */
  async signIn(user, password, chosen) {
    const session = await call('POST', SESSION, {body: {user, password, 'new-password': chosen || undefined}});
    csrf = session.csrf ?? null;
    return session;
  },
  async signOut() {
    await call('DELETE', SESSION);
    csrf = null;
  },
  instances: (signal) => run('listInstances', {}, {signal}),
  status: (signal) => run('getStatus', {}, {signal}),
  schema: () => run('getSchema'),
  async config() {
    const {config, ...rest} = await run('getConfig');
    return {...rest, document: config};
  },
  change: (edits, options = {}) => run('change', {}, {body: {edits: edits.map(written), ...changing(options)}}),
  files: () => run('listFiles'),
  file: (path) => run('getFile', {path}, {headers: {Accept: 'text/plain'}}),
  /** A decision about a node: `drain`, `undrain`, `disable`, `enable`, `weight`. */
  node: (node, action, body) => run(`${action}Node`, {node}, {body}),
  safe: (node, signal) => run('getSafety', {node}, {signal}),
  events: (max = 200) => run('listEvents', {}, {query: {max}}),
  /** A page of `events` or `audit`. */
  records: (kind, query, signal) => run(kind === 'audit' ? 'listAudit' : 'listEvents', {}, {query, signal}),
  history: (max = 100) => run('listRevisions', {}, {query: {max}}),
  async diff(revision, other) {
    const found = await run('getDifference', {revision, other});
    const lines = (found.keys ?? []).flatMap(({path, before, after}) => [
      path.join('.'),
      ...(before == null ? [] : [`- ${JSON.stringify(before)}`]),
      ...(after == null ? [] : [`+ ${JSON.stringify(after)}`]),
    ]);
    return {...found, diff: [...lines, found.files].join('\n')};
  },
  revision: (revision) => run('getRevision', {revision}),
  rollback: (revision, {comment = '', dryRun = false, allowShrink = false} = {}) =>
    run('rollback', {revision}, {body: {comment, 'dry-run': dryRun, 'allow-shrink': allowShrink}}),
  cache: (query) => run('listCache', {}, {query}),
  purge: (query) => run('purgeCache', {}, {body: query}),
  users: () => run('listUsers'),
  addUser: (name, body) => run('addUser', {name}, {body}),
  removeUser: (name) => run('removeUser', {name}),
  setPassword: (name, password) => run('setPassword', {name}, {body: password ? {password} : {}}),
  setRoles: (name, roles) => run('changeUser', {name}, {body: {roles}}),
  unlock: (name) => run('unlockUser', {name}),
  tokens: () => run('listTokens'),
  addToken: (body) => run('addToken', {}, {body}),
  removeToken: (id) => run('removeToken', {id}),
  roles: () => run('listRoles'),
  setRole: (name, permissions) => run('setRole', {name}, {body: {permissions}}),
  removeRole: (name) => run('removeRole', {name}),
  certificates: () => run('listCertificates'),
  /** Makes or takes over a certificate, and gives it to a virtual server when one is named. */
  certificate: (name, body, options = {}) => run('putCertificate', {name}, {body: {...body, ...changing(options)}}),
  removeCertificate: (name, {comment = '', dryRun = false} = {}) => run('removeCertificate', {name}, {query: {comment, 'dry-run': dryRun}}),
  eventTypes: () => run('listEventTypes'),
  logs: () => run('listLogs'),
  /** The end of a log file. */
  log: (name, bytes = 65536) => run('getLog', {name}, {query: {bytes}, headers: {Accept: 'text/plain'}}),
  logUrl: (name) => ROOT + address('getLog', {name}, {whole: true}),
  reportUrl: ROOT + address('getSupportReport', {}, {}),
  restart: () => run('restart'),
  stop: () => run('stop'),
  exchanges: (query, signal) => run('listExchanges', {}, {query, signal}),
  exchange: (id) => run('getExchange', {id}),
  connections: (query, signal) => run('listConnections', {}, {query, signal}),
  series: (signal) => run('listSeries', {}, {signal}),
  seriesData: (query, signal) => run('getSeries', {}, {query, signal}),
  seriesNow: (query, signal) => run('getSeriesNow', {}, {query, signal}),
  ruleFunctions: () => run('listRuleFunctions'),
  /** Runs a rule on an exchange that is only described. */
  tryRule: (body) => run('tryRule', {}, {body}),
  testAction: (name) => run('testAction', {name}, {body: {}}),
};
