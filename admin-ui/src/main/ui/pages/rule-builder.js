import {html, nothing} from 'lit';
import {ACTIONS, COMPARISONS, ENDS, SUBJECTS} from '../parts/built-rule.js';
import {Plain} from '../parts/element.js';
import {isAscii} from '../parts/utf8.js';

/** A name of a host as browsers send it: with letters beyond ASCII it has another spelling there. */
function hostSent(name) {
  const address = `http://${name}`;
  return isAscii(name) || !URL.canParse(address) ? name : new URL(address).hostname;
}

const MATCHES = {all: {words: 'all conditions hold'}, any: {words: 'any condition holds'}};

/** Where a description keeps what the fields of an action hold. */
const PLACES = ['first', 'second'];

/** A rule as conditions and actions; `built` events carry another description. */
class RuleBuilder extends Plain {
  static properties = {model: {}, fixed: {type: Boolean}};

  /** Tells of the description with something else in it. */
  say(changes) {
    this.model = {...this.model, ...changes};
    this.dispatchEvent(new CustomEvent('built', {detail: this.model}));
  }

  render() {
    const {match, conditions, actions, end} = this.model;
    return html`<fieldset class="bare builder" ?disabled=${this.fixed}><legend class="hidden">What the rule does</legend>
      <fieldset><legend>When</legend>
      <p class="row">${choice('How many conditions', MATCHES, match, (chosen) => this.say({match: chosen}))}</p>
      ${conditions.map((c, i) => this.condition(c, i))}
      <p class="row"><button type="button" @click=${() => this.say({conditions: [...conditions, {subject: 'path', compare: 'is', value: '/'}]})}>Another condition</button></p></fieldset>
      <fieldset><legend>Then</legend>
      ${actions.map((a, i) => this.action(a, i))}
      <p class="row"><button type="button" @click=${() => this.say({actions: [...actions, {does: 'set-header', first: '', second: ''}]})}>Another action</button></p></fieldset>
      <fieldset><legend>And in the end</legend>
      <p class="row">${choice('In the end', ENDS, end.does, (does) => this.say({end: {...end, does}}))}${this.fields(ENDS[end.does], end, 'In the end', (changed) => this.say({end: changed}))}</p></fieldset>
    </fieldset>`;
  }

  condition(c, i) {
    const where = `Condition ${i + 1}`;
    const put = (changes) => {
      const changed = {...c, ...changes};
      this.say({conditions: this.model.conditions.with(i, changed.subject === 'host' ? {...changed, value: hostSent(changed.value)} : changed)});
    };
    return html`<p class="row">${choice(`${where}: what`, SUBJECTS, c.subject, (subject) => put({subject}))}
      ${SUBJECTS[c.subject].name ? text(`${where}: name`, c.name, (name) => put({name})) : nothing}
      ${choice(`${where}: how`, COMPARISONS, c.compare, (compare) => put({compare}))}
      ${COMPARISONS[c.compare].value ? text(`${where}: value`, c.value, (value) => put({value})) : nothing}
      <button type="button" aria-label="Remove condition ${i + 1}" @click=${() => this.say({conditions: this.model.conditions.toSpliced(i, 1)})}>Remove</button></p>`;
  }

  action(a, i) {
    const where = `Action ${i + 1}`;
    const put = (changed) => this.say({actions: this.model.actions.with(i, changed)});
    return html`<p class="row">${choice(`${where}: what`, ACTIONS, a.does, (does) => put({...a, does}))}${this.fields(ACTIONS[a.does], a, where, put)}
      <button type="button" aria-label="Remove action ${i + 1}" @click=${() => this.say({actions: this.model.actions.toSpliced(i, 1)})}>Remove</button></p>`;
  }

  fields({fields}, present, where, put) {
    return fields.map((name, i) => text(`${where}: ${name}`, present[PLACES[i]], (value) => put({...present, [PLACES[i]]: value})));
  }
}

const choice = (label, kinds, chosen, put) => html`<select aria-label=${label} @change=${(e) => put(e.target.value)}>
  ${Object.entries(kinds).map(([key, {words}]) => html`<option value=${key} .selected=${key === chosen}>${words}</option>`)}</select>`;

const text = (label, value, put) => html`<input aria-label=${label} placeholder=${label.slice(label.indexOf(':') + 2)} .value=${value ?? ''} @change=${(e) => put(e.target.value)}>`;

customElements.define('weir-rule-builder', RuleBuilder);
