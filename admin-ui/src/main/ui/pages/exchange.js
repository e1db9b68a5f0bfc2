import {html, nothing, svg} from 'lit';
import {api} from '../parts/api.js';
import {Asking} from '../parts/asking.js';
import {bytes, milliseconds, time} from '../parts/format.js';
import {heading, href, light} from '../parts/pieces.js';
import {keptLight} from './exchanges.js';

const micros = (n) => milliseconds(n / 1000);

/** The phases of an exchange, one bar behind the other, each as long as it took. */
function phases(list) {
  const total = Math.max(1, ...list.map((p) => p.startMicros + p.micros));
  return html`<table class="phases"><caption>Where the time went: ${micros(total)} in all</caption>
    <thead><tr><th>Phase</th><th class="n">From</th><th class="n">Took</th><th class="bar"><span class="hidden">Drawn</span></th></tr></thead><tbody>
    ${list.map((p, i) => html`<tr><td>${p.name}</td><td class="n">${micros(p.startMicros)}</td><td class="n">${micros(p.micros)}</td>
      <td class="bar"><svg viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">${svg`<rect class="series-${(i % 4) + 1}"
        x=${Math.min(998, (p.startMicros / total) * 1000)} width=${Math.max(2, (p.micros / total) * 1000)} y="1" height="10"></rect>`}</svg></td></tr>`)}</tbody></table>`;
}

/** One kept exchange: what was decided about it, why, and how long each part took. */
class Exchange extends Asking {
  static properties = {key: {}};

  willUpdate(changed) {
    if (this.hasUpdated && changed.has('key')) {
      this.answer = undefined;
      this.load();
    }
  }

  ask() {
    return api.exchange(this.key);
  }

  top() {
    return html`${heading('Explain a request', html`<a class="button" href="#/activity/requests">All kept requests</a>`)}
      <p class="quiet">Id <code>${this.key}</code></p>`;
  }

  draw() {
    const x = this.answer;
    return html`
      ${x.cause ? html`<div class="notice bad"><strong>${x.cause}</strong></div>` : nothing}
      <dl>
        <dt>When</dt><dd>${time(x.time)} ${keptLight(x.kept)}</dd>
        <dt>Client</dt><dd>${x.client} port ${x.clientPort}, ${x.protocol}, to listener <code>${x.listener}</code></dd>
        <dt>TLS</dt><dd>${x.tls ? html`${x.tls.version} ${x.tls.cipher}${x.tls.serverName ? ` for ${x.tls.serverName}` : ''}${x.tls.resumed ? ', resumed' : ''}`
          : html`<span class="quiet">none</span>`}</dd>
        <dt>Virtual server</dt><dd><a href=${href('services', 'server', x.virtualServer)}>${x.virtualServer}</a></dd>
        ${x.method ? html`<dt>Request</dt><dd>${x.method} <code>${x.host}${x.path}</code></dd>` : nothing}
        <dt>Answer</dt><dd>${x.status || 'none'}${x.fault ? html` ${light('bad', x.fault)}` : nothing}</dd>
        ${x.cache ? html`<dt>Cache</dt><dd>${x.cache.verdict}${x.cache.why ? `: ${x.cache.why}` : ''}${x.cache.stored ? ', stored' : ''}</dd>` : nothing}
        ${x.persistence ? html`<dt>Session</dt><dd>${x.persistence}</dd>` : nothing}
        <dt>Served by</dt><dd>${x.node ? html`<code>${x.node}</code> of <a href=${href('services', 'pool', x.pool)}>${x.pool}</a>` : 'no node'}</dd>
        <dt>Bytes</dt><dd>${bytes(x.bytes.fromClient)} from the client, ${bytes(x.bytes.toClient)} to it; ${bytes(x.bytes.toNode)} to nodes, ${bytes(x.bytes.fromNode)} from them</dd>
      </dl>
      ${phases(x.phases)}
      ${x.rules.length ? html`<table><caption>Rules</caption><thead><tr><th>Rule</th><th>Ran for</th><th>Result</th><th class="n">Took</th></tr></thead><tbody>
        ${x.rules.map((r) => html`<tr><td><a href=${href('catalogs', 'rules', r.rule)}>${r.rule}</a></td><td>${r.state}</td>
          <td>${light(r.result === 'failed' ? 'bad' : 'good', r.result)} ${r.text ?? ''}</td><td class="n">${micros(r.micros)}</td></tr>`)}</tbody></table>` : nothing}
      ${x.candidates.length ? html`<table><caption>Nodes that could have served it</caption><thead><tr><th>Node</th><th>Pool</th><th>State</th>
          <th>Health</th><th class="n">Weight</th><th class="n">Priority</th><th>Why it was chosen, or was not</th></tr></thead><tbody>
        ${x.candidates.map((c) => html`<tr><td><code>${c.node}</code></td><td>${c.pool}</td><td>${c.state}</td><td>${c.health}</td>
          <td class="n">${c.weight}</td><td class="n">${c.priority}</td><td>${c.chosen ? light('good', c.why) : html`${light('off', 'not chosen')} ${c.why}`}</td></tr>`)}</tbody></table>` : nothing}
      ${x.tries.length ? html`<table><caption>Tries</caption><thead><tr><th>Node</th><th>Pool</th><th class="n">From</th><th class="n">Took</th>
          <th>Connection</th><th>Result</th></tr></thead><tbody>
        ${x.tries.map((t) => html`<tr><td><code>${t.node}</code></td><td>${t.pool}</td><td class="n">${micros(t.startMicros)}</td><td class="n">${micros(t.micros)}</td>
          <td>${t.reused ? 'kept one' : 'new one'}</td><td>${t.result}</td></tr>`)}</tbody></table>` : nothing}`;
  }
}

customElements.define('weir-exchange', Exchange);
