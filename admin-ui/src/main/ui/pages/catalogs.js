import {html, nothing} from 'lit';
import {api} from '../parts/api.js';
import {ask, propose} from '../parts/dialog.js';
import {Plain} from '../parts/element.js';
import {title} from '../parts/format.js';
import {resolve} from '../parts/form.js';
import {failed, heading, href, light, nothingThere, waiting} from '../parts/pieces.js';
import '../parts/form.js';

/** Reads configuration and schema, then draws. */
class Configured extends Plain {
  static properties = {desired: {state: true}, schema: {state: true}, problem: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    this.ask();
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

  get fixed() {
    return this.desired.ownership === 'files';
  }
}

const schemaOfObject = (section) => section.additionalProperties && typeof section.additionalProperties === 'object'
  ? section.additionalProperties
  : Object.values(section.patternProperties ?? {})[0];

class Catalogs extends Configured {
  draw() {
    return html`${heading('Catalogs')}
      ${this.fixed
        ? html`<p class="notice">The configuration belongs to files. It can be looked at here, and is changed there.
            <code>weir run</code> without a file serves the managed store, which these pages can change.</p>`
        : nothing}
      <div class="cards">
        ${this.sections().map(([key, s]) => html`<section class="card">
          <h2><a href=${href('catalogs', key)}>${title(key)}</a></h2>
          ${s.description ? html`<p class="quiet">${s.description}</p>` : nothing}
          <p>${Object.keys(this.objects(key)).length} defined</p>
        </section>`)}
        <section class="card"><h2><a href=${href('catalogs', 'global')}>Global settings</a></h2>
          <p class="quiet">What holds for the whole of Weir.</p></section>
      </div>`;
  }
}

class Catalog extends Configured {
  static properties = {section: {}};

  draw() {
    const names = Object.keys(this.objects(this.section));
    const add = this.fixed ? nothing : html`<button class="primary" @click=${() => this.add()}>New …</button>`;
    return html`${heading(title(this.section), add)}
      ${names.length === 0
        ? nothingThere(`There are no ${this.section.replaceAll('-', ' ')} yet.`, add)
        : html`<table><thead><tr><th>Name</th><th>Settings</th></tr></thead><tbody>
            ${names.map((name) => html`<tr><td><a href=${href('catalogs', this.section, name)}>${name}</a></td>
              <td class="quiet">${summary(this.objects(this.section)[name])}</td></tr>`)}</tbody></table>`}
      <p><a href="#/catalogs">All catalogs</a></p>`;
  }

  async add() {
    let name = '';
    const named = await ask(`New object in ${title(this.section).toLowerCase()}`, (close) => html`<form @submit=${(e) => {
        e.preventDefault();
        close(true);
      }}>
      <label>Name <input required autofocus pattern="[^\\/]+" @input=${(e) => (name = e.target.value.trim())}></label>
      <footer><button type="button" @click=${() => close()}>Cancel</button><button class="primary">Next</button></footer></form>`);
    if (named && name) {
      location.hash = href('catalogs', this.section, name);
    }
  }
}

class CatalogObject extends Configured {
  static properties = {section: {}, name: {}, draft: {state: true}};

  draw() {
    const whole = resolve(this.schema.properties[this.section], this.schema);
    const single = this.section === 'global';
    const present = single ? this.desired.document.global : this.objects(this.section)[this.name];
    const value = this.draft ?? present ?? {};
    const path = single ? ['global'] : [this.section, this.name];
    const isText = typeof value === 'string';
    const actions = this.fixed
      ? nothing
      : html`${present && !single ? html`<button @click=${() => this.rename()}>Rename …</button>
            <button class="danger" @click=${() => this.takeAway(path)}>Remove …</button>` : nothing}
          <button class="primary" ?disabled=${this.draft === undefined && present !== undefined}
            @click=${() => this.save(path, value)}>Save …</button>`;
    const test = this.section === 'actions' && present !== undefined
      ? html`<button @click=${() => this.test()}>Send a test event</button>`
      : nothing;
    return html`${heading(single ? 'Global settings' : `${this.name}${present === undefined ? ' (new)' : ''}`, html`${test}${actions}`)}
      ${isText
        ? html`<textarea class="code" rows="20" .value=${value} @input=${(e) => (this.draft = e.target.value)}></textarea>`
        : html`<weir-form .schema=${single ? whole : schemaOfObject(whole)} .root=${this.schema} .value=${value}
            @change=${(e) => {
              if (e.detail) {
                this.draft = e.detail;
              }
            }}></weir-form>`}
      <p><a href=${single ? '#/catalogs' : href('catalogs', this.section)}>${single ? 'All catalogs' : title(this.section)}</a></p>`;
  }

  /** Has Weir send an event to the receiver of this action, as it is in force. */
  async test() {
    const answer = await api.testAction(this.name).catch((problem) => ({trouble: problem.message}));
    await ask(`Test of ${this.name}`, (close) => html`<div>
      <p>${answer.trouble ? light('bad', answer.trouble) : light('good', `delivered in ${answer['took-millis']} ms`)}</p>
      <footer><button class="primary" @click=${() => close()}>Close</button></footer></div>`);
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

  async rename() {
    let to = this.name;
    const named = await ask(`Rename ${this.name}`, (close) => html`<form @submit=${(e) => {
        e.preventDefault();
        close(true);
      }}>
      <label>New name <input required autofocus .value=${to} @input=${(e) => (to = e.target.value.trim())}></label>
      <footer><button type="button" @click=${() => close()}>Cancel</button><button class="primary">Next</button></footer></form>`);
    if (named && to !== this.name
        && await propose(`Rename ${this.name} to ${to}`, [{rename: [this.section, this.name], to}], {base: this.desired.revision})) {
      location.hash = href('catalogs', this.section, to);
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
  if (section === 'global' || name) {
    return html`<weir-catalog-object .section=${section} .name=${name ?? ''}></weir-catalog-object>`;
  }
  return section ? html`<weir-catalog .section=${section}></weir-catalog>` : html`<weir-catalogs></weir-catalogs>`;
}
