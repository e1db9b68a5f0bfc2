import {html, nothing} from 'lit';
import {api} from '../parts/api.js';
import {ask} from '../parts/dialog.js';
import {time} from '../parts/format.js';
import {lineDifferences} from '../parts/lines.js';
import {failed} from '../parts/pieces.js';

const MOST = 50;

/** The text of a file as it was in a revision; null when it was not there. */
async function textAt(revision, file) {
  const {files} = await api.revision(revision);
  const base64 = files[file];
  return base64 === undefined ? null : new TextDecoder().decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
}

/** The revisions that touched a file, the newest first. */
async function versionsOf(file) {
  const {revisions} = await api.history(1000);
  return revisions.filter((r) => (r.objects ?? []).some((object) => object.includes(file))).slice(0, MOST);
}

/**
 * Shows the versions of a rule, each with what is different from `present`. Resolves with the text
 * of the one that was chosen; undefined when none was.
 */
export async function versions(file, present, mayTake) {
  let list = null;
  let problem = null;
  let chosen = null;
  let text = null;
  try {
    list = await versionsOf(file);
  } catch (refused) {
    problem = refused;
  }
  return ask('Versions', (close, again) => {
    const look = async (revision) => {
      chosen = revision;
      text = undefined;
      again();
      try {
        text = await textAt(revision, file);
        problem = null;
      } catch (refused) {
        problem = refused;
      }
      again();
    };
    const lines = chosen && text != null ? lineDifferences(present, text) : [];
    return html`<div>
      ${problem ? failed(problem) : nothing}
      ${list?.length === 0 ? html`<p>The history knows of no change of this rule.</p>` : nothing}
      ${list?.length ? html`<table><thead><tr><th class="n">Revision</th><th>Time</th><th>Author</th><th>Comment</th><th></th></tr></thead><tbody>
        ${list.map((r) => html`<tr><td class="n">${r.revision}</td><td class="time">${time(r.time)}</td><td>${r.author}</td><td>${r.comment}</td>
          <td class="buttons"><button aria-pressed=${r.revision === chosen} @click=${() => look(r.revision)}>Compare</button></td></tr>`)}</tbody></table>` : nothing}
      ${chosen ? html`<h3>From what is in the editor to revision ${chosen}</h3>
        ${text === null ? html`<p>It was not there then.</p>` : lines.length === 0
          ? html`<p>${text === undefined ? 'Asking Weir …' : 'No difference.'}</p>`
          : html`<pre class="diff" tabindex="0">${lines.map(([sign, line]) => html`<span class=${sign === '+' ? 'plus' : sign === '-' ? 'minus' : ''}>${sign} ${line}
</span>`)}</pre>`}` : nothing}
      <footer>${mayTake && text ? html`<button @click=${() => close(text)}>Put revision ${chosen} into the editor</button>` : nothing}
        <button class="primary" @click=${() => close()}>Close</button></footer></div>`;
  });
}
