// Rules that are made of conditions and actions: their description, and the program that does it.
// Nothing here is of a browser.

import {escaped, isAscii} from './utf8.js';

const MARK = '// Made by the rule builder: ';

/** What would end a line of JavaScript, or be lost in one, by its number. */
const numbered = (text) => text.replace(/[\u0000-\u001f\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A text as the program writes it. */
const q = (text) => `'${numbered(String(text ?? '').replace(/[\\']/g, '\\$&'))}'`;

/** A text that goes into a message. */
const sent = (text) => (isAscii(text) ? q(text) : `string.utf8encode(${q(text)})`);

/** What conditions look at: the call, and whether it needs a `name`, and may give letters beyond ASCII. */
export const SUBJECTS = {
  path: {words: 'the path', call: () => 'http.getPath()', letters: true},
  query: {words: 'the query string', call: () => 'http.getQueryString()', letters: true},
  host: {words: 'the host that is asked for', call: () => 'http.getHostHeader()'},
  method: {words: 'the method', call: () => 'http.getMethod()'},
  header: {words: 'the header field', call: (name) => `http.getHeader(${q(name)})`, name: true, letters: true},
  cookie: {words: 'the cookie', call: (name) => `http.getCookie(${sent(name)})`, name: true, letters: true},
  client: {words: 'the address of the client', call: () => 'request.getRemoteIP()'},
  port: {words: 'the port that it came to', call: () => 'String(request.getLocalPort())'},
};

/** How conditions compare: the test of a text, and whether it needs a `value`. */
export const COMPARISONS = {
  is: {words: 'is', test: (text, value) => `${text} === ${q(value)}`, value: true},
  'is-not': {words: 'is not', test: (text, value) => `${text} !== ${q(value)}`, value: true},
  starts: {words: 'begins with', test: (text, value) => `${text}.startsWith(${q(value)})`, value: true},
  ends: {words: 'ends with', test: (text, value) => `${text}.endsWith(${q(value)})`, value: true},
  contains: {words: 'contains', test: (text, value) => `${text}.includes(${q(value)})`, value: true},
  'contains-not': {words: 'does not contain', test: (text, value) => `!${text}.includes(${q(value)})`, value: true},
  matches: {words: 'matches the regular expression', test: (text, value) => `string.regexmatch(${text}, ${q(value)})`, value: true},
  within: {words: 'lies in the block', test: (text, value) => `string.ipmaskmatch(${text}, ${q(value)})`, value: true},
  there: {words: 'is there', test: (text) => `${text} !== ''`},
  missing: {words: 'is missing', test: (text) => `${text} === ''`},
};

/** What is done on the way: the call, and what its fields are called. */
export const ACTIONS = {
  'set-header': {words: 'set a header field', call: (name, value) => `http.setHeader(${q(name)}, ${sent(value)})`, fields: ['Name', 'Value']},
  'remove-header': {words: 'remove a header field', call: (name) => `http.removeHeader(${q(name)})`, fields: ['Name']},
  'set-path': {words: 'replace the path', call: (path) => `http.setPath(${sent(path)})`, fields: ['Path']},
  'answer-header': {words: 'set a header field of the answer, in a rule for responses', call: (name, value) => `http.setResponseHeader(${q(name)}, ${sent(value)})`, fields: ['Name', 'Value']},
  log: {words: 'write a line to the log', call: (text) => `log.info(${q(text)})`, fields: ['Text']},
  level: {words: 'count with a service level class', call: (name) => `connection.setServiceLevelClass(${q(name)})`, fields: ['Class']},
  persistence: {words: 'use a persistence class', call: (name) => `connection.setPersistence(${q(name)})`, fields: ['Class']},
  rate: {words: 'wait for the turn in a rate class', call: (name) => `rate.use(${q(name)})`, fields: ['Class']},
};

const answer = (status, text) =>
  `http.sendResponse(${q(status)}, ${q(isAscii(text) ? 'text/plain' : 'text/plain; charset=utf-8')}, ${sent(text)})`;

/** What is done in the end: the call, and what its fields are called. */
export const ENDS = {
  none: {words: 'go on with the other rules', call: () => null, fields: []},
  pool: {words: 'send it to a pool', call: (pool) => `pool.use(${q(pool)})`, fields: ['Pool']},
  redirect: {words: 'redirect it', call: (url) => `http.redirect(${q(escaped(String(url ?? '')))})`, fields: ['Address']},
  answer: {words: 'answer it', call: answer, fields: ['Status', 'Text']},
  discard: {words: 'cut the connection', call: () => 'connection.discard()', fields: []},
};

/** A rule that looks at one thing, to begin with. */
export const FRESH = {match: 'all', conditions: [{subject: 'path', compare: 'starts', value: '/shop/'}], actions: [], end: {does: 'none'}};

/** What a condition looks at is bytes; a text is made of them where the two are not compared alike. */
function condition({subject, name, compare, value}) {
  const {call, letters} = SUBJECTS[subject];
  const asText = letters && (compare === 'matches' || !isAscii(value));
  return COMPARISONS[compare].test(asText ? `string.utf8decode(${call(name)})` : call(name), value);
}

/** The program that does what is described. */
export function source(model) {
  const calls = [...model.actions.map((a) => ACTIONS[a.does].call(a.first, a.second)), ENDS[model.end.does].call(model.end.first, model.end.second)];
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
