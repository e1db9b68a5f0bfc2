import {html, nothing} from 'lit';
import {Plain} from './element.js';
import {title} from './format.js';

/** Follows `$ref` and takes the first usable branch of a choice. */
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

/** What kind of control a schema wants. */
function kind(schema) {
  const types = [schema.type].flat().filter(Boolean);
  if (schema.enum) {
    return 'choice';
  }
  for (const [type, control] of [['boolean', 'switch'], ['integer', 'number'], ['number', 'number'], ['string', 'text']]) {
    if (types.length === 1 && types[0] === type) {
      return control;
    }
  }
  if (types.length === 1 && types[0] === 'array' && schema.items && !(schema.items.properties || schema.items.$ref)) {
    return 'list';
  }
  return 'json';
}

/**
 * A form for one object of the configuration, made of its JSON Schema: what is set comes first,
 * everything else is one click away. `value` is the object; `change` events carry a new one; with
 * `fixed` it can only be looked at.
 */
class SchemaForm extends Plain {
  static properties = {schema: {}, root: {}, value: {}, fixed: {type: Boolean}, all: {state: true}};

  render() {
    const schema = resolve(this.schema, this.root);
    const value = this.value ?? {};
    const keys = Object.keys(schema.properties ?? {});
    const required = new Set(schema.required ?? []);
    const set = keys.filter((key) => key in value || required.has(key));
    const unset = keys.filter((key) => !set.includes(key));
    return html`<fieldset class="bare" ?disabled=${this.fixed}><legend class="hidden">Settings</legend><div class="fields">
        ${set.map((key) => this.field(key, schema.properties[key], value[key], required.has(key)))}
      </div>
      ${unset.length
        ? html`<details ?open=${this.all} @toggle=${(e) => (this.all = e.target.open)}>
            <summary>Further settings, at their defaults (${unset.length})</summary>
            <div class="fields">${this.all ? unset.map((key) => this.field(key, schema.properties[key], undefined, false)) : nothing}</div>
          </details>`
        : nothing}</fieldset>`;
  }

  field(key, raw, value, required) {
    const schema = resolve(raw, this.root);
    const id = `field-${key}`;
    const preset = schema.default === undefined ? '' : typeof schema.default === 'object' ? JSON.stringify(schema.default) : String(schema.default);
    return html`<div class="field">
      <label for=${id}>${title(key)}${required ? ' *' : ''}</label>
      ${this.control(id, key, schema, value, preset, required)}
      ${schema.description ? html`<small id="${id}-help">${prose(schema.description)}</small>` : nothing}
    </div>`;
  }

  control(id, key, schema, value, preset, required) {
    const put = (next) => this.put(key, next);
    switch (kind(schema)) {
      case 'switch':
        return html`<select id=${id} @change=${(e) => put(e.target.value === '' ? undefined : e.target.value === 'true')}>
          <option value="" ?selected=${value === undefined}>${preset ? `default (${preset})` : 'default'}</option>
          <option value="true" ?selected=${value === true}>true</option>
          <option value="false" ?selected=${value === false}>false</option></select>`;
      case 'choice':
        return html`<select id=${id} @change=${(e) => put(e.target.value || undefined)}>
          <option value="" ?selected=${value === undefined}>${preset ? `default (${preset})` : 'default'}</option>
          ${schema.enum.map((each) => html`<option ?selected=${each === value}>${each}</option>`)}</select>`;
      case 'number':
        return html`<input id=${id} type="number" .value=${value ?? ''} placeholder=${preset} ?required=${required}
          min=${schema.minimum ?? nothing} max=${schema.maximum ?? nothing}
          @change=${(e) => put(e.target.value === '' ? undefined : Number(e.target.value))}>`;
      case 'text':
        return html`<input id=${id} .value=${value ?? ''} placeholder=${preset} ?required=${required}
          @change=${(e) => put(e.target.value === '' ? undefined : e.target.value)}>`;
      case 'list':
        return html`<textarea id=${id} rows=${Math.min(8, (value?.length ?? 0) + 2)} placeholder="one on each line"
          .value=${[value ?? []].flat().map((v) => (typeof v === 'string' ? v : JSON.stringify(v))).join('\n')}
          @change=${(e) => put(lines(e.target.value))}></textarea>`;
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

function lines(text) {
  const list = text.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => (line.startsWith('{') ? loose(line) : line));
  return list.length ? list : undefined;
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
