import {html, nothing} from 'lit';
import {api} from '../parts/api.js';
import {Searching} from '../parts/asking.js';
import {bytes, count, milliseconds, time} from '../parts/format.js';
import {download} from '../parts/inquire.js';
import {href, nothingThere} from '../parts/pieces.js';
import {activityTop} from './activity.js';

const MOST = 500;

/** What each letter means; as operators of ZXTM know them. */
const STATES = {
  R: 'reads from the client', X: 'runs a rule', c: 'connects to a node, or waits for one', w: 'writes to the node', r: 'reads from the node',
  W: 'writes to the client', C: 'closes', K: 'is kept for the next request', E: 'has ended within the last minute',
};

const COLUMNS = ['state', 'kind', 'virtualServer', 'client', 'listener', 'pool', 'node', 'since', 'idleMillis', 'bytesIn', 'bytesOut', 'requests', 'url', 'status', 'retries', 'rule'];

/** The client connections that are open now, each with what it waits for, and exchanges that have just ended. */
class Connections extends Searching {
  query = {ended: true};

  get period() {
    return 3000;
  }

  ask(signal) {
    return api.connections({max: MOST, ...this.query}, signal);
  }

  top() {
    return html`${activityTop('connections', html`<button ?disabled=${!this.answer} @click=${() => this.keep()}>Download as a table</button>`)}
      <form class="row" @submit=${(e) => e.preventDefault()}>
        <label>Show <select @change=${this.put('ended')}><option value="true">open and just ended</option><option value="">only open ones</option></select></label>
        <label>State <select @change=${this.put('state')}><option value="">any</option>
          ${Object.entries(STATES).map(([letter, text]) => html`<option value=${letter}>${letter}: ${text}</option>`)}</select></label>
        <label>Virtual server <input @change=${this.put('virtual-server')}></label>
        <label>Node <input placeholder="10.0.0.1:80" @change=${this.put('node')}></label>
        <label>Client <input placeholder="192.0.2.7" @change=${this.put('client')}></label>
        <button>Search</button>
      </form>`;
  }

  draw() {
    const {connections, total, ended} = this.answer;
    return connections.length === 0
      ? nothingThere('No connection fits.')
      : html`<p role="status">${total > connections.length ? `${count(connections.length)} of ${count(total)} connections` : `${count(total)} connections`}${ended ? `, ${count(ended)} of them ended` : ''}</p>
        <table><thead><tr><th>State</th><th>Virtual server</th><th>Client, node</th><th>Since, idle</th>
          <th class="n">In</th><th class="n">Out</th><th class="n">Requests</th><th>Status</th><th>Request</th></tr></thead><tbody>
        ${connections.map((c) => html`<tr><td><abbr title=${STATES[c.state] ?? ''}><strong>${c.state}</strong></abbr></td><td>${c.virtualServer}<small>${c.kind}</small></td>
          <td><code>${c.client}</code>${c.node ? html`<small>to <code>${c.node}</code> of ${c.pool}</small>` : nothing}</td>
          <td class="time">${time(c.since)}<small>${milliseconds(c.idleMillis)}</small></td><td class="n">${bytes(c.bytesIn)}</td><td class="n">${bytes(c.bytesOut)}</td>
          <td class="n">${count(c.requests)}</td>
          <td>${c.status || '–'}</td>
          <td class="free">${c.url ? html`<code class="wide">${c.url}</code>` : '–'}
            ${c.rule ? html`<small>${c.state === 'E' ? 'after' : 'in'} the rule <a href=${href('catalogs', 'rules', c.rule)}>${c.rule}</a></small>` : nothing}
            ${c.retries ? html`<small>${c.retries === 1 ? 'one retry' : `${c.retries} retries`}</small>` : nothing}</td></tr>`)}</tbody></table>
        <details><summary>What the letters mean</summary><dl>${Object.entries(STATES).map(([letter, text]) => html`<dt><strong>${letter}</strong></dt><dd>${text}</dd>`)}</dl></details>`;
  }

  keep() {
    const cell = (value) => String(value ?? '').replace(/[\t\n\r]/g, ' ');
    const lines = [COLUMNS, ...this.answer.connections.map((c) => COLUMNS.map((key) => cell(c[key])))];
    download('connections.tsv', `${lines.map((line) => line.join('\t')).join('\n')}\n`, 'text/tab-separated-values');
  }
}

customElements.define('weir-connections', Connections);
