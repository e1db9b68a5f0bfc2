import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {decide, tell} from '../parts/dialog.js';
import {Live} from '../parts/element.js';
import {count, duration, milliseconds, rate, share, time} from '../parts/format.js';
import {live} from '../parts/live.js';
import {failed, heading, href, light, nodeLight, nothingThere, poolGrade, reasonText, safeLight, tile, waiting} from '../parts/pieces.js';
import {Rows} from '../parts/rows.js';
import '../parts/chart.js';

/** Charts of a pool that can be compared: more nodes are drawn when a filter chooses them. */
const MOST_CHARTS = 6;

class Services extends Live {
  servers = new Rows(this);
  pools = new Rows(this);

  render() {
    const s = live.status;
    if (!s) {
      return live.problem ? failed(live.problem) : waiting();
    }
    this.pools.filter = this.servers.filter;
    return html`${heading(
        'Services',
        html`${this.servers.field()}
          ${access.canChange('virtual-servers') ? html`<button class="primary" @click=${newService}>New service …</button>` : nothing}`,
      )}
      <h2>Virtual servers</h2>
      <table>
        <thead><tr><th>Name</th><th>State</th><th>Listens on</th><th>Pool</th><th class="n">Requests</th><th class="n">Errors</th>
          <th class="n">Connections</th></tr></thead>
        <tbody>${this.servers.of(s['virtual-servers'], (v) => v.name).map((v) => {
          const r = live.rate(`vs/${v.name}`);
          return html`<tr><td><a href=${href('services', 'server', v.name)}>${v.name}</a></td>
            <td>${light(...poolGrade(s.pools.find((p) => p.name === v.pool)))}</td>
            <td>${[v.listen].flat().join(', ')}</td>
            <td><a href=${href('services', 'pool', v.pool)}>${v.pool}</a></td>
            <td class="n">${rate(r.requests)}</td><td class="n">${share(r.errors, r.requests)}</td>
            <td class="n">${count(v.connections)}</td></tr>`;
        })}</tbody>
      </table>
      ${this.servers.pages()}
      <h2>Pools</h2>
      <table>
        <thead><tr><th>Name</th><th>State</th><th>Algorithm</th><th class="n">Nodes</th><th class="n">In flight</th>
          <th class="n">Queued</th></tr></thead>
        <tbody>${this.pools.of(s.pools, (p) => p.name).map(
          (p) => html`<tr><td><a href=${href('services', 'pool', p.name)}>${p.name}</a></td>
            <td>${light(...poolGrade(p))}</td><td>${p.algorithm}</td><td class="n">${p.nodes.length}</td>
            <td class="n">${count(p.nodes.reduce((n, each) => n + each['in-flight'], 0))}</td>
            <td class="n">${count(p.queued)}</td></tr>`,
        )}</tbody>
      </table>
      ${this.pools.pages()}`;
  }
}

class PoolPage extends Live {
  static properties = {name: {}};

  nodes = new Rows(this, {size: 50, label: 'Filter by node or state'});

  render() {
    const pool = live.status?.pools.find((p) => p.name === this.name);
    if (!pool) {
      return live.status ? nothingThere(`There is no pool ${this.name}.`) : waiting();
    }
    const nodes = this.nodes.of(pool.nodes, (n) => `${n.node} ${n.state} ${n.health} ${n.cause ?? ''}`);
    return html`${heading(
        `Pool ${pool.name}`,
        html`${pool.nodes.length > MOST_CHARTS ? this.nodes.field() : nothing}<a class="button" href=${href('catalogs', 'pools', pool.name)}>Configuration</a>`,
      )}
      <p>${light(...poolGrade(pool))} · ${pool.algorithm}
        ${pool['failure-pool'] ? html` · failure pool <a href=${href('services', 'pool', pool['failure-pool'])}>${pool['failure-pool']}</a>` : nothing}
        · ${count(pool.queued)} waiting</p>
      <table>
        <caption>Nodes</caption>
        <thead><tr><th>Node</th><th>State</th><th class="n">Weight</th><th class="n">Requests</th><th class="n">Failures</th>
          <th class="n">In flight</th><th class="n">Connections</th><th><span class="hidden">Actions</span></th></tr></thead>
        <tbody>${nodes.map((n) => this.row(pool, n))}</tbody>
      </table>
      ${this.nodes.pages()}
      ${nodes.length > MOST_CHARTS
        ? html`<p class="quiet">There are charts for up to ${MOST_CHARTS} nodes: choose them with the filter.</p>`
        : nodes.map((n) => {
        const series = live.series(`node/${pool.name}/${n.node}`);
        return html`<figure><figcaption>${n.node}: requests and failures for each second</figcaption>
          <weir-chart .points=${series} .names=${['requests', 'failures']}></weir-chart></figure>`;
      })}`;
  }

