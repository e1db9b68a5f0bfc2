import {html, nothing} from 'lit';
import {api} from '../parts/api.js';
import {Asking} from '../parts/asking.js';
import {count, duration, rate, share, time} from '../parts/format.js';
import {healthLight, light} from '../parts/pieces.js';
import {systemTop} from './system.js';

/** Reasons that can be taken in here; the pages of that Weir have all. */
const MOST = 5;

/** This Weir and others: state, version, load, and what is wrong. */
class Instances extends Asking {
  get period() {
    return 3000;
  }

  async ask(signal) {
    const {instances} = await api.instances(signal);
    const before = this.answer?.totals ?? new Map();
    const totals = new Map();
    const rows = instances.map((i) => {
      const s = i.summary;
      const old = before.get(i.name);
      const seconds = old && s ? (new Date(s.time) - old.at) / 1000 : 0;
      if (s) {
        totals.set(i.name, seconds === 0 && old ? old : {at: new Date(s.time), requests: s.requests, errors: s.errors});
      }
      // The same answer again tells nothing new, and one of another process nothing that can be compared.
      return seconds > 0 && s.requests >= old.requests
        ? {...i, requests: (s.requests - old.requests) / seconds, errors: (s.errors - old.errors) / seconds}
        : {...i, ...(seconds === 0 ? this.answer?.rows.find((r) => r.name === i.name)?.load : {})};
    });
    return {totals, rows: rows.map((r) => ({...r, load: {requests: r.requests, errors: r.errors}}))};
  }

  top() {
    return systemTop('instances');
  }

  draw() {
    const {rows} = this.answer;
    return html`<table><caption class="hidden">This Weir and others</caption>
      <thead><tr><th>Name</th><th>State</th><th>Version</th><th>Running for</th><th class="n">Requests</th><th class="n">Errors</th>
        <th class="n">Connections</th><th>What is wrong</th></tr></thead>
      <tbody>${rows.map((r) => this.row(r))}</tbody></table>
      ${rows.length === 1 ? html`<p class="quiet">Others are shown here when <code>global.admin.instances</code> names them.</p>` : nothing}`;
  }

  row({name, url, summary: s, trouble, requests, errors, ...row}) {
    return html`<tr><th scope="row">${url ? html`<a href=${url} rel="noopener noreferrer">${name}</a>` : html`${name}<small>this Weir</small>`}</th>
      ${s ? html`
        <td>${healthLight(s)}</td>
        <td>${s.version}<small>revision ${s.revision}</small></td><td>${duration((new Date(s.time) - new Date(s.started)) / 1000)}</td>
        <td class="n">${rate(requests)}</td><td class="n">${share(errors, requests)}</td><td class="n">${count(s.connections)}</td>
        <td>${s.reasons.slice(0, MOST).map((reason) => html`<div>${reason}</div>`)}
          ${s.reasons.length > MOST ? html`<small>and ${count(s.reasons.length - MOST)} more</small>` : nothing}</td>`
        : html`<td>${light('bad', 'no answer')}</td><td colspan="6">${trouble}<small>since ${time(row['silent-since'])}</small></td>`}</tr>`;
  }
}

customElements.define('weir-instances', Instances);
