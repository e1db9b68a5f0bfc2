import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {propose} from '../parts/dialog.js';
import {Plain} from '../parts/element.js';
import {title} from '../parts/format.js';
import {prose, resolve} from '../parts/form.js';
import {inquire} from '../parts/inquire.js';
import {live} from '../parts/live.js';
import {failed, heading, href, nothingThere, waiting} from '../parts/pieces.js';
import {Rows} from '../parts/rows.js';
import {ruleNames} from '../wizards/rule.js';
import '../parts/form.js';

/** Reads configuration and schema, then draws. */
class Configured extends Plain {
  static properties = {desired: {state: true}, schema: {state: true}, problem: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    this.stopBack = live.whenBack(() => this.draft ?? this.ask());
    this.ask();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stopBack();
  }

  /** The same element shows the next object when only the address changes, as after a rename. */
  willUpdate(changed) {
    if (this.hasUpdated && (changed.has('section') || changed.has('name'))) {
      this.desired = undefined;
      this.draft = undefined;
      this.ask();
    }
  }

  async ask() {
    try {
      [this.desired, this.schema] = await Promise.all([api.config(), this.schema ?? api.schema()]);
      access.own(this.desired.ownership);
      this.problem = null;
    } catch (problem) {
      this.problem = problem;
    }
  }

  render() {
    return this.problem ? failed(this.problem) : this.desired && this.schema ? this.draw() : waiting();
  }

  /** The sections that hold objects by name. */
  sections() {
    return Object.entries(this.schema.properties ?? {})
      .map(([key, raw]) => [key, resolve(raw, this.schema)])
      .filter(([, s]) => s.additionalProperties && typeof s.additionalProperties === 'object' || s.patternProperties);
  }

  objects(section) {
    return this.desired.document[section] ?? {};
  }
}

const schemaOfObject = (section) => section.additionalProperties && typeof section.additionalProperties === 'object'
  ? section.additionalProperties
  : Object.values(section.patternProperties ?? {})[0];

class Catalogs extends Configured {
  draw() {
    return html`${heading('Catalogs')}
      ${access.fixed ? access.notice('global') : nothing}
      <div class="cards">
        ${this.sections().map(([key, s]) => html`<section class="card">
          <h2><a href=${href('catalogs', key)}>${title(key)}</a></h2>
          ${s.description ? html`<p class="quiet">${prose(s.description)}</p>` : nothing}
          <p>${Object.keys(this.objects(key)).length} defined</p>
        </section>`)}
        <section class="card"><h2><a href=${href('catalogs', 'certificates')}>Certificates</a></h2>
          <p class="quiet">Certificates and keys of virtual servers: import, create, request, and when they expire.</p></section>
        <section class="card"><h2><a href=${href('catalogs', 'alerting')}>Alerting</a></h2>
          <p class="quiet">Which events are followed by which actions, as one table.</p></section>
        <section class="card"><h2><a href=${href('catalogs', 'global')}>Global settings</a></h2>
          <p class="quiet">What holds for the whole of Weir.</p></section>
      </div>`;
  }
}

class Catalog extends Configured {
  static properties = {section: {}};

  rows = new Rows(this);

  async ask() {
    await super.ask();
    if (this.section === 'rules' && this.desired) {
      this.rules = await ruleNames(this.desired);
      this.requestUpdate();
    }
  }

  draw() {
    const names = this.section === 'rules' ? (this.rules ?? []) : Object.keys(this.objects(this.section));
    const add = !access.canChange(this.section) ? nothing : html`<button class="primary" @click=${() => this.add()}>New …</button>`;
    return html`${heading(title(this.section), add)}${access.notice(this.section)}${this.rows.finder(names)}
      ${names.length === 0
        ? nothingThere(`There are no ${this.section.replaceAll('-', ' ')} yet.`, add)
        : html`<table><thead><tr><th>Name</th><th>Settings</th></tr></thead><tbody>
            ${this.rows.of(names, (name) => `${name} ${summary(this.objects(this.section)[name])}`).map((name) => html`<tr>
              <td><a href=${href('catalogs', this.section, name)}>${name}</a></td>
              <td class="free quiet">${summary(this.objects(this.section)[name])}</td></tr>`)}</tbody></table>${this.rows.pages()}`}
      <p><a href="#/catalogs">All catalogs</a></p>`;
  }

  async add() {
    const named = await inquire(`New object in ${title(this.section).toLowerCase()}`, {name: ''}, (field) => html`
      <label>Name <input required autofocus pattern="[^\\/]+" @input=${field('name')}></label>`, {next: 'Next'});
    if (named) {
      location.hash = href('catalogs', this.section, named.name);
    }
  }
}

/** An object that is being copied: its section, the name of the copy, and the settings. */
let copied = null;

class CatalogObject extends Configured {
  static properties = {section: {}, name: {}, draft: {state: true}};

