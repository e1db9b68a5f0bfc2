import {html, nothing} from 'lit';
import {Plain} from './element.js';
import {title} from './format.js';

/** What `$ref` stands for, with what is said beside it. */
export function resolve(schema, root) {
  let s = schema ?? {};
  for (let depth = 0; s.$ref && depth < 16; depth++) {
    const target = s.$ref.slice(2).split('/').reduce((at, key) => at?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], root);
    s = {...target, ...Object.fromEntries(Object.entries(s).filter(([k]) => k !== '$ref'))};
  }
  return s;
}

/** A description, with what stands between backquotes as code. */
export const prose = (text) => text.split('`').map((part, i) => (i % 2 ? html`<code>${part}</code>` : part));

/** What a value may be; references to the environment and to files may stand for each, and are left out. */
const branches = (schema, root) => (schema.anyOf ?? [schema])
  .filter((each) => each.$ref !== '#/$defs/substitution')
  .map((each) => resolve(each, root))
  .flatMap((each) => (each.anyOf ? branches(each, root) : [each]));

const hasType = (list, type) => list.find((each) => [each.type].flat().includes(type));

/** What kind of control is wanted for what may be one of `list`, and is `value` now. */
function kind(list, value, root) {
  const array = hasType(list, 'array');
  if (array) {
    return hasType(branches(array.items ?? {}, root), 'string') ? 'list' : 'json';
  }
  if (list.length === 1) {
    const [{type, enum: words}] = list;
    const simple = {boolean: 'switch', integer: 'number', number: 'number', string: 'text'}[type];
    return words ? 'choice' : simple === 'number' && typeof value === 'string' ? 'text' : simple ?? 'json';
  }
  return list.some((each) => each.properties || each.type === 'object') ? 'json' : 'text';
}

const isMapping = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A form for one object of the configuration, made of its JSON Schema: what is set comes first,
 * everything else is one click away, and what is a mapping has a form within. `value` is the object;
 * `change` events carry a new one; with `fixed` it can only be looked at. `names(section)` are those
 * that a field may refer to; `at` tells the fields of forms within from each other.
 */
class SchemaForm extends Plain {
  static properties = {schema: {}, root: {}, value: {}, names: {}, at: {}, fixed: {type: Boolean}, all: {state: true}};

  render() {
    const schema = resolve(this.schema, this.root);
    const value = this.value ?? {};
    const keys = Object.keys(schema.properties ?? {});
    const required = new Set(schema.required ?? []);
    const isForm = (key) => this.formOf(schema.properties[key], value[key]) !== null;
    const ordered = [...keys.filter((key) => !isForm(key)), ...keys.filter(isForm)];
    const set = ordered.filter((key) => key in value || required.has(key));
    const unset = ordered.filter((key) => !set.includes(key));
    const fields = (list) => html`<div class="fields">${list.map((key) => this.field(key, schema.properties[key], value[key], required.has(key)))}</div>`;
    return html`<fieldset class="bare" ?disabled=${this.fixed}><legend class="hidden">Settings</legend>
      ${set.length ? fields(set) : nothing}
      ${unset.length
        ? html`<details ?open=${this.all} @toggle=${(e) => (this.all = e.target.open)}>
            <summary>Further settings, at their defaults (${unset.length})</summary>${this.all ? fields(unset) : nothing}
          </details>`
        : nothing}</fieldset>`;
  }

  /** The schema of the form that a value is edited with; null for what is edited in one control. */
  formOf(raw, value) {
    const list = branches(resolve(raw, this.root), this.root);
    const mapping = list.find((each) => each.properties);
    return mapping && (isMapping(value) || list.length === 1) ? mapping : null;
  }

  field(key, raw, value, required) {
    const schema = resolve(raw, this.root);
    const list = branches(schema, this.root);
    const mapping = list.find((each) => each.properties);
    const form = this.formOf(raw, value);
    const help = schema.description ? html`<small>${prose(schema.description)}</small>` : nothing;
    if (form) {
      return this.within(key, form, value, help, list.length > 1);
    }
    const id = `field-${this.at ?? ''}${key}`;
    return html`<div class="field">
      <label for=${id}>${title(key)}${required ? ' *' : ''}</label>
      ${this.control(id, key, schema, list.filter((each) => each !== mapping), value, required)}
      ${mapping ? html`<button type="button" class="small" aria-label="Settings of ${title(key)}" @click=${() => this.put(key, {})}>Settings</button>` : nothing}
      ${help}
    </div>`;
  }

