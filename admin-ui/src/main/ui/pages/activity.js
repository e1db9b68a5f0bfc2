import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {Live} from '../parts/element.js';
import {count, rate} from '../parts/format.js';
import {live} from '../parts/live.js';
import {heading, href, light, nodeLight, poolGrade, tabs, waiting} from '../parts/pieces.js';
import {Rows} from '../parts/rows.js';

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

/** Nodes of one pool that the map shows; its page has all. */
const MOST_NODES = 10;

/** Where the traffic goes: from virtual servers through pools to nodes. */
class Traffic extends Live {
  servers = new Rows(this, {size: 20, label: 'Filter by name, pool or node'});

  render() {
    const s = live.status;
    return html`${activityTop('traffic')}
      ${!s ? waiting() : html`
        <p>${this.servers.field()}</p>
        <table class="map"><caption>Where the traffic goes</caption>
          <thead><tr><th>Virtual server</th><th>Pool</th><th>Node</th><th>State</th><th class="n">Requests</th><th class="n">In flight</th></tr></thead>
          ${this.servers.of(s['virtual-servers'], (v) => `${v.name} ${v.pool} ${nodesOf(v, s).map((n) => n.node).join(' ')}`)
            .map((v) => this.server(v, s))}</table>${this.servers.pages()}`}`;
  }

  server(v, s) {
    const pool = s.pools.find((p) => p.name === v.pool);
    const nodes = pool?.nodes ?? [];
    const own = live.rate(`vs/${v.name}`).requests;
    return html`<tbody><tr class="first"><th scope="row"><a href=${href('services', 'server', v.name)}>${v.name}</a></th>
        <td>${pool ? html`<a href=${href('services', 'pool', pool.name)}>${pool.name}</a>` : v.pool}</td><td></td>
        <td>${light(...poolGrade(pool))}</td><td class="n"><strong>${rate(own)}</strong></td><td class="n">${count(v.exchanges)}</td></tr>
      ${nodes.slice(0, MOST_NODES).map((n) => html`<tr><td></td><td></td><td><code>${n.node}</code></td><td>${nodeLight(n)}</td>
        <td class="n">${rate(live.rate(`node/${pool.name}/${n.node}`).requests)}</td><td class="n">${count(n['in-flight'])}</td></tr>`)}
      ${nodes.length > MOST_NODES ? html`<tr><td></td><td></td><td colspan="4"><a href=${href('services', 'pool', pool.name)}>and
        ${count(nodes.length - MOST_NODES)} more nodes</a></td></tr>` : nothing}</tbody>`;
  }
}

const nodesOf = (v, s) => s.pools.find((p) => p.name === v.pool)?.nodes ?? [];

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
