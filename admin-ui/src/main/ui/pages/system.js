import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {Asking} from '../parts/asking.js';
import {agree, tell} from '../parts/dialog.js';
import {Live} from '../parts/element.js';
import {count, duration, time} from '../parts/format.js';
import {inquire} from '../parts/inquire.js';
import {live} from '../parts/live.js';
import {causes, heading, healthLight, nothingThere, tabs, waiting} from '../parts/pieces.js';
import {Rows} from '../parts/rows.js';

/** Each part of the page, with what one must be allowed to read for it. */
const PARTS = {
  process: ['Process', 'status'],
  instances: ['Instances', 'status'],
  revisions: ['Revisions', 'history'],
  backup: ['Backup', 'history'],
  users: ['Users', 'users'],
  roles: ['Roles', 'users'],
  tokens: ['Tokens', null],
};

/** The heading of all parts. */
export const systemTop = (present, actions = nothing) => html`${heading('System', actions)}
  ${tabs('system', Object.fromEntries(Object.entries(PARTS).filter(([, [, kind]]) => kind === null || access.may(kind, 'read'))
    .map(([key, [name]]) => [key, name])), present)}`;

/** As many revisions as Weir lists. */
const MOST_REVISIONS = 1000;

class Revisions extends Asking {
  rows = new Rows(this, {label: 'Filter by author, comment or object'});

  ask() {
    return api.history(MOST_REVISIONS);
  }

  top() {
    return systemTop('revisions');
  }

  draw() {
    const list = this.answer.revisions;
    return list.length === 0 ? nothingThere('There is no history yet.') : html`${access.notice('history')}
      ${this.rows.finder(list)}<table>
      <thead><tr><th class="n">Revision</th><th>Made</th><th>Comment</th><th>Objects</th>
        <th><span class="hidden">Actions</span></th></tr></thead>
      <tbody>${this.rows.of([...list.entries()], ([, r]) => `${r.revision} ${r.author} ${r.comment} ${(r.objects ?? []).join(' ')}`).map(([i, r]) => html`<tr><td class="n">${r.revision}</td><td class="time">${time(r.time)}<small>${r.author}, ${r.channel}</small></td>
        <td class="free">${r.comment}</td>
        <td class="free">${(r.objects ?? []).slice(0, 4).join(', ')}${(r.objects ?? []).length > 4 ? ', …' : ''}</td>
        <td class="buttons">${i + 1 < list.length ? html`<button @click=${() => this.compare(list[i + 1].revision, r.revision)}>What changed</button>` : nothing}
          ${i > 0 ? html`<button @click=${() => this.compare(r.revision, list[0].revision)}>Compare to now</button>
            ${access.canChange('history') ? html`<button @click=${() => this.back(r.revision)}>Go back …</button>` : nothing}` : nothing}</td></tr>`)}
      </tbody></table>${this.rows.pages()}`;
  }

  async compare(from, to) {
    const answer = await api.diff(from, to).catch((problem) => ({diff: problem.message}));
    await tell(`From revision ${from} to ${to}`, diff(answer.diff));
  }

  async back(revision) {
    await agree(`Go back to revision ${revision}`, (options) => api.rollback(revision, options),
      {describe: html`<p>The configuration of revision ${revision} becomes a new revision. Nothing is lost.</p>`});
    await this.load();
  }
}

/** Lines with signs, each in its colour. */
export const diff = (text) => html`<pre class="diff" tabindex="0">${String(text).split('\n').map((line) =>
  html`<span class=${line[0] === '+' ? 'plus' : line[0] === '-' ? 'minus' : ''}>${line}
</span>`)}</pre>`;

class Process extends Live {
  static properties = {ending: {state: true}};

  actions() {
    return html`
      ${access.may('process', 'read') ? html`<a class="button" href=${api.reportUrl} download>Support report</a>` : nothing}
      ${access.may('process') ? html`
        <button @click=${() => this.end('Start again', html`<p>Weir stops taking connections, lets those that are open end, and starts
          anew with what the configuration says then. Until it has, nobody is served by this Weir. Nothing happens when the configuration is in error.</p>`,
          api.restart, 'Weir starts again. This page is there again when it has.')}>Start again …</button>
        <button class="danger" @click=${() => this.end('Stop', html`<p>Weir stops taking connections, lets those that are open end, and
          stops for good. These pages go, too: somebody at the machine has to start it.</p>`,
          api.stop, 'Weir stops.')}>Stop …</button>` : nothing}`;
  }

  async end(name, text, act, said) {
    if (await inquire(name, {}, () => text, {next: name, act})) {
      this.ending = said;
    }
  }

  render() {
    const s = live.status;
    return html`${systemTop('process', this.actions())}
      ${this.ending ? html`<p class="notice warn" role="status">${this.ending}</p>` : nothing}
      ${!s ? waiting() : html`<dl>
        <dt>Health</dt><dd>${healthLight(s.health)}${causes(s.health.causes)}</dd>
        <dt>Process</dt><dd>${s.pid}</dd>
        <dt>Running for</dt><dd>${duration(s['uptime-seconds'])}, since ${time(s.started)}</dd>
        <dt>Configuration</dt><dd>${s.configuration.source}, revision ${s.configuration.revision}, by ${s.configuration.author}
          ${s.configuration['last-good'] ? html`<strong>(the last good one: the present one was refused)</strong>` : nothing}</dd>
        <dt>File handles</dt><dd>${count(s['file-handles'].open)} of ${count(s['file-handles'].max)}</dd>
        <dt>Settings</dt><dd><a href="#/catalogs/global">Global settings</a></dd>
      </dl>`}`;
  }
}

customElements.define('weir-revisions', Revisions);
customElements.define('weir-process', Process);

const SHOWN = {
  async instances() {
    await import('./instances.js');
    return html`<weir-instances></weir-instances>`;
  },
  revisions: () => html`<weir-revisions></weir-revisions>`,
  async backup() {
    await import('./backup.js');
    return html`<weir-backup></weir-backup>`;
  },
  async users() {
    await import('./users.js');
    return html`<weir-users></weir-users>`;
  },
  async roles(role) {
    await import('./roles.js');
    return html`<weir-roles .chosen=${role}></weir-roles>`;
  },
  async tokens(_more, session) {
    await import('./tokens.js');
    return html`<weir-tokens .user=${session.user}></weir-tokens>`;
  },
};

export const show = ([tab, more], session) => (SHOWN[tab] ? SHOWN[tab](more, session) : html`<weir-process></weir-process>`);
