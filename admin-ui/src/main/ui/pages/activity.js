import {html, nothing} from 'lit';
import {api} from '../parts/api.js';
import {decide} from '../parts/dialog.js';
import {Live, Plain} from '../parts/element.js';
import {bytes, count, duration, rate} from '../parts/format.js';
import {live} from '../parts/live.js';
import {failed, heading, href, nodeLight, nothingThere, waiting} from '../parts/pieces.js';
import {safe} from './services.js';
import '../parts/chart.js';

const TABS = {traffic: 'Traffic', draining: 'Draining', cache: 'Cache'};

const tabs = (present) => html`<div class="tabs">${Object.entries(TABS).map(
  ([key, name]) => html`<a href=${href('activity', key)} aria-current=${key === present ? 'page' : nothing}>${name}</a>`)}</div>`;

class Traffic extends Live {
  render() {
    const s = live.status;
    return html`${heading('Activity')}${tabs('traffic')}
      ${!s ? waiting() : html`
        <h2>Where the traffic goes</h2>
        <ul class="map">${s['virtual-servers'].map((v) => {
          const pool = s.pools.find((p) => p.name === v.pool);
          return html`<li><a href=${href('services', 'server', v.name)}>${v.name}</a> ${rate(live.rate(`vs/${v.name}`).requests)}
            ${pool ? html`<ul><li><a href=${href('services', 'pool', pool.name)}>${pool.name}</a>
              <ul>${pool.nodes.map((n) => html`<li><code>${n.node}</code> ${nodeLight(n)}
                ${rate(live.rate(`node/${pool.name}/${n.node}`).requests)}, ${count(n['in-flight'])} in flight</li>`)}</ul></li></ul>` : nothing}</li>`;
        })}</ul>
        ${s['virtual-servers'].map((v) => html`<figure><figcaption>${v.name}: requests and errors for each second</figcaption>
          <weir-chart .points=${live.series(`vs/${v.name}`)} .names=${['requests', 'errors']}></weir-chart></figure>`)}`}`;
  }
}

class Draining extends Live {
  render() {
    const s = live.status;
    const rows = s?.pools.flatMap((p) => p.nodes.filter((n) => n.state !== 'active').map((n) => [p, n])) ?? [];
    return html`${heading('Activity')}${tabs('draining')}
      ${!s ? waiting() : rows.length === 0
        ? nothingThere('No node is draining or disabled.')
        : html`<table><thead><tr><th>Node</th><th>Pool</th><th>State</th><th>Why</th><th class="n">In flight</th>
            <th class="n">Connections</th><th>Last used</th><th><span class="hidden">Actions</span></th></tr></thead><tbody>
          ${rows.map(([p, n]) => html`<tr><td><code>${n.node}</code></td><td><a href=${href('services', 'pool', p.name)}>${p.name}</a></td>
            <td>${nodeLight(n)}</td><td>${(n.decisions ?? []).map((d) => html`<small>${d.owner ?? ''}${d.reason ? `: ${d.reason}` : ''}</small>`)}</td>
            <td class="n">${count(n['in-flight'])}</td><td class="n">${count(n.connections)}</td>
            <td>${n['last-used-seconds'] == null ? 'never' : `${duration(n['last-used-seconds'])} ago`}</td>
            <td class="buttons"><button @click=${() => safe(n.node)}>Safe to take?</button>
              <button @click=${() => decide(n.node, n.state === 'draining' ? 'undrain' : 'enable', p.name)}>
                ${n.state === 'draining' ? 'Undrain' : 'Enable'}</button></td></tr>`)}</tbody></table>`}`;
  }
}

class Cache extends Plain {
  static properties = {found: {state: true}, problem: {state: true}, query: {state: true}};

  constructor() {
    super();
    this.query = {};
  }

  connectedCallback() {
    super.connectedCallback();
    this.ask();
  }

  async ask() {
    try {
      this.found = await api.cache(this.query);
      this.problem = null;
    } catch (problem) {
      this.problem = problem;
    }
  }

  render() {
    const entries = this.found?.items ?? [];
    const put = (key) => (e) => {
      this.query = {...this.query, [key]: e.target.value};
      if (!e.target.value) {
        delete this.query[key];
      }
    };
    return html`${heading('Activity')}${tabs('cache')}
      <form class="row" @submit=${(e) => {
        e.preventDefault();
        this.ask();
      }}>
        <label>Host <input @input=${put('host')}></label>
        <label>Path <input placeholder="/images/*" @input=${put('path')}></label>
        <label>Tag <input @input=${put('tag')}></label>
        <button>Search</button>
        <button type="button" class="danger" ?disabled=${Object.keys(this.query).length === 0} @click=${() => this.purge()}>Purge</button>
      </form>
      ${this.problem ? failed(this.problem) : entries.length === 0
        ? nothingThere('Nothing is stored that fits.')
        : html`<table><thead><tr><th>Address</th><th>Virtual server</th><th class="n">Status</th><th class="n">Size</th>
            <th class="n">Hits</th><th class="n">Age</th></tr></thead><tbody>
          ${entries.map((e) => html`<tr><td>${e.scheme}://${e.host}${e.path}</td><td>${e['virtual-server']}</td>
            <td class="n">${e.status}</td><td class="n">${bytes(e.bytes)}</td><td class="n">${count(e.hits)}</td><td class="n">${duration(e['age-seconds'])}</td></tr>`)}</tbody></table>`}`;
  }

  async purge() {
    try {
      await api.purge(this.query);
      await this.ask();
    } catch (problem) {
      this.problem = problem;
    }
  }
}

customElements.define('weir-traffic', Traffic);
customElements.define('weir-draining', Draining);
customElements.define('weir-cache', Cache);

export function show([tab]) {
  return {draining: html`<weir-draining></weir-draining>`, cache: html`<weir-cache></weir-cache>`}[tab]
    ?? html`<weir-traffic></weir-traffic>`;
}
