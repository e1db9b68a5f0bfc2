import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {Asking} from '../parts/asking.js';
import {propose, tell} from '../parts/dialog.js';
import {heading, href, light, nothingThere} from '../parts/pieces.js';

/** Has Weir send an event to the receiver of an action, as it is in force, and tells what came of it. */
export async function testAction(name) {
  const answer = await api.testAction(name).catch((problem) => ({trouble: problem.message}));
  await tell(`Test of ${name}`, html`<p>${answer.trouble ? light('bad', answer.trouble) : light('good', `delivered in ${answer.milliseconds} ms`)}</p>`);
}

/** Which events are followed by which actions: a matrix. */
class Alerting extends Asking {
  static properties = {draft: {state: true}};

  async ask() {
    const [types, desired] = await Promise.all([api.eventTypes(), api.config()]);
    return {types: types['event-types'], desired};
  }

  top() {
    return html`${heading('Alerting', access.canChange('event-types')
      ? html`<button class="primary" ?disabled=${!this.draft} @click=${() => this.save()}>Save …</button>` : nothing)}
      ${access.notice('event-types')}`;
  }

  /** The actions that follow events of a type, as drafted. */
  follow(type) {
    return this.draft?.[type.name] ?? type.actions ?? [];
  }

  draw() {
    const actions = Object.keys(this.answer.desired.document.actions ?? {});
    if (actions.length === 0) {
      return nothingThere('There are no actions yet: nothing is told to anybody.',
        access.canChange('actions') ? html`<a class="button" href=${href('catalogs', 'actions')}>Actions</a>` : nothing);
    }
    const fixed = !access.canChange('event-types');
    return html`<table class="matrix"><caption>Events, and the actions that follow them</caption>
      <thead><tr><th>Event type</th>${actions.map((a) => html`<th><a href=${href('catalogs', 'actions', a)}>${a}</a>
        ${access.may('actions', 'operate') ? html`<button class="small" aria-label="Test ${a}" @click=${() => testAction(a)}>Test</button>` : nothing}</th>`)}</tr></thead>
      <tbody>${this.answer.types.map((type) => html`<tr><th scope="row"><a href=${href('catalogs', 'event-types', type.name)}>${type.name}</a>
          <small>${(type.events ?? []).slice(0, 6).join(' ')}${(type.events ?? []).length > 6 ? ' …' : ''}</small></th>
        ${actions.map((action) => html`<td><input type="checkbox" aria-label="${action} follows ${type.name}" ?disabled=${fixed}
          .checked=${this.follow(type).includes(action)} @change=${(e) => this.toggle(type, action, e.target.checked)}></td>`)}</tr>`)}</tbody></table>
      <p class="row"><a class="button" href=${href('catalogs', 'event-types')}>Event types</a>
        <a class="button" href=${href('catalogs', 'actions')}>Actions</a></p>`;
  }

  toggle(type, action, on) {
    const followed = new Set(this.follow(type));
    if (on) {
      followed.add(action);
    } else {
      followed.delete(action);
    }
    this.draft = {...this.draft, [type.name]: [...followed]};
  }

  async save() {
    const types = this.answer.desired.document['event-types'] ?? {};
    const edits = Object.entries(this.draft).map(([name, actions]) => ({put: ['event-types', name], value: {...types[name], actions}}));
    if (await propose('Alerting', edits, {base: this.answer.desired.revision})) {
      this.draft = null;
      await this.load();
    }
  }
}

customElements.define('weir-alerting', Alerting);
