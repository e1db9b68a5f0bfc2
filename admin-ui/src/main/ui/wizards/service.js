import {html, nothing} from 'lit';
import {api} from '../parts/api.js';
import {propose} from '../parts/dialog.js';
import {inquire, words} from '../parts/inquire.js';
import {href} from '../parts/pieces.js';
import {giveCertificate} from './tls.js';

const PROTOCOLS = {
  http: 'HTTP', 'tls-passthrough': 'TLS, passed through unopened', 'client-first': 'TCP, the client speaks first',
  'server-first': 'TCP, the server speaks first', stream: 'TCP, either speaks first', smtp: 'SMTP', pop3: 'POP3', imap: 'IMAP',
  ldap: 'LDAP', rdp: 'RDP', mysql: 'MySQL', postgres: 'PostgreSQL', udp: 'UDP', dns: 'DNS',
};
const MONITORS = ['Simple HTTP', 'Connect', 'Ping'];

/** A balanced service: a virtual server, its pool and a monitor, over TLS if wanted. */
export async function newService() {
  const present = await api.config();
  const monitors = [...new Set([...MONITORS, ...Object.keys(present.document.monitors ?? {})])];
  const entered = await inquire('New service', {name: '', protocol: 'http', listen: '', nodes: '', monitor: 'Simple HTTP', tls: false},
    (field, values, again) => html`
      <label>Name <input required autofocus pattern="[A-Za-z0-9]([A-Za-z0-9 ._\\-]*[A-Za-z0-9._\\-])?" @input=${field('name')}>
        <small>Letters, digits, blanks and . _ -</small></label>
      <label>Protocol <select @change=${(e) => {
        values.protocol = e.target.value;
        values.monitor = values.protocol === 'http' ? 'Simple HTTP' : values.protocol === 'udp' || values.protocol === 'dns' ? 'Ping' : 'Connect';
        again();
      }}>${Object.entries(PROTOCOLS).map(([key, name]) => html`<option value=${key} .selected=${key === values.protocol}>${name}</option>`)}</select></label>
      <label>Listen on <input required placeholder=":8080" @input=${field('listen')}><small>Address and port; *:8080 for every address</small></label>
      <label>Nodes, one on each line <textarea rows="4" required placeholder="10.0.0.11:80" @input=${field('nodes')}></textarea></label>
      <label>Monitor <select @change=${field('monitor')}><option value="">none: only live traffic is judged</option>
        ${monitors.map((name) => html`<option .selected=${name === values.monitor}>${name}</option>`)}</select></label>
      ${values.protocol === 'http'
        ? html`<label class="check"><input type="checkbox" .checked=${values.tls} @change=${field('tls')}> Clients speak TLS: a certificate is asked for next</label>`
        : nothing}`,
    {act({name}) {
      if (present.document['virtual-servers']?.[name] || present.document.pools?.[name]) {
        throw new Error(`there is a virtual server or a pool ${name} already`);
      }
    }});
  if (!entered) {
    return undefined;
  }
  const {name, protocol, listen, monitor, tls} = entered;
  const pool = {nodes: words(entered.nodes), ...(monitor ? {monitors: [monitor]} : {})};
  const server = {...(protocol === 'http' ? {} : {protocol}), listen: words(listen).length > 1 ? words(listen) : listen, pool: name};
  const done = await propose(`New service ${name}`, [
    {put: ['pools', name], value: pool},
    {put: ['virtual-servers', name], value: server},
  ], {base: present.revision, describe: html`<p>A virtual server <strong>${name}</strong> on <code>${listen}</code>,
    and a pool of ${pool.nodes.length === 1 ? 'one node' : `${pool.nodes.length} nodes`}${monitor ? `, watched by ${monitor}` : ''}.</p>`});
  if (done && tls && protocol === 'http') {
    await giveCertificate(name);
  }
  if (done) {
    location.hash = href('services', 'pool', name);
  }
  return done;
}