  async ask() {
    await super.ask();
    if (copied?.section === this.section && copied.name === this.name && this.desired && !(this.name in this.objects(this.section))) {
      this.draft = copied.value;
    }
    copied = null;
  }

  draw() {
    const whole = resolve(this.schema.properties[this.section], this.schema);
    const single = this.section === 'global';
    const present = single ? this.desired.document.global : this.objects(this.section)[this.name];
    const value = this.draft ?? present ?? {};
    const path = single ? ['global'] : [this.section, this.name];
    const isText = typeof value === 'string';
    const fixed = !access.canChange(this.section);
    const actions = fixed
      ? nothing
      : html`${present && !single ? html`<button @click=${() => this.copy(present)}>Copy …</button>
            <button @click=${() => this.rename()}>Rename …</button>
            <button class="danger" @click=${() => this.takeAway(path)}>Remove …</button>` : nothing}
          <button class="primary" ?disabled=${this.draft === undefined && present !== undefined}
            @click=${() => this.save(path, value)}>Save …</button>`;
    const test = this.section === 'actions' && present !== undefined && access.may('actions', 'operate')
      ? html`<button @click=${() => this.test()}>Send a test event</button>`
      : nothing;
    return html`${heading(single ? 'Global settings' : `${this.name}${present === undefined ? ' (new)' : ''}`, html`${test}${actions}`)}
      ${access.notice(this.section)}
      ${isText
        ? html`<textarea class="code" rows="20" aria-label="Content" ?readonly=${fixed} .value=${value} @input=${(e) => (this.draft = e.target.value)}></textarea>`
        : html`<weir-form .fixed=${fixed} .schema=${single ? whole : schemaOfObject(whole)} .root=${this.schema} .value=${value}
            .names=${(section) => Object.keys(this.objects(section))} @change=${(e) => {
              if (e.detail) {
                this.draft = e.detail;
              }
            }}></weir-form>`}
      <p><a href=${single ? '#/catalogs' : href('catalogs', this.section)}>${single ? 'All catalogs' : title(this.section)}</a></p>`;
  }

  async test() {
    const {testAction} = await import('./alerting.js');
    await testAction(this.name);
  }

  async save(path, value) {
    if (await propose(`Save ${path.at(-1)}`, [{put: path, value}], {base: this.desired.revision})) {
      this.draft = undefined;
      await this.ask();
    }
  }

  async takeAway(path) {
    if (await propose(`Remove ${path.at(-1)}`, [{remove: path}], {base: this.desired.revision})) {
      location.hash = href('catalogs', this.section);
    }
  }

  /** Begins a new object with the settings of this one; nothing is made before it is saved. */
  async copy(present) {
    const entered = await inquire(`Copy ${this.name}`, {to: ''}, (field) => html`
      <label>Name of the copy <input required autofocus pattern="[^\\/]+" @input=${field('to')}></label>`, {next: 'Next'});
    if (entered) {
      copied = {section: this.section, name: entered.to, value: present};
      location.hash = href('catalogs', this.section, entered.to);
    }
  }

  async rename() {
    const entered = await inquire(`Rename ${this.name}`, {to: this.name}, (field, values) => html`
      <label>New name <input required autofocus .value=${values.to} @input=${field('to')}></label>`, {next: 'Show what it does …'});
    if (entered && entered.to !== this.name
        && await propose(`Rename ${this.name} to ${entered.to}`, [{rename: [this.section, this.name], to: entered.to}], {base: this.desired.revision})) {
      location.hash = href('catalogs', this.section, entered.to);
    }
  }
}

/** The first few settings of an object, in one line. */
function summary(value) {
  if (typeof value === 'string') {
    return value.split('\n', 1)[0];
  }
  return Object.entries(value ?? {}).slice(0, 4)
    .map(([key, v]) => `${key}: ${typeof v === 'object' ? JSON.stringify(v) : v}`).join(', ').slice(0, 160);
}

customElements.define('weir-catalogs', Catalogs);
customElements.define('weir-catalog', Catalog);
customElements.define('weir-catalog-object', CatalogObject);

export async function show([section, name]) {
  if (section === 'rules' && name) {
    await import('./rule.js');
    return html`<weir-rule .name=${name}></weir-rule>`;
  }
  if (section === 'certificates') {
    await import('./certificates.js');
    return html`<weir-certificates></weir-certificates>`;
  }
  if (section === 'alerting') {
    await import('./alerting.js');
    return html`<weir-alerting></weir-alerting>`;
  }
  if (section === 'global' || name) {
    return html`<weir-catalog-object .section=${section} .name=${name ?? ''}></weir-catalog-object>`;
  }
  return section ? html`<weir-catalog .section=${section}></weir-catalog>` : html`<weir-catalogs></weir-catalogs>`;
}