  row(pool, n) {
    const r = live.rate(`node/${pool.name}/${n.node}`);
    const act = (action) => () => decide(n.node, action, pool.name, n.weight);
    return html`<tr>
      <td><code>${n.node}</code><small>${n['last-used-seconds'] == null ? 'never used' : `used ${duration(n['last-used-seconds'])} ago`}</small></td>
      <td>${nodeLight(n)}
        ${n.cause ? html`<small>${n.cause}${n['down-since'] ? `, since ${time(n['down-since'])}` : ''}</small>` : nothing}
        ${(n.decisions ?? []).filter((d) => d.weight || (d.state === n.state && d.state !== 'active')).map((d) => html`<small>${d.owner ?? ''}${d.reason ? `: ${d.reason}` : ''}</small>`)}</td>
      <td class="n">${access.may('pools', 'operate')
        ? html`<button class="plain" aria-label="Change the weight ${n.weight} of ${n.node}" @click=${act('weight')}>${n.weight}</button>` : n.weight}</td>
      <td class="n">${rate(r.requests)}</td><td class="n">${rate(r.errors)}</td>
      <td class="n">${count(n['in-flight'])}</td><td class="n">${count(n.connections)}</td>
      <td class="buttons">
        ${!access.may('pools', 'operate') ? nothing : n.state === 'draining'
          ? html`<button @click=${act('undrain')}>Undrain</button>`
          : n.state === 'disabled'
            ? html`<button @click=${act('enable')}>Enable</button>`
            : html`<button @click=${act('drain')}>Drain</button><button @click=${act('disable')}>Disable</button>`}
        <button @click=${() => safe(n.node)}>Safe to take?</button>
      </td>
    </tr>`;
  }
}

class ServerPage extends Live {
  static properties = {name: {}};

  render() {
    const v = live.status?.['virtual-servers'].find((each) => each.name === this.name);
    if (!v) {
      return live.status ? nothingThere(`There is no virtual server ${this.name}.`) : waiting();
    }
    const r = live.rate(`vs/${v.name}`);
    return html`${heading(
        `Virtual server ${v.name}`,
        html`<a class="button" href=${href('catalogs', 'virtual-servers', v.name)}>Configuration</a>`,
      )}
      <p>${light(...poolGrade(live.status.pools.find((p) => p.name === v.pool)))} · listens on ${[v.listen].flat().join(', ')}
        · pool <a href=${href('services', 'pool', v.pool)}>${v.pool}</a></p>
      <section class="tiles" aria-label="In short; times are of the last minute">
        ${tile('Requests', rate(r.requests))}
        ${tile('Errors', share(r.errors, r.requests))}
        ${tile('Connections', count(v.connections))}
        ${['p50', 'p95', 'p99'].map((p) => tile(`First byte, ${p}`, milliseconds(v.latency?.[p])))}
      </section>
      <figure><figcaption>Requests and errors for each second</figcaption>
        <weir-chart .points=${live.series(`vs/${v.name}`)} .names=${['requests', 'errors']}></weir-chart></figure>`;
  }
}

/** The answer to: may the machine of this node be taken away now? */
export async function safe(node) {
  const answer = await api.safe(node).then(
    (verdict) => html`<p class="verdict">${safeLight(verdict)}</p><ul>${verdict.reasons.map((r) => html`<li>${reasonText(r)}</li>`)}</ul>`,
    failed);
  return tell(`Is it safe to take ${node} now?`, answer);
}

const newService = async () => (await import('../wizards/service.js')).newService();

customElements.define('weir-services', Services);
customElements.define('weir-pool', PoolPage);
customElements.define('weir-server', ServerPage);

export function show([kind, name]) {
  if (kind === 'pool' && name) {
    return html`<weir-pool .name=${name}></weir-pool>`;
  }
  if (kind === 'server' && name) {
    return html`<weir-server .name=${name}></weir-server>`;
  }
  return html`<weir-services></weir-services>`;
}
