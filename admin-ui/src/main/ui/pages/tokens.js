import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {Asking} from '../parts/asking.js';
import {time} from '../parts/format.js';
import {inquire} from '../parts/inquire.js';
import {light, nothingThere} from '../parts/pieces.js';
import {roleBoxes, showSecret} from '../parts/sign-ins.js';
import {systemTop} from './system.js';

/** Tokens with which programs sign in: one's own, and those of everybody for who may see users. */
class Tokens extends Asking {
  static properties = {user: {}};

  async ask() {
    const all = access.may('users', 'read');
    const [tokens, roles, users] = await Promise.all([api.tokens(), all ? api.roles() : {roles: []}, all ? api.users() : {users: []}]);
    return {tokens: tokens.tokens, roles: roles.roles.map((role) => role.name), users: users.users.map((user) => user.name)};
  }

  top() {
    return systemTop('tokens', html`<button class="primary" ?disabled=${!this.answer} @click=${() => this.add()}>New token …</button>`);
  }

  draw() {
    const {tokens} = this.answer;
    return tokens.length === 0
      ? nothingThere('There are no tokens. A program signs in with one in place of a password.')
      : html`<table><thead><tr><th>Token</th><th>User</th><th>May at most</th><th>Made</th><th>Ends</th>
          <th><span class="hidden">Actions</span></th></tr></thead><tbody>
        ${tokens.map((t) => html`<tr><td>${t.note || t.id}<small>${t.id}</small></td><td>${t.user}</td>
          <td>${t.roles.join(', ') || 'what its user may'}</td><td class="time">${time(t.created)}</td>
          <td>${t.expires ? (new Date(t.expires) < Date.now() ? light('bad', 'over') : time(t.expires)) : 'never'}</td>
          <td class="buttons">${t.user === this.user || access.may('users')
            ? html`<button class="danger" @click=${() => this.takeAway(t)}>Remove …</button>` : nothing}</td></tr>`)}</tbody></table>`;
  }

  async add() {
    const roles = new Set();
    const {users} = this.answer;
    const made = await inquire('New token', {user: this.user, note: '', days: '90'}, (field, values) => html`
        ${access.may('users') && users.length > 1 ? html`<label>User <select @change=${field('user')}>
          ${users.map((name) => html`<option .selected=${name === values.user}>${name}</option>`)}</select></label>` : nothing}
        <label>Note <input required autofocus placeholder="what it is for" @input=${field('note')}></label>
        <label>Ends after, in days <input type="number" min="1" max="3650" .value=${values.days} placeholder="never" @input=${field('days')}></label>
        ${this.answer.roles.length ? html`${roleBoxes(this.answer.roles, roles)}
          <p class="quiet">Without a role here it may do what its user may.</p>` : nothing}`,
      {next: 'Make', act: ({user, note, days}) => api.addToken(
        {user, note, roles: [...roles], seconds: days ? Number(days) * 86400 : undefined})});
    if (made?.secret) {
      await showSecret('New token', 'Programs send it as Authorization: Bearer, or in place of the password:', made.secret);
      await this.load();
    }
  }

  async takeAway(token) {
    await inquire(`Remove the token ${token.note || token.id}`, {}, () => html`<p>Programs that use it are refused from now on.</p>`,
      {next: 'Remove', act: () => api.removeToken(token.id)});
    await this.load();
  }
}

customElements.define('weir-tokens', Tokens);
