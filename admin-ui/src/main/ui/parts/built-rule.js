// Rules that are made of conditions and actions: their description, and the program that does it.
// Nothing here is of a browser.

const MARK = '// Made by the rule builder: ';

/** What would end a line of JavaScript, or be lost in one, by its number. */
const numbered = (text) => text.replace(/[\u0000-\u001f\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

const q = (text) => `'${numbered(String(text ?? '').replace(/[\\']/g, '\\$&'))}'`;

/** What conditions look at: words, the call, and whether it needs a name. */
export const SUBJECTS = {
  path: ['the path', () => 'http.getPath()'],
  query: ['the query string', () => 'http.getQueryString()'],
  host: ['the host that is asked for', () => 'http.getHostHeader()'],
  method: ['the method', () => 'http.getMethod()'],
  header: ['the header field', (name) => `http.getHeader(${q(name)})`, true],
  cookie: ['the cookie', (name) => `http.getCookie(${q(name)})`, true],
  client: ['the address of the client', () => 'request.getRemoteIP()'],
  port: ['the port that it came to', () => 'String(request.getLocalPort())'],
};

/** How conditions compare: words, the test of a text, and whether it needs a value. */
export const COMPARISONS = {
  is: ['is', (text, value) => `${text} === ${q(value)}`, true],
  'is-not': ['is not', (text, value) => `${text} !== ${q(value)}`, true],
  starts: ['begins with', (text, value) => `${text}.startsWith(${q(value)})`, true],
  ends: ['ends with', (text, value) => `${text}.endsWith(${q(value)})`, true],
  contains: ['contains', (text, value) => `${text}.includes(${q(value)})`, true],
  'contains-not': ['does not contain', (text, value) => `!${text}.includes(${q(value)})`, true],
  matches: ['matches the regular expression', (text, value) => `string.regexmatch(${text}, ${q(value)})`, true],
  within: ['lies in the block', (text, value) => `string.ipmaskmatch(${text}, ${q(value)})`, true],
  there: ['is there', (text) => `${text} !== ''`],
  missing: ['is missing', (text) => `${text} === ''`],
};

/** What is done on the way: words, the call, and what its fields are called. */
export const ACTIONS = {
  'set-header': ['set a header field', (name, value) => `http.setHeader(${q(name)}, ${q(value)})`, 'Name', 'Value'],
  'remove-header': ['remove a header field', (name) => `http.removeHeader(${q(name)})`, 'Name'],
  'set-path': ['replace the path', (path) => `http.setPath(${q(path)})`, 'Path'],
  'answer-header': ['set a header field of the answer', (name, value) => `http.setResponseHeader(${q(name)}, ${q(value)})`, 'Name', 'Value'],
  log: ['write a line to the log', (text) => `log.info(${q(text)})`, 'Text'],
  level: ['count with a service level class', (name) => `connection.setServiceLevelClass(${q(name)})`, 'Class'],
  persistence: ['use a persistence class', (name) => `connection.setPersistence(${q(name)})`, 'Class'],
  rate: ['wait for the turn in a rate class', (name) => `rate.use(${q(name)})`, 'Class'],
};

/** What is done in the end: words, the call, and what its fields are called. */
export const ENDS = {
  none: ['go on with the other rules', () => null],
  pool: ['send it to a pool', (pool) => `pool.use(${q(pool)})`, 'Pool'],
  redirect: ['redirect it', (url) => `http.redirect(${q(url)})`, 'Address'],
  answer: ['answer it', (status, text) => `http.sendResponse(${q(status)}, 'text/plain', ${q(text)})`, 'Status', 'Text'],
  discard: ['cut the connection', () => 'connection.discard()'],
};

/** A rule that looks at one thing, to begin with. */
export const FRESH = {match: 'all', conditions: [{subject: 'path', compare: 'starts', value: '/shop/'}], actions: [], end: {does: 'none'}};

function condition({subject, name, compare, value}) {
  return COMPARISONS[compare][1](SUBJECTS[subject][1](name), value);
}

/** The program that does what is described. */
export function source(model) {
  const calls = [...model.actions.map((a) => ACTIONS[a.does][1](a.first, a.second)), ENDS[model.end.does][1](model.end.first, model.end.second)];
  const body = calls.filter(Boolean).map((call) => `  ${call};\n`).join('');
  const tests = model.conditions.map(condition);
  const head = tests.length ? `if (${tests.join(model.match === 'any' ? '\n    || ' : '\n    && ')}) ` : '';
  return `${MARK}${numbered(JSON.stringify(model))}\n${head}{\n${body}}\n`;
}

/** What a program was made of; null when it is none of these, or was changed since. */
export function description(text) {
  if (!text?.startsWith(MARK)) {
    return null;
  }
  try {
    const model = JSON.parse(text.slice(MARK.length, text.indexOf('\n')));
    return source(model) === text ? model : null;
  } catch {
    return null;
  }
}

/** The same program as one that is written by hand. */
export const converted = (text) => text.slice(text.indexOf('\n') + 1);
