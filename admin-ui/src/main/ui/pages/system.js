import {html, nothing} from 'lit';
import {api} from '../parts/api.js';
import {ask} from '../parts/dialog.js';
import {Live, Plain} from '../parts/element.js';
import {count, duration, time} from '../parts/format.js';
import {live} from '../parts/live.js';
import {failed, heading, href, nothingThere, waiting} from '../parts/pieces.js';

const TABS = {revisions: 'Revisions', users: 'Users', process: 'Process'};

const tabs = (present) => html`<div class="tabs">${Object.entries(TABS).map(
  ([key, name]) => html`<a href=${href('system', key)} aria-current=${key === present ? 'page' : nothing}>${name}</a>`)}</div>`;

class Asked extends Plain {
  static properties = {answer: {state: true}, problem: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    try {
      this.answer = await this.ask();
      this.problem = null;
    } catch (problem) {
      this.problem = problem;
    }
  }

  render() {
    return html`${heading('System')}${tabs(this.tab)}
      ${this.problem ? failed(this.problem) : this.answer ? this.draw() : waiting()}`;
  }
}

class Revisions extends Asked {
  tab = 'revisions';

  ask() {
    return api.history();
  }

  draw() {
    const list = this.answer.revisions ?? this.answer;
    return list.length === 0 ? nothingThere('There is no history yet.') : html`<table>
      <thead><tr><th class="n">Revision</th><th>Time</th><th>Author</th><th>Comment</th><th><span class="hidden">Actions</span></th></tr></thead>
      <tbody>${list.map((r, i) => html`<tr><td class="n">${r.revision}</td><td class="time">${time(r.time)}</td>
        <td>${r.author}</td><td>${r.comment}</td>
        <td class="buttons">${i + 1 < list.length ? html`<button @click=${() => this.compare(list[i + 1].revision, r.revision)}>What changed</button>` : nothing}
          ${i > 0 ? html`<button @click=${() => this.back(r.revision)}>Go back to it …</button>` : nothing}</td></tr>`)}</tbody></table>`;
  }

  async compare(from, to) {
    const answer = await api.diff(from, to).catch((problem) => problem);
    const text = answer instanceof Error ? answer.message : (answer.diff ?? answer);
    await ask(`From revision ${from} to ${to}`, (close) => html`<div>
      <pre class="diff">${String(text).split('\n').map((line) => html`<span class=${line[0] === '+' ? 'plus' : line[0] === '-' ? 'minus' : ''}>${line}
</span>`)}</pre>
      <footer><button class="primary" @click=${() => close()}>Close</button></footer></div>`);
  }

  async back(revision) {
    let problem = null;
    await ask(`Go back to revision ${revision}`, (close, again) => html`<form @submit=${async (e) => {
        e.preventDefault();
        try {
          await api.rollback(revision);
          close(true);
        } catch (refused) {
          problem = refused;
          again();
        }
      }}>
      <p>The configuration of revision ${revision} becomes a new revision. Nothing is lost.</p>
      ${problem ? failed(problem) : nothing}
      <footer><button type="button" @click=${() => close()}>Cancel</button><button class="primary">Go back</button></footer></form>`);
    await this.load();
  }
}

class Users extends Asked {
  tab = 'users';

  ask() {
    return api.users();
  }

  draw() {
    const list = this.answer.users ?? this.answer;
    return html`<table><thead><tr><th>Name</th><th>Roles</th><th>Made</th><th>Tokens</th></tr></thead><tbody>
      ${list.map((u) => html`<tr><td>${u.name}</td><td>${u.roles.join(', ')}</td>
        <td>${time(u.created)}</td><td>${u.tokens.map((t) => t.note || t.id).join(', ')}</td></tr>`)}</tbody></table>
      <p class="quiet">Users are made with <code>weir user add</code>.</p>`;
  }
}

class Process extends Live {
  render() {
    const s = live.status;
    return html`${heading('System')}${tabs('process')}
      ${!s ? waiting() : html`<dl>
        <dt>Process</dt><dd>${s.pid}</dd>
        <dt>Running for</dt><dd>${duration(s['uptime-seconds'])}, since ${time(s.started)}</dd>
        <dt>Configuration</dt><dd>${s.configuration.source}, revision ${s.configuration.revision}, by ${s.configuration.author}
          ${s.configuration['last-good'] ? html`<strong>(the last good one: the present one was refused)</strong>` : nothing}</dd>
        <dt>File handles</dt><dd>${count(s['file-handles'].open)} of ${count(s['file-handles'].max)}</dd>
      </dl>`}`;
  }
}

customElements.define('weir-revisions', Revisions);
customElements.define('weir-users', Users);
customElements.define('weir-process', Process);

export function show([tab]) {
  return {users: html`<weir-users></weir-users>`, process: html`<weir-process></weir-process>`}[tab]
    ?? html`<weir-revisions></weir-revisions>`;
}
