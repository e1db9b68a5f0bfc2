import {html} from 'lit';
import {ask} from './dialog.js';
import {failed} from './pieces.js';

/**
 * Asks for values in a form: `draw(field, values, again)` makes its fields, where `field(name)` is
 * the listener that takes what is entered, and `again()` draws anew. `act(values)`, when it is
 * there, is done before the form closes; what it throws is shown in the form. Resolves with the
 * values, or with what `act` gave; undefined when it was left.
 */
export function inquire(title, initial, draw, {next = 'Show what it does …', act} = {}) {
  const values = {...initial};
  let problem = null;
  let busy = false;
  return ask(title, (close, again) => {
    const field = (name) => (event) => {
      const {type, checked, value} = event.target;
      values[name] = type === 'checkbox' ? checked : type === 'textarea' ? value : value.trim();
    };
    const submit = async (event) => {
      event.preventDefault();
      if (!act) {
        close(values);
        return;
      }
      busy = true;
      problem = null;
      again();
      try {
        close((await act(values)) || values);
      } catch (refused) {
        problem = refused;
        busy = false;
        again();
      }
    };
    return html`<form @submit=${submit}>
      ${draw(field, values, again)}
      ${problem ? failed(problem) : ''}
      <footer><button type="button" @click=${() => close()}>Cancel</button>
        <button class="primary" ?disabled=${busy}>${next}</button></footer>
    </form>`;
  });
}

/** The content of a file that an input of that type was given. */
export const fileText = async (input) => (input.files[0] ? input.files[0].text() : '');

/** Words that blanks, commas or lines part. */
export const words = (text) => (text ?? '').split(/[\s,]+/).filter(Boolean);

/** Has the browser keep a text as a file. */
export function download(name, text, type = 'text/plain') {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
