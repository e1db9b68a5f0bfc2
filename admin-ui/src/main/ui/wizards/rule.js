import {html} from 'lit';
import {api} from '../parts/api.js';
import {propose} from '../parts/dialog.js';
import {inquire} from '../parts/inquire.js';

const LISTS = {'request-rules': 'every request', 'response-rules': 'every response', 'completion-rules': 'the end of every exchange'};

const nameOf = (use) => (typeof use === 'string' ? use : use.rule);

/** Has a virtual server run a rule, at a chosen place in its order. */
export async function enableRule(chosen) {
  const present = await api.config();
  const servers = Object.keys(present.document['virtual-servers'] ?? {});
  const rules = await ruleNames(present);
  const lists = (server, list) => present.document['virtual-servers'][server]?.[list] ?? [];
  const entered = await inquire('Enable a rule', {rule: chosen ?? rules[0], server: servers[0], list: 'request-rules', before: ''},
    (field, values, again) => {
      const choose = (name) => (e) => {
        values[name] = e.target.value;
        values.before = '';
        again();
      };
      return rules.length === 0 || servers.length === 0
        ? html`<p>There is no rule, or no virtual server. Rules are written in <a href="#/catalogs/rules">Catalogs</a>.</p>`
        : html`<label>Rule <select autofocus @change=${choose('rule')}>${rules.map((r) => html`<option .selected=${r === values.rule}>${r}</option>`)}</select></label>
          <label>Virtual server <select @change=${choose('server')}>${servers.map((s) => html`<option .selected=${s === values.server}>${s}</option>`)}</select></label>
          <label>Runs for <select @change=${choose('list')}>${Object.entries(LISTS).map(([key, text]) => html`<option value=${key} .selected=${key === values.list}>${text}</option>`)}</select></label>
          <label>Place <select @change=${field('before')}><option value="">after all others</option>
            ${lists(values.server, values.list).map((use, i) => html`<option value=${String(i)}>before ${nameOf(use)}</option>`)}</select></label>`;
    }, {act({rule, server, list}) {
      if (!rule || !server) {
        throw new Error('a rule and a virtual server are needed');
      }
      if (lists(server, list).some((use) => nameOf(use) === rule && use.enabled !== false)) {
        throw new Error(`${server} runs ${rule} for ${LISTS[list]} already`);
      }
    }});
  if (!entered) {
    return undefined;
  }
  const {rule, server, list, before} = entered;
  const uses = lists(server, list).filter((use) => nameOf(use) !== rule);
  uses.splice(before === '' ? uses.length : Number(before), 0, rule);
  return propose(`Enable ${rule}`, [{put: ['virtual-servers', server, list], value: uses}],
    {base: present.revision, describe: html`<p>${server} runs for ${LISTS[list]}, in this order: <strong>${uses.map(nameOf).join(', ')}</strong>.</p>`});
}

/** The rules of the catalog; those whose file stands where rules stand need not be listed there. */
export async function ruleNames(present) {
  const files = await api.files().catch(() => ({files: []}));
  const found = (files.files ?? []).map((f) => /(?:^|\/)rules\/([^/]+)\.js$/.exec(f.path)?.[1]).filter((name) => name && !name.endsWith('.test'));
  return [...new Set([...Object.keys(present.document.rules ?? {}), ...found])].sort();
}
