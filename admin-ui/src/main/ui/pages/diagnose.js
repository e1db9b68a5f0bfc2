import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {Live} from '../parts/element.js';
import {live} from '../parts/live.js';
import {causes, heading, light, tabs} from '../parts/pieces.js';
import './records.js';

const TABS = {events: 'Event log', audit: 'Audit log'};

/** What is wrong now, and what is on record. */
class Diagnose extends Live {
  static properties = {tab: {}};

  render() {
    return html`${heading('Diagnose')}
      ${this.causes()}
      ${tabs('diagnose', Object.fromEntries(Object.entries(TABS).filter(([key]) => access.may(key, 'read'))), this.tab,
        access.may('exchanges', 'read') ? html`<a href="#/activity/requests">Explain a request</a>` : nothing)}
      <weir-records .kind=${this.tab}></weir-records>`;
  }

  causes() {
    const s = live.status;
    if (!s) {
      return nothing;
    }
    return html`<section><h2>What is wrong now</h2>
      ${s.health.causes.length === 0 ? html`<p>${light('good', 'Nothing that Weir knows of.')}</p>` : causes(s.health.causes)}</section>`;
  }
}

customElements.define('weir-diagnose', Diagnose);

export const show = ([tab]) => html`<weir-diagnose .tab=${TABS[tab] ? tab : 'events'}></weir-diagnose>`;
