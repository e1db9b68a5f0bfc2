import {html, nothing} from 'lit';
import {api} from '../parts/api.js';
import {Searching} from '../parts/asking.js';
import {milliseconds, time} from '../parts/format.js';
import {href, light, nothingThere} from '../parts/pieces.js';
import {activityTop} from './activity.js';

const KEPT = {error: ['bad', 'error'], slow: ['warn', 'slow'], sampled: ['off', 'sampled']};

/** Why an exchange is kept, and how it ended. */
export const keptLight = (kept) => light(...(KEPT[kept] ?? ['off', kept]));

/** The exchanges that are kept: those that failed, slow ones, and one in so many. */
class Exchanges extends Searching {
  get period() {
    return this.older ? 0 : 5000;
  }

  async ask(signal) {
    const {exchanges, next} = await api.exchanges({max: 100, ...this.query}, signal);
    return {exchanges: [...(this.older ?? []), ...exchanges], next};
  }

  top() {
    return html`${activityTop('requests')}
      <form class="row" @submit=${(e) => {
        e.preventDefault();
        const id = e.target.id.value.trim();
        if (id) {
          location.hash = href('activity', 'requests', id);
        }
      }}>
        <label>Kept because <select @change=${this.put('kept')}><option value="">of anything</option><option value="error">it failed</option>
          <option value="slow">it was slow</option><option value="sampled">it was sampled</option></select></label>
        <label>Virtual server <input @change=${this.put('virtual-server')}></label>
        <label>Node <input placeholder="10.0.0.1:80" @change=${this.put('node')}></label>
        <label>Status from <input type="number" min="100" max="999" @change=${this.put('min-status')}></label>
        <label>Id <input name="id" autocomplete="off" placeholder="as in the log"></label>
        <button>Explain</button>
      </form>`;
  }

  /** From the latest on. */
  search() {
    this.older = undefined;
    delete this.query.before;
    this.load();
  }

  draw() {
    const {exchanges, next} = this.answer;
    return exchanges.length === 0
      ? nothingThere('No request is kept that fits. Those that fail or are slow are, and one in so many: see the settings of the virtual server.')
      : html`<table><thead><tr><th>Time</th><th>Kept</th><th>Request</th><th class="n">Status</th><th>Node</th>
          <th class="n">Took</th><th>Cause</th></tr></thead><tbody>
        ${exchanges.map((x) => html`<tr><td class="time"><a href=${href('activity', 'requests', x.id)} aria-label="Explain the request ${x.id}">${time(x.time)}</a></td>
          <td>${keptLight(x.kept)}</td>
          <td class="free">${x.method ? html`${x.method} <code class="wide">${x.host}${x.path}</code>` : html`<span class="quiet">${x.client}</span>`}<small>${x.virtualServer}</small></td>
          <td class="n">${x.status || '–'}</td><td>${x.node ? html`<code>${x.node}</code>` : '–'}<small>${x.pool ?? ''}</small></td>
          <td class="n">${milliseconds(x.millis)}</td><td>${x.cause ?? ''}</td></tr>`)}</tbody></table>
        ${next ? html`<p><button @click=${() => {
          this.older = exchanges;
          this.query.before = next;
          this.load();
        }}>Older ones</button> ${this.older ? html`<button @click=${() => this.search()}>The latest</button>` : nothing}</p>` : nothing}`;
  }
}

customElements.define('weir-exchanges', Exchanges);
