import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {Asking} from '../parts/asking.js';
import {title} from '../parts/format.js';
import {inquire} from '../parts/inquire.js';
import {href, light} from '../parts/pieces.js';
import {systemTop} from './system.js';

/** Whether a permission comes with that for everything, which users are no part of. */
const covered = (granted, kind, action) => kind !== '*' && kind !== 'users' && Boolean(granted['*']?.includes(action));

/** What each role may: a matrix of kinds of objects and actions. */
class Roles extends Asking {
  static properties = {chosen: {}, draft: {state: true}, saved: {state: true}};

  async ask() {
    const {roles, kinds, permissions} = await api.roles();
    return {roles, kinds: ['*', ...kinds.filter((kind) => kind !== '*')], actions: permissions};
  }

  willUpdate(changed) {
    if (changed.has('chosen')) {
      this.draft = null;
      this.saved = false;
    }
  }

  top() {
    return systemTop('roles', access.may('users') ? html`<button class="primary" @click=${() => this.add()}>New role …</button>` : nothing);
  }

  draw() {
    const {roles, actions} = this.answer;
    const role = roles.find((each) => each.name === this.chosen) ?? roles[0];
    const fixed = role['built-in'] || !access.may('users');
    const granted = this.draft ?? role.permissions;
    const kinds = [...this.answer.kinds, ...Object.keys(granted).filter((kind) => !this.answer.kinds.includes(kind))];
    return html`<div class="tabs" role="navigation" aria-label="Roles">${roles.map(({name}) => html`<a href=${href('system', 'roles', name)}
        aria-current=${name === role.name ? 'page' : nothing}>${name}</a>`)}</div>
      <p class="quiet">${role['built-in'] ? 'This role is built in and stays as it is.' : ''}
        ${role.users.length ? `Given to ${role.users.join(', ')}.` : 'Nobody has it.'}</p>
      <table class="matrix"><caption>What the role ${role.name} may</caption>
        <thead><tr><th>Kind of object</th>${actions.map((a) => html`<th>${a}</th>`)}</tr></thead>
        <tbody>${kinds.map((kind) => html`<tr><th scope="row">${kind === '*' ? 'Everything but users' : title(kind)}</th>
          ${actions.map((action) => html`<td><input type="checkbox" aria-label="${action} ${kind === '*' ? 'everything' : kind}"
            ?disabled=${fixed || covered(granted, kind, action)} .checked=${covered(granted, kind, action) || Boolean(granted[kind]?.includes(action))} @change=${(e) => this.toggle(granted, kind, action, e.target.checked)}></td>`)}</tr>`)}
        </tbody></table>
      ${fixed ? nothing : html`<p class="row"><button class="primary" ?disabled=${!this.draft} @click=${() => this.save(role.name)}>Save</button>
        <button class="danger" @click=${() => this.takeAway(role.name)}>Remove …</button>
        <span role="status">${this.saved ? light('good', 'saved') : ''}</span></p>`}`;
  }

  toggle(granted, kind, action, on) {
    const actions = new Set(granted[kind] ?? []);
    this.saved = false;
    if (on) {
      actions.add(action);
    } else {
      actions.delete(action);
    }
    this.draft = {...granted, [kind]: [...actions]};
    if (actions.size === 0) {
      delete this.draft[kind];
    }
  }

  async save(role) {
    try {
      await api.setRole(role, this.draft);
      this.draft = null;
      await this.load();
      this.saved = true;
    } catch (problem) {
      this.problem = problem;
    }
  }

  async add() {
    const made = await inquire('New role', {name: ''}, (field) => html`
        <label>Name <input required autofocus @input=${field('name')}></label>
        <p class="quiet">It may read everything at first.</p>`,
      {next: 'Make', act: async ({name}) => {
        await api.setRole(name, {'*': ['read']});
        return {name};
      }});
    await this.load();
    if (made) {
      location.hash = href('system', 'roles', made.name);
    }
  }

  async takeAway(role) {
    const done = await inquire(`Remove the role ${role}`, {}, () => html`<p>Only a role that nobody has can go.</p>`,
      {next: 'Remove', act: () => api.removeRole(role)});
    if (done) {
      await this.load();
      location.hash = href('system', 'roles');
    }
  }
}

customElements.define('weir-roles', Roles);
