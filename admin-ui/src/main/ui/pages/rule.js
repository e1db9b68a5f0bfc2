import {html, nothing} from 'lit';
import {api} from '../parts/api.js';
import {propose} from '../parts/dialog.js';
import {Plain} from '../parts/element.js';
import {ruleFunctions} from '../parts/functions.js';
import {failed, heading, href, waiting} from '../parts/pieces.js';
import '../parts/editor.js';

const BEGIN = `// Runs for every request of the virtual servers that name this rule.
if (http.getPath().startsWith('/shop/')) {
  pool.use('shop');
}
`;

/** A rule: its text, checked by Weir whenever typing pauses, and saved as a change like all others. */
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
      this.rule = this.desired.document.rules?.[this.name];
      this.file = (typeof this.rule === 'string' ? this.rule : this.rule?.file) ?? `rules/${this.name}.js`;
      this.functions ??= ruleFunctions();
      this.text = this.rule ? await api.file(this.file) : BEGIN;
      this.changed = !this.rule;
      this.problem = null;
    } catch (problem) {
      this.problem = problem;
    }
  }

  edits() {
    const edits = [{putFile: this.file, text: this.text}];
    if (!this.rule) {
      edits.push({put: ['rules', this.name], value: this.file});
    }
    return edits;
  }

  typed(text) {
    this.text = text;
    this.changed = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), 600);
  }

  async check() {
    try {
      await api.change(this.edits(), {dryRun: true});
      this.findings = [];
    } catch (problem) {
      this.findings = problem.findings.filter((f) => f.line || f.file).map((f) => ({line: f.line, column: f.column, message: f.message ?? f.text}));
      if (this.findings.length === 0) {
        this.findings = [{line: 1, column: 1, message: problem.message}];
      }
    }
  }

  async save() {
    if (await propose(`Save the rule ${this.name}`, this.edits(), {base: this.desired.revision})) {
      await this.load();
    }
  }

  render() {
    if (this.problem) {
      return failed(this.problem);
    }
    if (this.text === undefined) {
      return waiting();
    }
    const fixed = this.desired.ownership === 'files';
    return html`${heading(
        `Rule ${this.name}`,
        fixed ? nothing : html`<button class="primary" ?disabled=${!this.changed} @click=${() => this.save()}>Save …</button>`,
      )}
      <weir-editor label="Source of the rule ${this.name}" .functions=${this.functions} .value=${this.text}
        .problems=${this.findings ?? []} @change=${(e) => this.typed(e.detail)}></weir-editor>
      ${(this.findings ?? []).length
        ? html`<div class="notice bad" role="alert">${this.findings.map((f) => html`<p>Line ${f.line}: ${f.message}</p>`)}</div>`
        : nothing}
      <p class="quiet">Complete names with Control and Space; hover over one for its meaning. Escape, then Tab, leaves the editor.</p>
      <p><a href=${href('catalogs', 'rules')}>Rules</a></p>`;
  }
}

customElements.define('weir-rule', RulePage);
