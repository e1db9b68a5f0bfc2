import {html, nothing} from 'lit';
import {api} from '../parts/api.js';
import {Asking} from '../parts/asking.js';
import {time} from '../parts/format.js';
import {light, nothingThere} from '../parts/pieces.js';

const GRADES = {info: 'off', warn: 'warn', warning: 'warn', error: 'bad', serious: 'bad', fatal: 'bad'};

/** Rows of a page; Weir looks for more of them when asked. */
const MOST = 100;

/** Whoever types is waited for so many milliseconds. */
const PAUSE = 300;

/** What is on record, the latest first: `kind` is `events` or `audit`. */
class Records extends Asking {
  static properties = {kind: {}};

  text = '';
  /** Cursors of the pages that were left for older ones; the latest page has none. */
  #left = [];
  #before = null;

  get period() {
    return this.#before ? 0 : 5000;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.typing);
  }

  willUpdate(changed) {
    if (this.hasUpdated && changed.has('kind')) {
      this.answer = null;
      this.turn(null, []);
    }
  }

  async ask(signal) {
    const kind = this.kind;
    const answer = await api.records(kind, {max: MOST, before: this.#before ?? 'newest', text: this.text}, signal);
    return {kind, rows: answer.events ?? answer.entries, previous: answer.previous};
  }

  turn(before, left) {
    this.#before = before;
    this.#left = left;
    this.load();
  }

  top() {
    return html`<p><input type="search" placeholder="Look for …" aria-label="Look for" @input=${(e) => {
      this.text = e.target.value.trim();
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.turn(null, []), PAUSE);
    }}></p>`;
  }

  draw() {
    const {kind, rows, previous} = this.answer;
    const found = rows.toReversed();
    return html`${found.length === 0
        ? nothingThere(this.text ? 'Nothing on record has these words.' : 'Nothing is on record yet.')
        : kind === 'audit' ? audit(found) : events(found)}
      ${previous || this.#before ? html`<p class="pages">
        ${previous ? html`<button @click=${() => this.turn(previous, [...this.#left, this.#before])}>Older ones</button>` : nothing}
        ${this.#before ? html`<button @click=${() => this.turn(this.#left.at(-1), this.#left.slice(0, -1))}>Newer ones</button>
          <button @click=${() => this.turn(null, [])}>The latest</button>` : nothing}</p>` : nothing}`;
  }
}

const audit = (rows) => html`<table><thead><tr><th>Time</th><th>Who</th><th>Way</th><th>What</th><th>Result</th></tr></thead><tbody>
  ${rows.map((row) => html`<tr><td class="time">${time(row.time)}</td><td>${row.author}</td>
    <td>${row.channel ?? ''}<small>${row.from ?? ''}</small></td><td class="free">${row.action}
      ${row.objects.length ? html`<small>${row.objects.slice(0, 8).join(', ')}${row.objects.length > 8 ? ', …' : ''}</small>` : nothing}</td>
    <td class="free">${light(row.accepted ? 'good' : 'bad', row.accepted ? 'done' : 'refused')} ${row.detail ?? ''}</td></tr>`)}</tbody></table>`;

const events = (rows) => html`<table><thead><tr><th>Time</th><th>Event</th><th>Objects</th><th>What happened</th></tr></thead><tbody>
  ${rows.map((row) => html`<tr><td class="time">${time(row.time)}</td>
    <td>${light(GRADES[row.severity] ?? 'off', row.tag)}</td><td class="free">${(row.objects ?? []).map((object) => html`<div>${object}</div>`)}</td>
    <td class="free">${row.text}</td></tr>`)}</tbody></table>`;

customElements.define('weir-records', Records);
