import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {Live} from '../parts/element.js';
import {count, duration, milliseconds, rate, share, time} from '../parts/format.js';
import {live} from '../parts/live.js';
import {causes, failed, heading, href, light, nothingThere, poolGrade, tile, waiting} from '../parts/pieces.js';
import {Rows} from '../parts/rows.js';

class Home extends Live {
  static properties = {events: {state: true}};

  servers = new Rows(this);

  connectedCallback() {
    super.connectedCallback();
    this.events = null;
    this.ask();
    this.timer = setInterval(() => this.ask(), 10000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  async ask() {
    if (access.may('events', 'read') && !(document.hidden && this.events)) {
      this.events = await api.events(200).catch(() => this.events);
    }
  }

  render() {
    const s = live.status;
    if (!s) {
      return live.problem ? failed(live.problem) : waiting();
    }
    const troubles = (this.events?.events ?? this.events ?? [])
      .filter((e) => e.severity !== 'info')
      .slice(-8)
      .reverse();
    return html`${heading('Home')}
      ${s.health.causes.length ? html`<div class="notice warn" role="status">${causes(s.health.causes)}</div>` : nothing}
      <section class="tiles" aria-label="In short">
        ${tile('Requests', rate(sum(s['virtual-servers'], (v) => live.rate(`vs/${v.name}`).requests)))}
        ${tile('Errors', rate(sum(s['virtual-servers'], (v) => live.rate(`vs/${v.name}`).errors)))}
        ${tile('Connections', count(sum(s['virtual-servers'], (v) => v.connections)))}
        ${tile('Nodes at work', nodes(s))}
        ${tile('Running for', duration(s['uptime-seconds']))}
        ${tile('Configuration', `revision ${s.configuration.revision}`)}
      </section>
      <section>
        <h2>Services</h2>
        ${this.servers.finder(s['virtual-servers'])}
        ${s['virtual-servers'].length === 0 ? this.nothingYet() : html`<table>
          <caption class="hidden">Virtual servers; times to the first byte are of the last minute</caption>
          <thead><tr><th>Virtual server</th><th>State</th><th>Listens on</th><th>Pool</th>
            <th class="n">Requests</th><th class="n">Errors</th><th class="n">p50</th><th class="n">p95</th><th class="n">p99</th>
            <th class="n">Connections</th></tr></thead>
          <tbody>${this.servers.of(s['virtual-servers'], (v) => `${v.name} ${v.pool}`).map((v) => this.row(v, s))}</tbody>
        </table>${this.servers.pages()}`}
      </section>
      ${s['service-level-classes']?.length
        ? html`<section>
            <h2>Service levels</h2>
            <table>
              <thead><tr><th>Class</th><th>State</th><th class="n">Within the time</th></tr></thead>
              <tbody>${s['service-level-classes'].map((c) => html`<tr><td>${c.name}</td>
                <td>${light(c.grade === 'fine' ? 'good' : c.grade === 'serious' ? 'bad' : 'warn', c.grade)}</td>
                <td class="n">${c['conforming-percent'] ?? '–'} %</td></tr>`)}</tbody>
            </table>
          </section>`
        : nothing}
      <section>
        <h2>Alarms</h2>
        ${troubles.length === 0
          ? html`<p class="quiet">Nothing has gone wrong lately.</p>`
          : html`<table><thead><tr><th>Time</th><th>Event</th><th>What happened</th></tr></thead><tbody>${troubles.map(
              (e) => html`<tr><td class="time">${time(e.time)}</td>
                <td>${light(['serious', 'fatal', 'error'].includes(e.severity) ? 'bad' : 'warn', e.tag)}</td>
                <td class="free">${e.text}</td></tr>`,
            )}</tbody></table>`}
        <p><a href="#/diagnose">All events</a></p>
      </section>`;
  }

  nothingYet() {
    return nothingThere('There is no service yet.', access.canChange('virtual-servers')
      ? html`<button class="primary" @click=${async () => (await import('../wizards/service.js')).newService()}>New service …</button>` : nothing);
  }

  row(v, s) {
    const pool = s.pools.find((p) => p.name === v.pool);
    const r = live.rate(`vs/${v.name}`);
    return html`<tr>
      <td><a href=${href('services', 'server', v.name)}>${v.name}</a></td>
      <td>${light(...poolGrade(pool))}</td>
      <td>${[v.listen].flat().join(', ')}</td>
      <td>${pool ? html`<a href=${href('services', 'pool', v.pool)}>${v.pool}</a>` : v.pool}</td>
      <td class="n">${rate(r.requests)}</td><td class="n">${share(r.errors, r.requests)}</td>
      ${['p50', 'p95', 'p99'].map((p) => html`<td class="n">${milliseconds(v.latency?.[p])}</td>`)}
      <td class="n">${count(v.connections)}</td>
    </tr>`;
  }
}

const sum = (list, of) => list.reduce((all, each) => all + (of(each) ?? 0), 0);

function nodes(s) {
  const all = s.pools.flatMap((p) => p.nodes);
  return `${all.filter((n) => poolGrade({alive: true, nodes: [n]})[0] === 'good').length} of ${all.length}`;
}

customElements.define('weir-home', Home);

export const show = () => html`<weir-home></weir-home>`;
