import {html, nothing} from 'lit';
import {api} from '../parts/api.js';
import {Asking} from '../parts/asking.js';
import {bytes, time} from '../parts/format.js';
import {href, nothingThere} from '../parts/pieces.js';
import {Rows} from '../parts/rows.js';
import {activityTop} from './activity.js';

/** The files of the log directory; the end of one of them, as it grows. */
class Logs extends Asking {
  files = new Rows(this, {size: 50, label: 'Filter by file name'});

  static properties = {chosen: {}, filter: {state: true}};

  get period() {
    return 5000;
  }

  willUpdate(changed) {
    if (this.hasUpdated && changed.has('chosen')) {
      this.load();
    }
  }

  async ask() {
    const [{logs}, text] = await Promise.all([api.logs(), this.chosen ? api.log(this.chosen) : '']);
    return {logs, text};
  }

  top() {
    return activityTop('logs');
  }

  draw() {
    const {logs, text} = this.answer;
    const filter = (this.filter ?? '').toLowerCase();
    const lines = String(text).split('\n').filter((line) => line && line.toLowerCase().includes(filter)).slice(-500).reverse();
    return html`${logs.length === 0
      ? nothingThere('No log has been written. A virtual server writes one when its configuration has a log.')
      : html`${this.files.finder(logs)}<table><caption>Files</caption><thead><tr><th>Name</th><th class="n">Size</th><th>Last written</th>
          <th><span class="hidden">Actions</span></th></tr></thead><tbody>
          ${this.files.of(logs, (l) => l.name).map((l) => html`<tr><td><a href=${href('activity', 'logs', l.name)} aria-current=${l.name === this.chosen ? 'true' : nothing}>${l.name}</a></td>
            <td class="n">${bytes(l.bytes)}</td><td class="time">${time(l.written)}</td>
            <td class="buttons"><a class="button small" href=${api.logUrl(l.name)} download=${l.name}>Download</a></td></tr>`)}</tbody></table>${this.files.pages()}`}
      ${this.chosen ? html`<h2>The end of ${this.chosen}, the latest first</h2>
        <p><input type="search" placeholder="Lines with …" aria-label="Lines with" @input=${(e) => (this.filter = e.target.value)}></p>
        ${lines.length ? html`<pre class="log" tabindex="0">${lines.join('\n')}</pre>` : html`<p class="quiet">No line.</p>`}` : nothing}`;
  }
}

customElements.define('weir-logs', Logs);
