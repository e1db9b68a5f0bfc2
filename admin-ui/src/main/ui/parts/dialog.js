import {html, nothing, render} from 'lit';
import {api} from './api.js';
import {live} from './live.js';
import {defect, failed, light} from './pieces.js';

/**
 * Opens a dialogue that draws `content(close, again)`; resolves with what `close` was called with,
 * or undefined when it was left. The element that had the focus gets it back.
 */
export function ask(title, content) {
  return new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    dialog.setAttribute('aria-labelledby', 'dialog-title');
    document.body.append(dialog);
    const before = document.activeElement;
    let result;
    const close = (given) => {
      result = given;
      dialog.close();
    };
    const again = () =>
      render(html`<h2 id="dialog-title">${title}</h2>${content(close, again)}`, dialog);
    // However it was closed, by the Escape key too.
    dialog.addEventListener('close', () => {
      dialog.remove();
      (before.isConnected ? before : document.getElementById('main'))?.focus();
      resolve(result);
    });
    again();
    dialog.showModal();
  });
}

/** Opens a dialogue that only tells something; resolves when it has been read. */
export const tell = (title, content) => ask(title, (close) => html`<div>${content}
  <footer><button class="primary" autofocus @click=${() => close()}>Close</button></footer></div>`);

const SIGNS = {added: ['good', 'new'], changed: ['warn', 'changed'], removed: ['bad', 'removed'], failed: ['bad', 'fails']};

/** The effect of a change on each object, before it is made. */
const plan = ({objects, warnings}) => {
  const touched = (objects ?? []).filter((o) => o.change !== 'unchanged');
  return html`${touched.length === 0
      ? html`<p>Nothing that runs would change.</p>`
      : html`<table><thead><tr><th>Object</th><th>Effect</th></tr></thead><tbody>
          ${touched.map((o) => html`<tr><td><code>${o.object}</code></td>
            <td>${light(...(SIGNS[o.change] ?? ['off', o.change]))} ${o.problem ?? ''}</td></tr>`)}</tbody></table>`}
    ${warnings?.length
      ? html`<div class="notice warn"><strong>Beware</strong><ul>${warnings.map((w) => html`<li>${defect(w)}</li>`)}</ul></div>`
      : nothing}`;
};

/**
 * Shows what a change would do, and makes it when the operator says so: `make({dryRun, comment,
 * allowShrink})` asks Weir. Resolves with the report, or undefined when it was left or refused.
 */
export async function agree(title, make, {describe = nothing} = {}) {
  let report = null;
  let problem = null;
  let busy = true;
  let comment = '';
  let allowShrink = false;
  let draw = () => {};
  const look = async () => {
    busy = true;
    draw();
    try {
      report = await make({dryRun: true, allowShrink});
      problem = null;
    } catch (refused) {
      problem = refused;
    }
    busy = false;
    draw();
  };
  await look();
  return ask(title, (close, again) => {
    draw = again;
    const shrinks = problem?.body?.code === 'shrinks' || allowShrink;
    const apply = async (event) => {
      event.preventDefault();
      busy = true;
      again();
      try {
        const done = await make({comment, allowShrink});
        await live.refresh();
        close(done);
      } catch (refused) {
        problem = refused;
        busy = false;
        again();
      }
    };
    return html`<form @submit=${apply}>
      ${describe}
      ${problem ? failed(problem) : plan(report)}
      ${shrinks
        ? html`<label class="check"><input type="checkbox" .checked=${allowShrink} @change=${(e) => {
            allowShrink = e.target.checked;
            look();
          }}> Take that away all the same</label>`
        : nothing}
      ${report && !problem
        ? html`<label>Comment for the history
            <input .value=${comment} @input=${(e) => (comment = e.target.value)} maxlength="200"></label>`
        : nothing}
      <footer>
        <button type="button" @click=${() => close(undefined)}>Cancel</button>
        <button class="primary" ?disabled=${busy || problem}>Apply</button>
      </footer>
    </form>`;
  });
}

/** The same for edits of the configuration, made upon the revision `base` when one is named. */
export const propose = (title, edits, {base, describe} = {}) =>
  agree(title, (options) => api.change(edits, {base, ...options}), {describe});

/** Asks for a decision about a node that weighs so much now, with its reason; resolves when it is in force. */
export function decide(node, action, pool, weight = 1) {
  let reason = '';
  let minutes = '';
  let everywhere = !pool;
  let problem = null;
  const verbs = {drain: 'Drain', undrain: 'Take back into service', disable: 'Disable', enable: 'Enable', weight: 'Set the weight of'};
  return ask(`${verbs[action]} ${node}`, (close, again) => {
    const apply = async (event) => {
      event.preventDefault();
      const body = {reason};
      if (!everywhere) {
        body.pool = pool;
      }
      if (minutes) {
        body.seconds = Number(minutes) * 60;
      }
      if (action === 'weight') {
        body.weight = Number(weight);
      }
      try {
        await api.node(node, action, body);
        await live.refresh();
        close(true);
      } catch (refused) {
        problem = refused;
        again();
      }
    };
    const goes = action === 'drain' || action === 'disable';
    return html`<form @submit=${apply}>
      ${action === 'drain' ? html`<p>No new sessions go there; those it has may end.</p>` : nothing}
      ${action === 'disable' ? html`<p>Nothing goes there any more, sessions included.</p>` : nothing}
      ${action === 'weight'
        ? html`<label>Weight <input type="number" min="1" max="100" .value=${String(weight)}
            @input=${(e) => (weight = e.target.value)} required></label>`
        : nothing}
      ${goes
        ? html`<label>Reason <input .value=${reason} @input=${(e) => (reason = e.target.value)} required autofocus></label>
            <label>Ends by itself after, in minutes <input type="number" min="1" .value=${minutes}
              @input=${(e) => (minutes = e.target.value)} placeholder="never"></label>`
        : nothing}
      ${pool
        ? html`<label class="check"><input type="checkbox" .checked=${everywhere}
            @change=${(e) => (everywhere = e.target.checked)}> in every pool, not only ${pool}</label>`
        : nothing}
      ${problem ? failed(problem) : nothing}
      <footer>
        <button type="button" @click=${() => close(undefined)}>Cancel</button>
        <button class="primary">${verbs[action].split(' ')[0]}</button>
      </footer>
    </form>`;
  });
}
