import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {Live} from '../parts/element.js';
import {count, rate} from '../parts/format.js';
import {live} from '../parts/live.js';
import {heading, href, light, nodeLight, poolGrade, tabs, waiting} from '../parts/pieces.js';

/** Each part of the page, with what one must be allowed to read for it. */
const PARTS = {
  traffic: ['Traffic', 'status'],
  charts: ['Charts', 'series'],
  connections: ['Connections', 'connections'],
  requests: ['Requests', 'exchanges'],
  draining: ['Draining', 'pools'],
  cache: ['Cache', 'cache'],
  logs: ['Request logs', 'logs'],
};

/** The heading of all parts. */
export const activityTop = (present, actions = nothing) => html`${heading('Activity', actions)}
  ${tabs('activity', Object.fromEntries(Object.entries(PARTS).filter(([, [, kind]]) => access.may(kind, 'read'))
    .map(([key, [name]]) => [key, name])), present)}`;

/** Where the traffic goes: from virtual servers through pools to nodes. */
class Traffic extends Live {
  static properties = {filter: {state: true}};

  render() {
    const s = live.status;
    const filter = (this.filter ?? '').toLowerCase();
    return html`${activityTop('traffic')}
      ${!s ? waiting() : html`
        <p><input type="search" placeholder="Filter by name" aria-label="Filter by name" @input=${(e) => (this.filter = e.target.value)}></p>
        <table class="map"><caption>Where the traffic goes</caption>
          <thead><tr><th>Virtual server</th><th>Pool</th><th>Node</th><th>State</th><th class="n">Requests</th><th class="n">In flight</th></tr></thead>
          ${s['virtual-servers'].filter((v) => `${v.name} ${v.pool}`.toLowerCase().includes(filter)).map((v) => this.server(v, s))}</table>`}`;
  }

  server(v, s) {
    const pool = s.pools.find((p) => p.name === v.pool);
    const nodes = pool?.nodes ?? [];
    const own = live.rate(`vs/${v.name}`).requests;
    return html`<tbody><tr class="first"><th scope="row"><a href=${href('services', 'server', v.name)}>${v.name}</a></th>
        <td>${pool ? html`<a href=${href('services', 'pool', pool.name)}>${pool.name}</a>` : v.pool}</td><td></td>
        <td>${light(...poolGrade(pool))}</td><td class="n"><strong>${rate(own)}</strong></td><td class="n">${count(v.exchanges)}</td></tr>
      ${nodes.map((n) => html`<tr><td></td><td></td><td><code>${n.node}</code></td><td>${nodeLight(n)}</td>
        <td class="n">${rate(live.rate(`node/${pool.name}/${n.node}`).requests)}</td><td class="n">${count(n['in-flight'])}</td></tr>`)}</tbody>`;
  }
}

customElements.define('weir-traffic', Traffic);

const SHOWN = {
  async charts() {
    await import('./charts.js');
    return html`<weir-charts></weir-charts>`;
  },
  async connections() {
    await import('./connections.js');
    return html`<weir-connections></weir-connections>`;
  },
  async requests(id) {
    if (id) {
      await import('./exchange.js');
      return html`<weir-exchange .key=${id}></weir-exchange>`;
    }
    await import('./exchanges.js');
    return html`<weir-exchanges></weir-exchanges>`;
  },
  async draining() {
    await import('./draining.js');
    return html`<weir-draining></weir-draining>`;
  },
  async cache() {
    await import('./cache.js');
    return html`<weir-cache></weir-cache>`;
  },
  async logs(name) {
    await import('./logs.js');
    return html`<weir-logs .chosen=${name}></weir-logs>`;
  },
};

export const show = ([tab, more]) => (SHOWN[tab] ? SHOWN[tab](more) : html`<weir-traffic></weir-traffic>`);
