import {html, nothing} from 'lit';
import {api} from '../parts/api.js';
import {agree, propose} from '../parts/dialog.js';
import {fileText, inquire, words} from '../parts/inquire.js';

/** A PEM text that is pasted or comes out of a file. */
const pem = (label, values, name, again, required = true) => html`<label>${label}
    <textarea class="code" rows="4" ?required=${required} placeholder="-----BEGIN …" .value=${values[name] ?? ''}
      @input=${(e) => (values[name] = e.target.value)}></textarea></label>
  <label>… or its file <input type="file" @change=${async (e) => {
    values[name] = await fileText(e.target);
    again();
  }}></label>`;

/** The fields for a certificate of one of three kinds: `own` self-signed, `import` brought along, `request` to be signed elsewhere. */
export const certificateFields = (kind) => (field, values, again) => html`
  <label>Name of the certificate <input required autofocus pattern="[A-Za-z0-9][A-Za-z0-9._\\-]*" .value=${values.name} @input=${field('name')}>
    <small>It is kept as <code>certificates/NAME.pem</code>.</small></label>
  ${kind === 'import'
    ? html`${pem('Certificate, then those of its issuers (PEM)', values, 'certificate', again)}
        ${pem('Private key (PEM); without one, that of the request of this name', values, 'key', again, false)}`
    : html`<label>Host names and addresses <textarea rows="2" required placeholder="www.example.com" .value=${values.names ?? ''}
          @input=${field('names')}></textarea></label>
        <label>Key <select @change=${field('keyType')}>${['ec-p256', 'ec-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'].map(
          (type) => html`<option .selected=${type === values.keyType}>${type}</option>`)}</select></label>
        ${kind === 'own' ? html`<label>Valid for, in days <input type="number" required min="1" max="3650" .value=${values.days} @input=${field('days')}></label>` : nothing}`}`;

/** What is sent for such a certificate. */
export const certificateBody = (kind, values) => (kind === 'import'
  ? {certificate: values.certificate, key: values.key || undefined}
  : {names: words(values.names), 'key-type': values.keyType, ...(kind === 'request' ? {request: true} : {days: Number(values.days)})});

export const NEW_CERTIFICATE = {name: '', names: '', keyType: 'ec-p256', days: '365', certificate: '', key: ''};

/** Asks which virtual server, and gives it a certificate. */
export async function tlsForService() {
  const present = await api.config();
  const servers = Object.entries(present.document['virtual-servers'] ?? {})
    .filter(([, v]) => !['tls-passthrough', 'udp', 'dns'].includes(v.protocol));
  const plain = servers.find(([, v]) => !v.tls) ?? servers[0];
  const entered = await inquire('TLS for a service', {server: plain?.[0]}, (field, values) => (servers.length === 0
    ? html`<p>There is no virtual server that could speak TLS.</p>`
    : html`<label>Virtual server <select autofocus @change=${field('server')}>${servers.map(([name, v]) => html`<option value=${name}
        .selected=${name === values.server}>${name}${v.tls ? ' (has TLS; gets another certificate)' : ''}</option>`)}</select></label>`), {next: 'Next'});
  return entered?.server ? giveCertificate(entered.server) : undefined;
}

/** Gives a virtual server a certificate: one that is there, a new one, or one that is brought along. */
export async function giveCertificate(server) {
  const {certificates} = await api.certificates();
  const there = certificates.filter((c) => c.certificate && c['key-file']);
  const entered = await inquire(`Certificate for ${server}`, {...NEW_CERTIFICATE, name: server.replaceAll(' ', '-'), from: there.length ? 'there' : 'own', chosen: there[0]?.name},
    (field, values, again) => html`
      <fieldset><legend>Which</legend>${[['there', 'One that is there', there.length > 0], ['own', 'A new one, signed by its own key: to begin with', true],
        ['import', 'One of yours', true]].map(([key, name, can]) => html`<label class="check"><input type="radio" name="from" ?disabled=${!can}
          .checked=${values.from === key} @change=${() => {
            values.from = key;
            again();
          }}> ${name}</label>`)}</fieldset>
      ${values.from === 'there'
        ? html`<label>Certificate <select @change=${field('chosen')}>${there.map((c) => html`<option .selected=${c.name === values.chosen}>${c.name}</option>`)}</select></label>`
        : certificateFields(values.from)(field, values, again)}`);
  if (!entered) {
    return undefined;
  }
  const title = `TLS for ${server}`;
  if (entered.from !== 'there') {
    const body = {...certificateBody(entered.from, entered), 'virtual-server': server};
    return agree(title, (options) => api.certificate(entered.name, body, options));
  }
  const chosen = there.find((c) => c.name === entered.chosen);
  const present = await api.config();
  return propose(title, [{put: ['virtual-servers', server, 'tls'],
    value: {...present.document['virtual-servers'][server].tls, certificate: chosen.file, key: chosen['key-file']}}], {base: present.revision});
}
