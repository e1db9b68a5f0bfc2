import {html, nothing} from 'lit';
import {time} from './format.js';

/** A coloured sign with a word, so that colour is never alone. */
export const light = (grade, text) =>
  html`<span class="light ${grade}"><span class="dot" aria-hidden="true"></span>${text}</span>`;

/** How well a node is, and why. */
export function nodeLight(node) {
  if (node.state === 'disabled') {
    return light('off', 'disabled');
  }
  if (node.state === 'draining') {
    return light('warn', node.connections || node['in-flight'] ? 'draining' : 'drained');
  }
  if (node.ejected) {
    return light('bad', 'ejected');
  }
  return node.health === 'alive' || node.health === 'up' || node.health === 'ok'
    ? light('good', 'working')
    : light(node.health === 'unknown' || node.health === 'unchecked' ? 'off' : 'bad', node.health);
}

/** How well a pool is: by its nodes. */
export function poolGrade(pool) {
  const nodes = pool?.nodes ?? [];
  const working = nodes.filter((n) => n.state === 'active' && nodeIsUp(n)).length;
  const wanted = nodes.filter((n) => n.state === 'active').length;
  if (!pool || pool.alive === false || pool.alive === 0) {
    return ['bad', 'no node works'];
  }
  if (pool.breaker && pool.breaker.state !== 'closed') {
    return ['bad', `circuit breaker ${pool.breaker.state}`];
  }
  return working < wanted ? ['warn', `${working} of ${wanted} work`] : ['good', 'working'];
}

export const nodeIsUp = (node) => !['failed', 'down', 'dead'].includes(node.health);

/** How well a Weir is. */
export const healthLight = ({ready, degraded}) =>
  (ready ? (degraded ? light('warn', 'degraded') : light('good', 'well')) : light('bad', 'not ready'));

const SAFE = {yes: ['good', 'yes'], after: ['warn', 'not yet'], no: ['bad', 'no']};

/** Whether a node may be taken away now. */
export const safeLight = ({safe}) => light(...(SAFE[safe] ?? ['off', safe]));

/** The words of a reason for such a verdict. */
export const reasonText = (reason) => reason.text ?? reason;

const PAGES = {'virtual-servers': 'server', pools: 'pool'};

/** What is wrong, each in one line, since when, and with the way to what suffers from it. */
export const causes = (list) => html`<ul class="plain-list causes">${list.map(({text, object, since}) => {
  const [section, ...name] = object?.split('/') ?? [];
  return html`<li>${light(object ? 'bad' : 'warn', '')}<span>${object ? html`<a href=${href('services', PAGES[section], name.join('/'))}>${text}</a>` : text}
    ${since ? html`<span class="time">since ${time(since)}</span>` : nothing}</span></li>`;
})}</ul>`;

/** What to show while nothing is known, when it went wrong, and when there is nothing. */
export const waiting = () => html`<p class="quiet" role="status">Asking Weir …</p>`;

/** What is wrong with a configuration; where it stands in a rule, and not in a file of Weir's own. */
export const defect = ({message, file, line, column}) => (file?.endsWith('.js') && line ? `line ${line}, column ${column}: ${message}` : message);

/** What a refusal is called, where its findings say more; the server's own words are for the command line, too. */
const refusal = ({message, body = {}}) => (body.problems ? 'This would not be a sound configuration:'
  : body.code === 'shrinks' ? 'This takes away more than a change should by mistake:' : message);

export const failed = ({message, findings = [], body = {}}) =>
  html`<div class="notice bad" role="alert"><strong>${refusal({message, body})}</strong>
    ${findings.length ? html`<ul>${findings.map((f) => html`<li>${typeof f === 'string' ? f
      : body.problems ? defect(f) : (f.text ?? f.problem ?? f.message ?? JSON.stringify(f))}</li>`)}</ul>` : nothing}</div>`;

export const nothingThere = (text, action = nothing) => html`<div class="empty"><p>${text}</p>${action}</div>`;

/** A heading with what can be done beside it. */
export const heading = (text, actions = nothing) =>
  html`<header class="heading"><h1 tabindex="-1">${text}</h1><div class="actions">${actions}</div></header>`;

/** A figure with its name, for a row of them. */
export const tile = (name, value) => html`<div class="tile"><span>${name}</span><strong>${value}</strong></div>`;

/** The pages of one kind side by side; `present` is the one that is shown. */
export const tabs = (page, names, present, more = nothing) => html`<div class="tabs" role="navigation" aria-label="Parts of this page">
  ${Object.entries(names).map(
    ([key, name]) => html`<a href=${href(page, key)} aria-current=${key === present ? 'page' : nothing}>${name}</a>`)}${more}</div>`;

export const href = (...parts) => `#/${parts.map(encodeURIComponent).join('/')}`;
