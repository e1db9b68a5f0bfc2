import {html} from 'lit';
import {tell} from './dialog.js';

/** Shows a secret once, and says so. */
export const showSecret = (title, what, secret) => tell(title, html`
  <p>${what}</p><p><code class="secret">${secret}</code></p>
  <p class="quiet">It is shown this once only.</p>`);

/** One box for each role; `chosen` is a set of names that follows what is ticked. */
export const roleBoxes = (roles, chosen) => html`<fieldset><legend>Roles</legend>${roles.map((role) => html`<label class="check">
  <input type="checkbox" .checked=${chosen.has(role)} @change=${(e) => (e.target.checked ? chosen.add(role) : chosen.delete(role))}>
  ${role}</label>`)}</fieldset>`;