  /** The form of a mapping. `alone` means something, too: then it stays when nothing is set. */
  within(key, mapping, value, help, alone) {
    return html`<fieldset class="whole"><legend>${title(key)}</legend>${help}
      <weir-form .schema=${mapping} .root=${this.root} .names=${this.names} .at=${`${this.at ?? ''}${key}-`} .value=${value} @change=${(e) => {
        if (e.detail) {
          this.put(key, alone || Object.keys(e.detail).length ? e.detail : undefined);
        }
      }}></weir-form>
      ${alone ? html`<p><button type="button" class="small" aria-label="Back to the default of ${title(key)}" @click=${() => this.put(key, undefined)}>Back to the default</button></p>` : nothing}
    </fieldset>`;
  }

  control(id, key, schema, list, value, required) {
    const put = (next) => this.put(key, next);
    const preset = schema.default === undefined ? '' : typeof schema.default === 'object' ? JSON.stringify(schema.default) : String(schema.default);
    const choose = (words, read) => html`<select id=${id} @change=${(e) => put(e.target.value === '' ? undefined : read(e.target.value))}>
      <option value="" .selected=${value === undefined}>${preset ? `default (${preset})` : 'default'}</option>
      ${[...new Set([...words, ...(value === undefined ? [] : [String(value)])])].map((each) => html`<option .selected=${each === String(value)}>${each}</option>`)}</select>`;
    switch (kind(list, value, this.root)) {
      case 'switch':
        return choose(['true', 'false'], loose);
      case 'choice':
        return choose(list[0].enum, (text) => text);
      case 'number':
        return html`<input id=${id} type="number" .value=${value ?? ''} placeholder=${preset} ?required=${required}
          min=${schema.minimum ?? list[0].minimum ?? nothing} max=${schema.maximum ?? list[0].maximum ?? nothing} step=${hasType(list, 'integer') ? 1 : 'any'}
          @change=${(e) => put(e.target.value === '' ? undefined : Number(e.target.value))}>`;
      case 'text': {
        const refers = list.find((each) => each['x-refers'])?.['x-refers'] ?? schema['x-refers'];
        const known = (refers && this.names?.(refers)) || [];
        const read = list.length === 1 && list[0].type === 'string' ? (text) => text || undefined : loose;
        return html`<input id=${id} .value=${value ?? ''} placeholder=${preset} ?required=${required} list=${known.length ? `${id}-known` : nothing}
            @change=${(e) => put(read(e.target.value))}>
          ${known.length ? html`<datalist id="${id}-known">${known.map((name) => html`<option value=${name}></option>`)}</datalist>` : nothing}`;
      }
      case 'list':
        return html`<textarea id=${id} rows=${Math.min(8, [value ?? []].flat().length + 1)} placeholder="one on each line"
          .value=${[value ?? []].flat().map((v) => (typeof v === 'string' ? v : JSON.stringify(v))).join('\n')}
          @change=${(e) => put(lines(e.target.value, hasType(list, 'string')))}></textarea>`;
      default:
        return html`<textarea id=${id} class="code" rows=${Math.min(12, shown(value).split('\n').length)} placeholder=${preset || 'JSON'}
          .value=${shown(value)}
          @change=${(e) => put(loose(e.target.value))}></textarea>`;
    }
  }

  put(key, next) {
    const value = {...(this.value ?? {})};
    if (next === undefined) {
      delete value[key];
    } else {
      value[key] = next;
    }
    this.value = value;
    this.dispatchEvent(new CustomEvent('change', {detail: value}));
  }
}

/** A value of any kind, as it is edited. */
const shown = (value) => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 2));

/** What stands on lines; a single one alone where that is as good as a list. */
function lines(text, aloneToo) {
  const list = text.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => (line.startsWith('{') ? loose(line) : line));
  return list.length === 0 ? undefined : aloneToo && list.length === 1 && typeof list[0] === 'string' ? list[0] : list;
}

/** JSON where it is JSON, else the text itself: the server says what is wrong with it. */
function loose(text) {
  if (text.trim() === '') {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

customElements.define('weir-form', SchemaForm);
