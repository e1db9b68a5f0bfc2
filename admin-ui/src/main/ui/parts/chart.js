import {html, nothing} from 'lit';
import uPlot from 'uplot';
import {Plain} from './element.js';
import {figure, time} from './format.js';

const COLOURS = ['--series-1', '--series-2', '--series-3', '--series-4'];

/** Between ticks of the axis of time, in seconds: its labels tell no less. */
const STEPS = [1, 5, 10, 15, 30, 60, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400, 172800, 604800, 1209600];

/** Ticks of the axis of time as elsewhere on the pages; whole days by their date alone. */
const clockTimes = (_plot, ticks, _axis, _space, step) => ticks.map((at, i) => {
  const [day, clock] = time(at * 1000).split(' ');
  const shown = step < 60 ? clock : clock.slice(0, 5);
  return step >= 86400 ? day : i === 0 || shown.startsWith('00:00') ? `${shown}\n${day}` : shown;
});

/** A chart over time: `points` is a list of times in seconds and of as many values for each name. */
class Chart extends Plain {
  static properties = {points: {}, names: {}};

  connectedCallback() {
    super.connectedCallback();
    this.watch = new ResizeObserver(() => this.plot?.setSize(this.size()));
    this.watch.observe(this);
    // Colours are drawn, so another scheme needs another drawing.
    this.scheme = matchMedia('(prefers-color-scheme: dark)');
    this.redraw = () => {
      this.drawn = null;
      this.requestUpdate();
    };
    this.scheme.addEventListener('change', this.redraw);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watch.disconnect();
    this.scheme.removeEventListener('change', this.redraw);
    this.plot?.destroy();
    this.plot = null;
  }

  size() {
    return {width: Math.max(200, this.clientWidth), height: 160};
  }

  render() {
    return html`<div></div>${this.points[0].length < 2 ? html`<p class="quiet">The first figures come within seconds.</p>` : nothing}`;
  }

  updated() {
    if (this.points[0].length < 2) {
      return;
    }
    const data = this.points.map((values) => [...values]);
    if (this.plot && this.drawn === this.names.join()) {
      this.plot.setData(data);
      return;
    }
    this.plot?.destroy();
    this.drawn = this.names.join();
    // A canvas does not understand variables: an element has to work the colours out.
    const probe = this.appendChild(document.createElement('span'));
    const colour = (name) => {
      probe.style.color = `var(${name})`;
      return getComputedStyle(probe).color;
    };
    const axis = {stroke: colour('--quiet'), grid: {stroke: colour('--line'), width: 1}, ticks: {stroke: colour('--line'), width: 1}};
    this.plot = new uPlot(
      {
        ...this.size(),
        axes: [{...axis, values: clockTimes, incrs: STEPS, space: 80}, {...axis, size: 60}],
        scales: {y: {range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)]}},
        series: [{label: 'Time', value: (_plot, at) => (at == null ? '–' : time(at * 1000))}, ...this.names.map((label, i) => ({label, value: (_plot, n) => (n == null ? '–' : figure(n)), stroke: colour(COLOURS[i]), width: 2}))],
      },
      data,
      this.firstElementChild,
    );
    probe.remove();
  }
}

customElements.define('weir-chart', Chart);
