import {html, nothing} from 'lit';
import {access} from '../parts/access.js';
import {api} from '../parts/api.js';
import {ask, propose} from '../parts/dialog.js';
import {inquire} from '../parts/inquire.js';
import {live} from '../parts/live.js';
import {failed, light, nodeIsUp} from '../parts/pieces.js';

const ACTIONS = {
  drain: ['Drain', 'no new sessions go there; those it has may end', 'draining'],
  disable: ['Disable', 'nothing goes there any more, sessions included', 'disabled'],
  reactivate: ['Reactivate', 'decisions that keep it out of service end', 'active'],
  remove: ['Remove', 'it leaves the configuration of its pools', 'removed'],
};

const GRADES = {active: 'good', draining: 'warn', disabled: 'off', removed: 'bad'};

/** One decision about a node in every pool that has it, with what that means for each pool. */
export async function nodeEverywhere(chosen) {
  await live.refresh();
  const pools = live.status?.pools ?? [];
  const nodes = [...new Set(pools.flatMap((p) => p.nodes.map((n) => n.node)))].sort();
  const possible = Object.keys(ACTIONS).filter((key) => key !== 'remove' || access.canChange('pools'));
  const entered = await inquire('A node everywhere', {node: chosen ?? '', action: 'drain', reason: ''}, (field, values, again) => html`
    <label>Node <input required autofocus list="nodes-there" .value=${values.node} @input=${field('node')}>
      <datalist id="nodes-there">${nodes.map((n) => html`<option value=${n}></option>`)}</datalist></label>
    <fieldset><legend>What becomes of it</legend>${possible.map((key) => html`<label class="check">
      <input type="radio" name="action" .checked=${values.action === key} @change=${() => {
        values.action = key;
        again();
      }}> ${ACTIONS[key][0]}: <span class="quiet">${ACTIONS[key][1]}</span></label>`)}</fieldset>
    ${values.action === 'drain' || values.action === 'disable' ? html`<label>Reason <input required .value=${values.reason} @input=${field('reason')}></label>` : nothing}`,
  {act({node}) {
    if (!nodes.includes(node)) {
      throw new Error(`no pool has the node ${node}`);
    }
  }});
  if (!entered) {
    return undefined;
  }
  const having = pools.filter((p) => p.nodes.some((n) => n.node === entered.node));
  return entered.action === 'remove' ? remove(entered.node, having) : decide(entered, having);
}

/** What a pool is left with, and whether that is enough. */
const left = (pool, node) => pool.nodes.filter((n) => n.node !== node && n.state === 'active' && nodeIsUp(n)).length;

const effect = (node, pools, after) => html`<table><caption>What it means for each pool</caption>
  <thead><tr><th>Pool</th><th>Now</th><th>Then</th><th class="n">Other nodes at work</th></tr></thead><tbody>
  ${pools.map((pool) => {
    const now = pool.nodes.find((n) => n.node === node);
    return html`<tr><td>${pool.name}</td><td>${light(GRADES[now.state] ?? 'off', now.state)}</td><td>${light(GRADES[after], after)}</td>
      <td class="n">${after !== 'active' && left(pool, node) === 0 ? light('bad', '0: nobody is left to serve') : left(pool, node)}</td></tr>`;
  })}</tbody></table>`;

function decide({node, action, reason}, pools) {
  let problem = null;
  return ask(`${ACTIONS[action][0]} ${node}`, (close, again) => html`<form @submit=${async (event) => {
      event.preventDefault();
      try {
        if (action === 'reactivate') {
          for (const [state, way] of [['disabled', 'enable'], ['draining', 'undrain']]) {
            if (pools.some((p) => p.nodes.some((n) => n.node === node && n.state === state))) {
              await api.node(node, way, {reason: ''});
            }
          }
        } else {
          await api.node(node, action, {reason});
        }
        await live.refresh();
        close(true);
      } catch (refused) {
        problem = refused;
        again();
      }
    }}>
    ${effect(node, pools, ACTIONS[action][2])}
    ${problem ? failed(problem) : nothing}
    <footer><button type="button" @click=${() => close()}>Cancel</button><button class="primary" autofocus>${ACTIONS[action][0]}</button></footer></form>`);
}

const addressOf = (node) => (typeof node === 'string' ? node : node.address);

/** Takes a node out of the configuration; where a virtual server lists its nodes itself, there. */
async function remove(node, pools) {
  const present = await api.config();
  const edits = [];
  for (const [name, pool] of Object.entries(present.document.pools ?? {})) {
    const kept = (pool.nodes ?? []).filter((each) => addressOf(each) !== node);
    if (kept.length < (pool.nodes ?? []).length) {
      edits.push({put: ['pools', name, 'nodes'], value: kept});
    }
  }
  for (const [name, server] of Object.entries(present.document['virtual-servers'] ?? {})) {
    if (Array.isArray(server.pool) && server.pool.some((each) => addressOf(each) === node)) {
      edits.push({put: ['virtual-servers', name, 'pool'], value: server.pool.filter((each) => addressOf(each) !== node)});
    }
  }
  return propose(`Remove ${node}`, edits, {base: present.revision, describe: effect(node, pools, 'removed')});
}
