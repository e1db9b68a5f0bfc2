import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {Asking} from '../parts/asking.js';
import {time} from '../parts/format.js';
import {nothingThere} from '../parts/pieces.js';
import {backUp, restore} from '../wizards/backup.js';
import {systemTop} from './system.js';

/** Copies of the configuration to keep elsewhere, and the way back from them. */
class Backup extends Asking {
  ask() {
    return api.history(20);
  }

  top() {
    return systemTop('backup', access.fixed ? nothing : html`
      <button @click=${() => backUp()}>Back up now</button>
      ${access.canChange('history') ? html`<button class="primary" @click=${async () => {
        await restore();
        this.load();
      }}>Restore …</button>` : nothing}`);
  }

  draw() {
    const list = this.answer.revisions;
    return html`${access.notice('history')}
      <p>A backup is one file with the configuration and the files beside it, such as rules and certificates.
        Secrets are not in it: it names those that this Weir keeps.</p>
      ${list.length === 0 ? nothingThere('There is nothing to back up yet.') : html`<table>
        <caption>Revisions that can be backed up</caption>
        <thead><tr><th class="n">Revision</th><th>Time</th><th>Comment</th><th><span class="hidden">Actions</span></th></tr></thead>
        <tbody>${list.map((r) => html`<tr><td class="n">${r.revision}</td><td class="time">${time(r.time)}</td><td>${r.comment}</td>
          <td class="buttons"><button @click=${() => backUp(r.revision)}>Back up</button></td></tr>`)}</tbody></table>`}`;
  }
}

customElements.define('weir-backup', Backup);
