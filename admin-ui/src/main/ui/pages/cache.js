import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {Searching} from '../parts/asking.js';
import {bytes, count, duration} from '../parts/format.js';
import {inquire} from '../parts/inquire.js';
import {nothingThere} from '../parts/pieces.js';
import {activityTop} from './activity.js';

/** What the cache holds, and taking out of it. */
class Cache extends Searching {
  ask() {
    return api.cache(this.query);
  }

  top() {
    return html`${activityTop('cache')}
      <form class="row" @submit=${(e) => e.preventDefault()}>
        <label>Host <input placeholder="*.example.com" @change=${this.put('host')}></label>
        <label>Path <input placeholder="/images/*" @change=${this.put('path')}></label>
        <label>Tag <input @change=${this.put('tag')}></label>
        <button>Search</button>
        ${access.may('cache', 'operate') ? html`<button type="button" class="danger" @click=${() => this.purge()}>Purge …</button>` : nothing}
      </form>`;
  }

  draw() {
    const entries = this.answer.items ?? [];
    return entries.length === 0
      ? nothingThere('Nothing is stored that fits.')
      : html`<table><thead><tr><th>Address</th><th>Virtual server</th><th class="n">Status</th><th class="n">Size</th>
          <th class="n">Hits</th><th class="n">Age</th></tr></thead><tbody>
        ${entries.map((e) => html`<tr><td>${e.scheme}://${e.host}${e.path}</td><td>${e['virtual-server']}</td>
          <td class="n">${e.status}</td><td class="n">${bytes(e.bytes)}</td><td class="n">${count(e.hits)}</td>
          <td class="n">${duration(e['age-seconds'])}</td></tr>`)}</tbody></table>`;
  }

  async purge() {
    const chosen = Object.entries(this.query);
    const soft = await inquire('Purge the cache', {soft: false}, (field, values) => html`
        <p>${chosen.length ? html`What goes: ${chosen.map(([key, value]) => html`<br>${key} <code>${value}</code>`)}`
          : html`<strong>Everything goes.</strong> Nodes get every request until it is stored again.`}</p>
        <label class="check"><input type="checkbox" .checked=${values.soft} @change=${field('soft')}> Only make it stale: nodes are asked before its next use</label>`,
      {next: 'Purge', act: (values) => api.purge({...this.query, soft: values.soft, ...(chosen.length ? {} : {all: true})})});
    if (soft) {
      await this.load();
    }
  }
}

customElements.define('weir-cache', Cache);
