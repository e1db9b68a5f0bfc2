import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {Live} from '../parts/element.js';
import {count, time} from '../parts/format.js';
import {live} from '../parts/live.js';
import {heading, href, light, nodeIsUp} from '../parts/pieces.js';
import './records.js';

/** Lines of what is wrong that can be taken in; there may be one for each node. */
const MOST = 20;

const TABS = {events: 'Event log', audit: 'Audit log'};

/** What is wrong now, and what is on record. */
class Diagnose extends Live {
  static properties = {tab: {}};

  render() {
    return html`${heading('Diagnose')}
      ${this.causes()}
      <div class="tabs">
        ${Object.entries(TABS).filter(([key]) => access.may(key, 'read')).map(
          ([key, name]) => html`<a href=${href('diagnose', key)} aria-current=${this.tab === key ? 'page' : nothing}>${name}</a>`)}
        ${access.may('exchanges', 'read') ? html`<a href="#/activity/requests">Explain a request</a>` : nothing}
      </div>
      <weir-records .kind=${this.tab}></weir-records>`;
  }

  /** What is wrong now, each in one line. */
  causes() {
    const s = live.status;
    if (!s) {
      return nothing;
    }
    const down = s.pools.flatMap((p) => p.nodes.filter((n) => !nodeIsUp(n) && n.state !== 'disabled').map((n) => ({pool: p.name, ...n})));
    const lines = [
      // Nodes that are down have lines of their own, which know more.
      ...(s.health.reasons ?? []).filter((text) => !down.some((n) => text.startsWith(`node ${n.node} in pool ${n.pool} `)))
        .map((text) => ['warn', text, null]),
      ...down.map((n) => ['bad', `${n.node} of pool ${n.pool}: ${n.cause ?? n.health}${n['down-since'] ? `, since ${time(n['down-since'])}` : ''}`,
        href('services', 'pool', n.pool)]),
    ];
    return html`<section><h2>What is wrong now</h2>
      ${lines.length === 0
        ? html`<p>${light('good', 'Nothing that Weir knows of.')}</p>`
        : html`<ul class="plain-list">${lines.slice(0, MOST).map(([grade, text, link]) =>
            html`<li>${light(grade, link ? html`<a href=${link}>${text}</a>` : text)}</li>`)}
            ${lines.length > MOST ? html`<li>and ${count(lines.length - MOST)} more</li>` : nothing}</ul>`}</section>`;
  }
}

customElements.define('weir-diagnose', Diagnose);

export const show = ([tab]) => html`<weir-diagnose .tab=${TABS[tab] ? tab : 'events'}></weir-diagnose>`;
