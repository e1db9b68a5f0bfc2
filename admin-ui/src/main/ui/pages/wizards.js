import {html} from 'lit';
import {access} from '../parts/access.js';
import {Plain} from '../parts/element.js';
import {heading} from '../parts/pieces.js';

/** Each wizard: what it does, what one must be allowed to for it, and where it is. */
const WIZARDS = {
  service: ['New service', 'A virtual server and a pool of nodes, monitored and over TLS if wanted.',
    () => access.canChange('virtual-servers') && access.canChange('pools'), async () => (await import('../wizards/service.js')).newService()],
  tls: ['TLS for a service', 'Give a virtual server a certificate: one that is there, a new one, or one of yours.',
    () => access.canChange('virtual-servers'), async () => (await import('../wizards/tls.js')).tlsForService()],
  rule: ['Enable a rule', 'Have a virtual server run a rule on requests, responses or both; in the order that you choose.',
    () => access.canChange('virtual-servers'), async () => (await import('../wizards/rule.js')).enableRule()],
  node: ['A node everywhere', 'Drain, disable, reactivate or remove a node in every pool that has it.',
    () => access.may('pools', 'operate'), async () => (await import('../wizards/node.js')).nodeEverywhere()],
  backup: ['Backup', 'Keep the configuration, with rules and certificates, as one file.',
    () => access.may('history', 'read') && !access.fixed, async () => (await import('../wizards/backup.js')).backUp()],
  restore: ['Restore', 'Go back to a backup, or to some sections of it.',
    () => access.canChange('history'), async () => (await import('../wizards/backup.js')).restore()],
};

class Wizards extends Plain {
  connectedCallback() {
    super.connectedCallback();
    access.learn().then(() => this.requestUpdate(), () => {});
  }

  render() {
    return html`${heading('Wizards')}
      ${access.notice('virtual-servers')}
      <p class="quiet">Each shows what it changes before anything is changed.</p>
      <div class="cards">${Object.entries(WIZARDS).map(([key, [name, text, may, open]]) => html`<section class="card">
        <h2>${name}</h2><p class="quiet">${text}</p>
        <p><button data-wizard=${key} ?disabled=${!may()} @click=${open}>${name} …</button></p></section>`)}</div>`;
  }
}

customElements.define('weir-wizards', Wizards);

export const show = () => html`<weir-wizards></weir-wizards>`;
