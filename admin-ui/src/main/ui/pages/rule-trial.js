import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {Plain} from '../parts/element.js';
import {failed, light} from '../parts/pieces.js';
import {asBytes, asText, escaped} from '../parts/utf8.js';

const GRADES = {continue: 'good', stop: 'good', answer: 'good', failed: 'bad', close: 'warn', discard: 'warn', refused: 'warn', retry: 'warn'};

/** `Name: value` lines as the server takes them: a list where a name has several values. */
function fields(text) {
  const all = {};
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) {
      const name = line.slice(0, colon).trim();
      const value = asBytes(line.slice(colon + 1).trim());
      all[name] = name in all ? [all[name], value].flat() : value;
    }
  }
  return all;
}

/** Something that was found, as people read it. */
const shown = (value) => asText(typeof value === 'string' ? value : JSON.stringify(value));

/** Runs `source` on an exchange that is described here, and shows what came of it. No traffic is touched. */
class RuleTrial extends Plain {
  static properties = {name: {}, source: {}, result: {state: true}, problem: {state: true}, busy: {state: true}, response: {state: true}};

  constructor() {
    super();
    this.exchange = {method: 'GET', url: '/', headers: 'Host: www.example.com', body: '', status: '200', responseHeaders: 'Content-Type: text/html', responseBody: ''};
  }

  async run(event) {
    event.preventDefault();
    const {method, url, headers, body, status, responseHeaders, responseBody} = this.exchange;
    const exchange = {method, url: escaped(url), headers: fields(headers), ...(body ? {body: asBytes(body)} : {})};
    if (this.response) {
      exchange.response = {status: Number(status), headers: fields(responseHeaders), body: asBytes(responseBody)};
    }
    this.busy = true;
    try {
      this.result = await api.tryRule({name: this.name, source: this.source, exchange});
      this.problem = null;
    } catch (problem) {
      this.problem = problem;
      this.result = null;
    }
    this.busy = false;
  }

  render() {
    if (!access.may('rules', 'operate')) {
      return nothing;
    }
    const e = this.exchange;
    const put = (key) => (event) => (e[key] = event.target.value);
    return html`<section><h2>Try it</h2>
      <p class="quiet">On an exchange that is only described: no traffic is touched, no server is asked, waiting takes no time.</p>
      <form class="fields" @submit=${this.run}>
        <label>Method <input .value=${e.method} @input=${put('method')}></label>
        <label>Address <input .value=${e.url} @input=${put('url')}></label>
        <label>Header fields <textarea class="code" rows="3" .value=${e.headers} @input=${put('headers')}></textarea></label>
        <label>Body <textarea class="code" rows="3" .value=${e.body} @input=${put('body')}></textarea></label>
        <label class="check"><input type="checkbox" @change=${(event) => (this.response = event.target.checked)}> as a rule for responses</label>
        ${this.response ? html`
          <label>Status <input type="number" min="100" max="999" .value=${e.status} @input=${put('status')}></label>
          <label>Header fields of the response <textarea class="code" rows="3" .value=${e.responseHeaders} @input=${put('responseHeaders')}></textarea></label>
          <label>Body of the response <textarea class="code" rows="3" .value=${e.responseBody} @input=${put('responseBody')}></textarea></label>` : nothing}
        <p class="whole"><button class="primary" ?disabled=${this.busy}>Run</button></p>
      </form>
      <div aria-live="polite">${this.problem ? failed(this.problem) : this.result ? this.outcome(this.result) : nothing}</div></section>`;
  }

  outcome(result) {
    const {decision, error, pool, trace = [], log = [], ...rest} = result;
    const others = Object.entries(rest).filter(([, value]) => value != null && value !== '' && !(Array.isArray(value) && value.length === 0));
    return html`<dl class="outcome"><dt>Decision</dt><dd>${light(GRADES[decision] ?? 'off', decision)}</dd>
        ${error ? html`<dt>Error</dt><dd>${shown(error.message ?? error)}</dd>` : nothing}
        ${pool ? html`<dt>Pool</dt><dd>${pool}</dd>` : nothing}
        ${log.length ? html`<dt>Log</dt><dd>${log.map((line) => html`<div><code>${shown(line)}</code></div>`)}</dd>` : nothing}
        ${others.map(([key, value]) => html`<dt>${key}</dt><dd><code>${shown(value)}</code></dd>`)}</dl>
      ${trace.length ? html`<h3>Each call</h3><ol class="trace">${trace.map((call) => html`<li><code>${shown(call)}</code></li>`)}</ol>` : nothing}`;
  }
}

customElements.define('weir-rule-trial', RuleTrial);
