import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {propose} from '../parts/dialog.js';
import {converted, description, FRESH, source} from '../parts/built-rule.js';
import {Plain} from '../parts/element.js';
import {failed, heading, href, light, waiting} from '../parts/pieces.js';
import {enableRule} from '../wizards/rule.js';
import {versions} from './rule-versions.js';
import '../parts/editor.js';
import './rule-builder.js';
import './rule-trial.js';

const PAUSE = 600;

const BEGIN = `// Runs for every request of the virtual servers that name this rule.
if (http.getPath().startsWith('/shop/')) {
  pool.use('shop');
}
`;

const fileOf = (rule) => (typeof rule === 'string' ? rule : rule?.file);

const usesRule = (list, name) => (list ?? []).some((use) => (typeof use === 'string' ? use : use.rule) === name);

/** A rule: its text, checked by Weir whenever typing pauses, tried on a request, and saved as a change like all others. */
class RulePage extends Plain {
  static properties = {name: {}, problem: {state: true}, text: {state: true}, findings: {state: true}, changed: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  willUpdate(changed) {
    if (this.hasUpdated && changed.has('name')) {
      clearTimeout(this.timer);
      this.text = undefined;
      this.findings = [];
      this.load();
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  async load() {
    try {
      this.desired = await api.config();
      access.own(this.desired.ownership);
      const {[this.name]: rule, ...others} = this.desired.document.rules ?? {};
      this.listed = rule !== undefined;
      this.taken = new Set(Object.values(others).map(fileOf));
      this.file = fileOf(rule) ?? await this.fileByName();
      this.functions ??= (await api.ruleFunctions()).functions;
      const there = await this.present();
      this.made = there === null;
      this.text = there ?? BEGIN;
      this.changed = this.made;
      this.findings = [];
      this.problem = null;
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** The file of a rule that is not listed. One that was renamed may have that of this name: then it is another one. */
  async fileByName() {
    const file = `rules/${this.name}.js`;
    if (access.fixed || !this.taken.has(file)) {
      return file;
    }
    const stored = new Set((await api.files()).files.map(({path}) => path));
    for (let i = 2; ; i++) {
      const free = `rules/${this.name}-${i}.js`;
      if (!stored.has(free) && !this.taken.has(free)) {
        return free;
      }
    }
  }

  /** The text as it is in force; null when the rule is new. */
  async present() {
    try {
      return await api.file(this.file);
    } catch (problem) {
      if (problem.status === 404 && !access.fixed) {
        return null;
      }
      throw problem;
    }
  }

  edits() {
    return [
      {putFile: this.file, text: this.text},
      ...(this.listed ? [] : [{put: ['rules', this.name], value: this.file}]),
    ];
  }

  typed(text) {
    if (text === this.text) {
      return;
    }
    this.text = text;
    this.changed = true;
    clearTimeout(this.timer);
    if (access.canChange('rules')) {
      this.timer = setTimeout(() => this.check(), PAUSE);
    }
  }

  async check() {
    const asked = this.text;
    let found = [];
    try {
      await api.change(this.edits(), {dryRun: true});
    } catch (problem) {
      found = problem.findings.filter((f) => f.severity !== 'warning')
        .map((f) => ({line: f.line || 1, column: f.column || 1, message: f.message ?? f.text}));
      if (found.length === 0) {
        found = [{line: 1, column: 1, message: problem.message}];
      }
    }
    if (asked === this.text && this.isConnected) {
      this.findings = found;
    }
  }

  async save() {
    if (await propose(`Save the rule ${this.name}`, this.edits(), {base: this.desired.revision})) {
      await this.load();
    }
  }

  async look() {
    const text = await versions(this.file, this.text, access.canChange('rules'));
    if (text !== undefined) {
      this.typed(text);
    }
  }

  async takeAway() {
    const edits = [
      ...(this.taken.has(this.file) ? [] : [{removeFile: this.file}]),
      ...(this.listed ? [{remove: ['rules', this.name]}] : []),
    ];
    if (await propose(`Remove the rule ${this.name}`, edits, {base: this.desired.revision})) {
      location.hash = href('catalogs', 'rules');
    }
  }

  render() {
    if (this.problem) {
      return html`${heading(`Rule ${this.name}`)}${access.notice('rules')}${failed(this.problem)}`;
    }
    if (this.text === undefined) {
      return html`${heading(`Rule ${this.name}`)}${waiting()}`;
    }
    const mine = access.canChange('rules') && access.canChange('files');
    const findings = this.findings ?? [];
    const model = description(this.text);
    return html`${heading(`Rule ${this.name}${this.made ? ' (new)' : ''}`, html`
        ${access.may('history', 'read') && !access.fixed && !this.made ? html`<button @click=${() => this.look()}>Versions …</button>` : nothing}
        ${mine && !this.made ? html`<button @click=${() => enableRule(this.name)}>Enable …</button>
          <button class="danger" @click=${() => this.takeAway()}>Remove …</button>` : nothing}
        ${mine ? html`<button class="primary" ?disabled=${!this.changed} @click=${() => this.save()}>Save …</button>` : nothing}`)}
      ${access.notice('rules')}
      ${this.users()}
      ${mine && this.made && this.text === BEGIN
        ? html`<p><button @click=${() => this.typed(source(FRESH))}>Build it from conditions and actions</button></p>` : nothing}
      ${model ? html`<weir-rule-builder .model=${model} .fixed=${!mine} @built=${(e) => this.typed(source(e.detail))}></weir-rule-builder>
        ${mine ? html`<p><button @click=${() => this.typed(converted(this.text))}>Go on as a program</button></p>` : nothing}
        <details><summary>The program that does it</summary><pre tabindex="0">${converted(this.text)}</pre></details>`
        : html`<weir-editor label="Source of the rule ${this.name}" .functions=${this.functions} .value=${this.text}
        .problems=${findings} @change=${(e) => this.typed(e.detail)}></weir-editor>`}
      <div aria-live="polite">${findings.length
        ? html`<div class="notice bad">${findings.map((f) => html`<p>Line ${f.line}: ${f.message}</p>`)}</div>`
        : nothing}</div>
      ${model ? nothing : html`<p class="quiet">Complete names with Control and Space; hover over one for its meaning. Escape, then Tab, leaves the editor.</p>`}
      <weir-rule-trial .name=${this.name} .source=${this.text}></weir-rule-trial>
      <p><a href=${href('catalogs', 'rules')}>Rules</a></p>`;
  }

  /** Which virtual servers run it. */
  users() {
    const users = Object.entries(this.desired.document['virtual-servers'] ?? {})
      .filter(([, v]) => ['request-rules', 'response-rules', 'completion-rules'].some((list) => usesRule(v[list], this.name)));
    return html`<p>${users.length
      ? html`Run by ${users.map(([name], i) => html`${i ? ', ' : ''}<a href=${href('services', 'server', name)}>${name}</a>`)}`
      : light('off', 'no virtual server runs it')}</p>`;
  }
}

customElements.define('weir-rule', RulePage);
