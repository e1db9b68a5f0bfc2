import {html, nothing} from 'lit';
import {count} from './format.js';

/** More rows than these are looked for, not read. */
const MANY = 10;

/**
 * The rows of a list that may be long: a filter, and pages of so many rows as can be read. An
 * element has one for each of its lists, and is drawn again when another page is wanted.
 */
export class Rows {
  #filter = '';
  #first = 0;
  #fitting = 0;

  constructor(host, {size = 100, label = 'Filter by name'} = {}) {
    this.host = host;
    this.size = size;
    this.label = label;
  }

  get filter() {
    return this.#filter;
  }

  /** Another filter begins with its first page. */
  set filter(text) {
    this.#first = text === this.#filter ? this.#first : 0;
    this.#filter = text;
  }

  /** The field for the filter. */
  field() {
    return html`<input type="search" placeholder=${this.label} aria-label=${this.label} .value=${this.filter} @input=${(e) => {
      this.filter = e.target.value;
      this.host.requestUpdate();
    }}>`;
  }

  /** That field above a list, where this has more rows than can be read at a glance. */
  finder(all) {
    return all.length > MANY ? html`<p>${this.field()}</p>` : nothing;
  }

  /** Those of `all` to be drawn now; the filter looks at `words(row)`. */
  of(all, words) {
    const wanted = this.filter.trim().toLowerCase();
    const fitting = wanted ? all.filter((row) => words(row).toLowerCase().includes(wanted)) : all;
    this.#fitting = fitting.length;
    if (this.#first >= fitting.length) {
      this.#first = Math.max(0, Math.floor((fitting.length - 1) / this.size) * this.size);
    }
    return fitting.slice(this.#first, this.#first + this.size);
  }

  /** Which rows these are, with the way to the others; nothing where all are there. */
  pages() {
    if (this.#fitting === 0) {
      return this.filter ? html`<p class="quiet" role="status">Nothing fits the filter.</p>` : nothing;
    }
    if (this.#fitting <= this.size) {
      return nothing;
    }
    const last = Math.min(this.#fitting, this.#first + this.size);
    return html`<p class="pages"><span role="status">${count(this.#first + 1)} to ${count(last)} of ${count(this.#fitting)}</span>
      <button ?disabled=${this.#first === 0} @click=${() => this.#turn(this.#first - this.size)}>Page before</button>
      <button ?disabled=${last === this.#fitting} @click=${() => this.#turn(this.#first + this.size)}>Next page</button></p>`;
  }

  #turn(first) {
    this.#first = Math.max(0, first);
    this.host.requestUpdate();
  }
}
