import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {Asking} from '../parts/asking.js';
import {decide} from '../parts/dialog.js';
import {count, duration, time} from '../parts/format.js';
import {href, nodeLight, nothingThere, reasonText, safeLight} from '../parts/pieces.js';
import {Rows} from '../parts/rows.js';
import {activityTop} from './activity.js';

/** Of a node that has come into view since Weir was asked last. */
const UNKNOWN = {safe: 'being asked'};

const words = (row) => `${row.node} ${row.pool} ${row.state} ${(row.decisions ?? []).map((d) => `${d.owner ?? ''} ${d.reason ?? ''}`).join(' ')}`;

/** The nodes that are draining or disabled, and whether each may be taken away by now. */
class Draining extends Asking {
  list = new Rows(this, {size: 20, label: 'Filter by node, pool or reason'});

  get period() {
    return 3000;
  }

  async ask(signal) {
    const status = await api.status(signal);
    const rows = status.pools.flatMap((p) => p.nodes.filter((n) => n.state !== 'active').map((n) => ({pool: p.name, ...n})));
    // Each node is asked about by itself, so only those that are looked at.
    const verdicts = new Map();
    for (const node of new Set(this.list.of(rows, words).map((row) => row.node))) {
      verdicts.set(node, await api.safe(node, signal).catch((problem) => ({safe: 'unknown', reasons: [problem.message]})));
    }
    return {rows, verdicts};
  }

  top() {
    return activityTop('draining');
  }

  draw() {
    const {rows, verdicts} = this.answer;
    return rows.length === 0
      ? nothingThere('No node is draining or disabled.')
      : html`${this.list.finder(rows)}<table><thead><tr><th>Node</th><th>Pool</th><th>State</th><th>Safe to take?</th><th>Why out of service</th><th class="n">In flight</th>
          <th class="n">Connections</th><th>Last used</th><th><span class="hidden">Actions</span></th></tr></thead><tbody>
        ${this.list.of(rows, words).map((n) => {
          const verdict = verdicts.get(n.node) ?? UNKNOWN;
          return html`<tr><td><code>${n.node}</code></td><td><a href=${href('services', 'pool', n.pool)}>${n.pool}</a></td>
            <td>${nodeLight(n)}</td>
            <td>${safeLight(verdict)}
              ${(verdict.reasons ?? []).map((r) => html`<small>${reasonText(r)}</small>`)}</td>
            <td>${(n.decisions ?? []).map((d) => html`<small>${d.owner ?? ''}${d.reason ? `: ${d.reason}` : ''}
              ${d.since ? html`, since ${time(d.since)}` : ''}</small>`)}</td>
            <td class="n">${count(n['in-flight'])}</td><td class="n">${count(n.connections)}</td>
            <td>${n['last-used-seconds'] == null ? 'never' : `${duration(n['last-used-seconds'])} ago`}</td>
            <td class="buttons">${access.may('pools', 'operate') ? html`<button @click=${async () => {
              await decide(n.node, n.state === 'draining' ? 'undrain' : 'enable', n.pool);
              this.load();
            }}>${n.state === 'draining' ? 'Undrain' : 'Enable'}</button>` : ''}</td></tr>`;
        })}</tbody></table>${this.list.pages()}`;
  }
}

customElements.define('weir-draining', Draining);
