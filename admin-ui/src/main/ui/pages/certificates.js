import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {Asking} from '../parts/asking.js';
import {agree} from '../parts/dialog.js';
import {time} from '../parts/format.js';
import {download, inquire} from '../parts/inquire.js';
import {heading, href, light, nothingThere} from '../parts/pieces.js';
import {Rows} from '../parts/rows.js';
import {certificateBody, certificateFields, NEW_CERTIFICATE} from '../wizards/tls.js';

const DAY = 86_400_000;

const TITLES = {own: 'New certificate', import: 'Take over a certificate', request: 'New request for a certificate'};

/** How soon a certificate ends. */
function expiry(until) {
  const days = Math.floor((new Date(until) - Date.now()) / DAY);
  return days < 0 ? light('bad', `expired ${-days} days ago`)
    : days < 7 ? light('bad', `${days} days left`)
      : days < 30 ? light('warn', `${days} days left`) : light('good', `${days} days left`);
}

/** The certificates of virtual servers: for whom, until when, and who uses them. */
class Certificates extends Asking {
  rows = new Rows(this, {label: 'Filter by name or virtual server'});

  ask() {
    return api.certificates();
  }

  top() {
    const add = (kind, text, way) => html`<button class=${way} @click=${() => this.add(kind)}>${text} …</button>`;
    return html`${heading('Certificates', access.canChange('files')
      ? html`${add('import', 'Import', '')}${add('request', 'Request', '')}${add('own', 'Create', 'primary')}` : nothing)}
      ${access.notice('files')}`;
  }

  draw() {
    const list = this.answer.certificates;
    return list.length === 0
      ? nothingThere('There are no certificates yet.')
      : html`${this.rows.finder(list)}<table><thead><tr><th>Name</th><th>For</th><th>Issued by</th><th>Ends</th><th>Key</th><th>Used by</th>
          <th><span class="hidden">Actions</span></th></tr></thead><tbody>
          ${this.rows.of(list, (c) => `${c.name} ${c.certificate?.names.join(' ') ?? ''} ${c['virtual-servers'].join(' ')}`).map((c) => this.row(c))}</tbody></table>
        ${this.rows.pages()}`;
  }

  row(c) {
    const cert = c.certificate;
    const mine = access.canChange('files');
    return html`<tr><td>${c.name}<small>${c.file ?? c['request-file']}</small></td>
      ${cert
        ? html`<td>${cert.names.join(', ') || cert.subject}</td>
            <td>${cert['self-signed'] ? html`<span class="quiet">itself</span>` : cert.issuer}</td>
            <td>${expiry(cert.until)}<small>${time(cert.until)}</small></td><td>${cert['key-type']}</td>`
        : html`<td colspan="4">${c.problem ? light('bad', c.problem) : light('warn', 'waits for its authority to sign the request')}</td>`}
      <td>${c['virtual-servers'].map((v, i) => html`${i ? ', ' : ''}<a href=${href('services', 'server', v)}>${v}</a>`)}</td>
      <td class="buttons many">
        ${c['request-file'] ? html`<button @click=${() => this.keep(c)}>Request file</button>` : nothing}
        ${mine && c['key-file'] ? html`<button @click=${() => this.add('import', c.name)}>Import signed …</button>` : nothing}
        ${mine && c['virtual-servers'].length === 0 && (c['key-file'] || c['request-file'])
          ? html`<button class="danger" @click=${() => this.takeAway(c)}>Remove …</button>` : nothing}</td></tr>`;
  }

  async add(kind, name = '') {
    const entered = await inquire(TITLES[kind], {...NEW_CERTIFICATE, name}, certificateFields(kind));
    if (entered && await agree(TITLES[kind], (options) => api.certificate(entered.name, certificateBody(kind, entered), options),
      {describe: html`<p>${kind === 'request' ? 'A key and a request' : 'A certificate'} called <strong>${entered.name}</strong> is kept beside the configuration.</p>`})) {
      await this.load();
    }
  }

  async keep(c) {
    try {
      download(`${c.name}.csr`, await api.file(c['request-file']));
    } catch (problem) {
      this.problem = problem;
    }
  }

  async takeAway(c) {
    if (await agree(`Remove ${c.name}`, (options) => api.removeCertificate(c.name, options),
      {describe: html`<p>The certificate goes, with its key.</p>`})) {
      await this.load();
    }
  }
}

customElements.define('weir-certificates', Certificates);
