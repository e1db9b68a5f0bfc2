import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {Asking} from '../parts/asking.js';
import {time} from '../parts/format.js';
import {inquire} from '../parts/inquire.js';
import {light} from '../parts/pieces.js';
import {roleBoxes, showSecret} from '../parts/sign-ins.js';
import {systemTop} from './system.js';

const SOURCES = {local: 'this Weir', ldap: 'LDAP', oidc: 'OpenID Connect', certificate: 'certificate'};

/** Who may sign in: users with their roles, tokens and locks. */
class Users extends Asking {
  async ask() {
    const [users, roles] = await Promise.all([api.users(), api.roles()]);
    return {users: users.users, roles: roles.roles.map((role) => role.name)};
  }

  top() {
    const may = access.may('users');
    return html`${systemTop('users', may && this.answer ? html`<button class="primary" @click=${() => this.add()}>New user …</button>` : nothing)}`;
  }

  draw() {
    const may = access.may('users');
    return html`<table><thead><tr><th>Name</th><th>Roles</th><th>State</th><th>Last sign-in</th><th>Tokens</th>
        <th><span class="hidden">Actions</span></th></tr></thead><tbody>
      ${this.answer.users.map((u) => html`<tr>
        <td>${u.name}${u.source && u.source !== 'local' ? html`<small>${SOURCES[u.source] ?? u.source}</small>` : nothing}</td>
        <td>${u.roles.join(', ') || html`<span class="quiet">none</span>`}${u['view-only'] ? html`<small>may only look</small>` : nothing}</td>
        <td>${state(u)}</td>
        <td class="time">${time(u['last-sign-in'])}<small>made ${time(u.created)}</small></td>
        <td>${u.tokens.length ? html`<a href="#/system/tokens">${u.tokens.length}</a>` : nothing}</td>
        <td class="buttons">${may ? html`
          ${u['locked-seconds'] ? html`<button @click=${() => this.unlock(u)}>Unlock</button>` : nothing}
          <button @click=${() => this.roles(u)}>Roles …</button>
          <button @click=${() => this.password(u)}>Password …</button>
          <button class="danger" @click=${() => this.takeAway(u)}>Remove …</button>` : nothing}</td></tr>`)}</tbody></table>`;
  }

  async add() {
    const roles = new Set(['viewer']);
    const made = await inquire('New user', {name: '', password: ''}, (field) => html`
        <label>Name <input required autofocus autocomplete="off" @input=${field('name')}></label>
        <label>Password <input type="password" autocomplete="new-password" minlength="12" @input=${field('password')}>
          <small>Without one, a secret is made that is exchanged for a password at the first sign-in.</small></label>
        ${roleBoxes(this.answer.roles, roles)}`,
      {next: 'Add', act: async ({name, password}) => ({name, ...await api.addUser(name, {password: password || undefined, roles: [...roles]})})});
    if (made?.secret) {
      await showSecret(`New user ${made.name}`, 'Sign in with this secret once, and choose a password then:', made.secret);
    }
    await this.load();
  }

  async roles(user) {
    const roles = new Set(user.roles);
    await inquire(`Roles of ${user.name}`, {}, () => roleBoxes(this.answer.roles, roles), {next: 'Give', act: () => api.setRoles(user.name, [...roles])});
    await this.load();
  }

  async password(user) {
    const made = await inquire(`Another password for ${user.name}`, {password: ''}, (field) => html`
        <label>Password <input type="password" autofocus autocomplete="new-password" minlength="12" @input=${field('password')}>
          <small>Without one, a secret is made that is exchanged for a password at the next sign-in.</small></label>
        <p>Sessions of ${user.name} end.</p>`,
      {next: 'Set', act: ({password}) => api.setPassword(user.name, password)});
    if (made?.secret) {
      await showSecret(`Secret of ${user.name}`, 'Sign in with this secret once, and choose a password then:', made.secret);
    }
    await this.load();
  }

  async unlock(user) {
    await api.unlock(user.name).catch((problem) => (this.problem = problem));
    await this.load();
  }

  async takeAway(user) {
    await inquire(`Remove ${user.name}`, {}, () => html`<p>The user goes, with all tokens and sessions.</p>`,
      {next: 'Remove', act: () => api.removeUser(user.name)});
    await this.load();
  }
}

const state = (user) => (user['locked-seconds'] ? light('bad', 'locked')
  : user['one-time-secret'] ? light('warn', 'to choose a password')
    : light('good', 'may sign in'));

customElements.define('weir-users', Users);
