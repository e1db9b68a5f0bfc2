import {html, nothing} from 'lit';
import {api} from '../parts/api.js';
import {agree, tell} from '../parts/dialog.js';
import {download, inquire} from '../parts/inquire.js';
import {failed} from '../parts/pieces.js';

const KIND = 'weir-backup';

/** Has the browser keep a revision as one file; the latest when none is named. */
export async function backUp(revision) {
  try {
    const wanted = revision ?? (await api.config()).revision;
    const {config, files: all} = await api.revision(wanted);
    // The document itself is there as `config`; what else is in the store are the files beside it.
    const files = Object.fromEntries(Object.entries(all).filter(([path]) => !isDocument(path, config)));
    const backup = {kind: KIND, version: 1, revision: wanted, time: new Date().toISOString(), config, files};
    download(`weir-revision-${wanted}.json`, JSON.stringify(backup, null, 2), 'application/json');
  } catch (problem) {
    await tell('Back up', failed(problem));
  }
}

/** Puts a backup, or some sections of one, in the place of what is there; shows each key that changes before. */
export async function restore() {
  let backup = null;
  const chosen = new Set();
  const entered = await inquire('Restore a backup', {}, (_field, _values, again) => html`
      <label>File of the backup <input type="file" accept=".json,application/json" required autofocus @change=${async (e) => {
        backup = await read(e.target);
        chosen.clear();
        Object.keys(backup?.config ?? {}).forEach((section) => chosen.add(section));
        again();
      }}></label>
      ${backup ? html`<p>Revision ${backup.revision}, kept ${backup.time}.</p>
        <fieldset><legend>What comes back</legend>${Object.keys(backup.config).map((section) => html`<label class="check">
          <input type="checkbox" .checked=${chosen.has(section)}
            @change=${(e) => (e.target.checked ? chosen.add(section) : chosen.delete(section))}> ${section}</label>`)}</fieldset>` : nothing}`,
    {act: async () => {
      if (!backup) {
        throw new Error('the file is no backup of Weir, or is damaged');
      }
      if (chosen.size === 0) {
        throw new Error('nothing is chosen');
      }
    }});
  if (!entered) {
    return undefined;
  }
  const present = await api.config();
  const whole = chosen.size === Object.keys(backup.config).length;
  const edits = Object.entries(backup.files ?? {}).map(([path, base64]) => ({putFile: path, base64}));
  for (const section of new Set([...Object.keys(backup.config), ...Object.keys(present.document)])) {
    if (chosen.has(section)) {
      edits.push({put: [section], value: backup.config[section]});
    } else if (whole && !(section in backup.config)) {
      edits.push({remove: [section]});
    }
  }
  const wanted = Object.fromEntries([...chosen].map((section) => [section, backup.config[section]]));
  const before = whole ? present.document : Object.fromEntries([...chosen].map((section) => [section, present.document[section]]));
  const keys = differences(before, wanted);
  return agree(`Restore revision ${backup.revision}`,
    (options) => api.change(edits, {base: present.revision, ...options, comment: options.comment || `restored from a backup of revision ${backup.revision}`}),
    {describe: html`<details open><summary>${keys.length === 1 ? 'One key changes' : `${keys.length} keys change`}</summary>
      <pre class="diff" tabindex="0">${keys.map(([key, was, becomes]) => html`${key}
${was === undefined ? '' : html`<span class="minus">- ${JSON.stringify(was)}
</span>`}${becomes === undefined ? '' : html`<span class="plus">+ ${JSON.stringify(becomes)}
</span>`}`)}</pre></details>`});
}

/** Whether a file of the store is a part of the document: the main file, or an object of a section. */
const isDocument = (path, config) => path.endsWith('.yaml') && (!path.includes('/') || path.split('/')[0] in config);

async function read(input) {
  try {
    const backup = JSON.parse(await input.files[0].text());
    return backup.kind === KIND && backup.config ? backup : null;
  } catch {
    return null;
  }
}

/** Each key that differs, with what it was and what it becomes. */
function differences(before, after, path = []) {
  if (JSON.stringify(before) === JSON.stringify(after)) {
    return [];
  }
  const parts = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
  if (parts(before) && parts(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
      .flatMap((key) => differences(before[key], after[key], [...path, key]));
  }
  return [[path.join('.'), before, after]];
}
