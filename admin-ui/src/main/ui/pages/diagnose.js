import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {Live} from '../parts/element.js';
import {time} from '../parts/format.js';
import {live} from '../parts/live.js';
import {failed, heading, href, light, nodeIsUp, waiting} from '../parts/pieces.js';

const GRADES = {info: 'off', warn: 'warn', warning: 'warn', error: 'bad', serious: 'bad', fatal: 'bad'};

class Diagnose extends Live {
  static properties = {tab: {}, rows: {state: true}, problem: {state: true}, filter: {state: true}};

  constructor() {
    super();
    this.filter = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => this.ask(), 5000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  willUpdate(changed) {
    if (changed.has('tab')) {
      this.rows = null;
      this.ask();
    }
  }

  async ask() {
    if (document.hidden && this.rows) {
      return;
    }
    try {
      const answer = this.tab === 'audit' ? await api.audit(500) : await api.events(500);
      this.rows = Array.isArray(answer) ? answer : (answer.events ?? answer.entries ?? []);
      this.problem = null;
    } catch (problem) {
      this.problem = problem;
    }
  }

  render() {
    return html`${heading('Diagnose')}
      ${this.causes()}
      <div class="tabs">
        ${[['events', 'Event log'], ['audit', 'Audit log']].filter(([key]) => access.may(key, 'read')).map(
          ([key, name]) => html`<a href=${href('diagnose', key)} aria-current=${this.tab === key ? 'page' : nothing}>${name}</a>`)}
        ${access.may('exchanges', 'read') ? html`<a href="#/activity/requests">Explain a request</a>` : nothing}
        <input type="search" placeholder="Filter" aria-label="Filter" @input=${(e) => (this.filter = e.target.value.toLowerCase())}>
      </div>
      ${this.problem ? failed(this.problem) : this.rows ? this.table() : waiting()}`;
  }

  /** What is wrong now, each in one line. */
  causes() {
    const s = live.status;
    if (!s) {
      return nothing;
    }
    const lines = [
      ...(s.health.reasons ?? []).map((text) => ['warn', text, null]),
      ...s.pools.flatMap((p) => p.nodes.filter((n) => !nodeIsUp(n))
        .map((n) => ['bad', `${n.node} of pool ${p.name}: ${n.cause ?? n.health}`, href('services', 'pool', p.name)])),
    ];
    return html`<section><h2>What is wrong now</h2>
      ${lines.length === 0
        ? html`<p>${light('good', 'Nothing that Weir knows of.')}</p>`
        : html`<ul class="plain-list">${lines.map(([grade, text, link]) =>
            html`<li>${light(grade, link ? html`<a href=${link}>${text}</a>` : text)}</li>`)}</ul>`}</section>`;
  }

  table() {
    const found = this.rows.filter((row) => JSON.stringify(row).toLowerCase().includes(this.filter)).slice(-500).reverse();
    return this.tab === 'audit'
      ? html`<table><thead><tr><th>Time</th><th>Who</th><th>Way</th><th>What</th><th>Result</th></tr></thead><tbody>
          ${found.map((row) => html`<tr><td class="time">${time(row.time)}</td><td>${row.author}</td>
            <td>${row.channel ?? ''} ${row.from ?? ''}</td><td>${row.action}
              ${row.objects.length ? html`<small>${row.objects.slice(0, 8).join(', ')}${row.objects.length > 8 ? ', …' : ''}</small>` : nothing}</td>
            <td>${light(row.accepted ? 'good' : 'bad', row.accepted ? 'done' : 'refused')} ${row.detail ?? ''}</td></tr>`)}</tbody></table>`
      : html`<table><thead><tr><th>Time</th><th>Event</th><th>Objects</th><th>What happened</th></tr></thead><tbody>
          ${found.map((row) => html`<tr><td class="time">${time(row.time)}</td>
            <td>${light(GRADES[row.severity] ?? 'off', row.tag)}</td><td>${(row.objects ?? []).join(', ')}</td>
            <td>${row.text}</td></tr>`)}</tbody></table>`;
  }
}

customElements.define('weir-diagnose', Diagnose);

export const show = ([tab]) => html`<weir-diagnose .tab=${tab ?? 'events'}></weir-diagnose>`;
