import {html, nothing} from 'lit';
import {api} from '../parts/api.js';
import {Asking} from '../parts/asking.js';
import {figure} from '../parts/format.js';
import {nothingThere} from '../parts/pieces.js';
import {activityTop} from './activity.js';
import '../parts/chart.js';

/** Not the past, but what comes: so many looks are kept, one after the other. */
const LIVE = 0;
const PERIOD = 1000;
const LOOKS = 300;

const SPANS = {'10 minutes': 600, hour: 3600, '6 hours': 21600, day: 86400, '7 days': 604800, '30 days': 2592000, '90 days': 7776000};
const POINTS = 300;
const MOST = 8;

const nameOf = (series) => `${series.name}${Object.values(series.labels ?? {}).length ? ` ${Object.values(series.labels).join(' ')}` : ''}`;

/** Charts of any counters, over any time that the history goes back to. */
class Charts extends Asking {
  static properties = {chosen: {state: true}, span: {state: true}, filter: {state: true}};

  constructor() {
    super();
    this.chosen = [];
    this.span = 3600;
    this.filter = '';
    this.listed = false;
  }

  /** Looks at a chosen counter since it was chosen: times in seconds, values, and the last count. */
  #looks = new Map();

  get period() {
    return this.span === LIVE ? PERIOD : this.span <= 3600 || !this.answer?.data ? 5000 : 60000;
  }

  async ask(signal) {
    let series = this.answer?.series ?? [];
    if (series.length === 0) {
      // A Weir that has just begun keeps its first figures some seconds later.
      ({series} = await api.series(signal));
      if (this.chosen.length === 0) {
        this.chosen = series.filter((s) => /request/.test(s.name) && s.kind === 'counter').slice(0, 3).map((s) => s.id);
      }
    }
    if (this.chosen.length === 0) {
      return {series, data: null};
    }
    if (this.span === LIVE) {
      const query = new URLSearchParams();
      this.chosen.forEach((id) => query.append('id', id));
      this.#take(series, await api.seriesNow(query, signal));
      return {series, live: true, data: this.chosen};
    }
    const to = new Date();
    const query = new URLSearchParams({from: new Date(to - this.span * 1000).toISOString(), to: to.toISOString(), points: POINTS});
    this.chosen.forEach((id) => query.append('id', id));
    return {series, data: await api.seriesData(query, signal)};
  }

  /** Adds what is there now; of counters, what was added to them in a second. */
  #take(series, {time, data}) {
    const now = new Date(time) / 1000;
    const kept = new Map();
    for (const {id, value} of data) {
      const {times, values, last} = this.#looks.get(id) ?? {times: [], values: [], last: null};
      const counts = series.find((s) => s.id === id)?.kind === 'counter';
      const seconds = last ? now - last.now : 0;
      if (last && seconds <= 0) {
        kept.set(id, {times, values, last});
        continue;
      }
      const shown = !counts ? value : last && value >= last.value ? (value - last.value) / seconds : null;
      if (!counts || last) {
        times.push(now);
        values.push(shown);
      }
      kept.set(id, {times: times.slice(-LOOKS), values: values.slice(-LOOKS), last: value == null ? null : {now, value}});
    }
    this.#looks = kept;
  }

  top() {
    return html`${activityTop('charts')}
      <form class="row" @submit=${(e) => e.preventDefault()}>
        <label>Time <select @change=${(e) => {
          this.span = Number(e.target.value);
          this.#looks.clear();
          this.load();
        }}><option value=${LIVE} .selected=${this.span === LIVE}>from now on, as it comes</option>${Object.entries(SPANS).map(([name, seconds]) => html`<option value=${seconds} .selected=${seconds === this.span}>the last ${name}</option>`)}</select></label>
      </form>`;
  }

  draw() {
    const {series, data} = this.answer;
    const shown = series.filter((s) => `${nameOf(s)} ${s.help ?? ''}`.toLowerCase().includes(this.filter));
    // Once it is open only the person closes the list.
    this.listed ||= this.chosen.length === 0 && series.length > 0;
    return html`${data ? this.drawn(this.answer).map((each) => this.chart(each)) : nothingThere(series.length ? 'Choose counters below.' : 'No figures have been kept yet. The first come within ten seconds.')}
      <details ?open=${this.listed}><summary>Choose counters (${this.chosen.length} of at most ${MOST})</summary>
        <p><input type="search" placeholder="Filter" aria-label="Filter counters" @input=${(e) => (this.filter = e.target.value.toLowerCase())}></p>
        <ul class="plain-list choices">${shown.slice(0, 200).map((s) => html`<li><label class="check" title=${s.help ?? ''}><input type="checkbox"
          .checked=${this.chosen.includes(s.id)} ?disabled=${this.chosen.length >= MOST && !this.chosen.includes(s.id)}
          @change=${(e) => this.choose(s.id, e.target.checked)}> ${nameOf(s)} <span class="quiet">${s.unit ?? ''}</span></label></li>`)}</ul>
        ${shown.length > 200 ? html`<p class="quiet">${shown.length - 200} more: filter to see them.</p>` : nothing}</details>`;
  }

  /** What is known of each chosen counter: times, values, and while one looks on what it is `now`. */
  drawn({data, live}) {
    if (live) {
      return data.map((id) => {
        const {times, values} = this.#looks.get(id) ?? {times: [], values: []};
        return {id, times, values, now: values.at(-1) ?? null};
      });
    }
    const from = new Date(data.from).getTime() / 1000;
    return data.data.map(({id, values}) => ({id, values, times: values.map((_, i) => from + i * data.step)}));
  }

  /** The chart of one counter, so that each has a scale of its own. */
  chart({id, times, values, now}) {
    const about = this.answer.series.find((s) => s.id === id);
    const counts = about?.kind === 'counter';
    return html`<figure><figcaption>${about ? nameOf(about) : id}${counts ? ', for each second' : ''}${now === undefined ? nothing
      : html`: <strong>${now === null ? '–' : figure(now)}</strong>`} <small>${about?.help ?? ''}</small></figcaption>
      <weir-chart .points=${[times, values]} .names=${[counts ? 'each second' : about?.unit || 'value']}></weir-chart></figure>`;
  }

  choose(id, on) {
    this.chosen = on ? [...this.chosen, id] : this.chosen.filter((each) => each !== id);
    this.load();
  }
}

customElements.define('weir-charts', Charts);
