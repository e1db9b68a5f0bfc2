import {html, nothing} from 'lit';
import {api} from './api.js';
import {live} from './live.js';

/**
 * What the one who has signed in may do, and whether files own the configuration: what cannot be
 * done is not offered. The server decides all the same.
 */
class Access {
  #granted = {};
  #ownership = null;

  /** Takes note of who is there; null for nobody. */
  enter(session) {
    this.#granted = session?.permissions ?? {};
    this.#ownership = null;
  }

  /** Finds out who owns the configuration; resolves when that is known. */
  async learn() {
    if (this.#ownership === null) {
      this.own((await api.config()).ownership);
    }
  }

  own(ownership) {
    this.#ownership = ownership;
  }

  /** Whether `action` (`read`, `operate`, `change`) is granted for objects of `kind`. */
  may(kind, action = 'change') {
    return Boolean(this.#granted[kind]?.includes(action) || (kind !== 'users' && this.#granted['*']?.includes(action)));
  }

  /** Whether the configuration belongs to files, which these pages cannot change. */
  get fixed() {
    return this.#ownership === 'files';
  }

  /** Whether objects of a section can be changed here by this user. */
  canChange(section) {
    return !this.fixed && this.may(section);
  }

  /** A sentence for a page that cannot be changed; nothing when it can. */
  notice(section) {
    if (this.fixed) {
      const source = live.status?.configuration.source;
      return html`<p class="notice" role="note">The configuration belongs to ${source ? html`<code>${source}</code>` : 'files'}:
        it is shown here and changed there. Decisions about nodes work all the same.
        <code>weir run</code> without a file serves the managed store, which these pages can change.</p>`;
    }
    return this.may(section)
      ? nothing
      : html`<p class="notice" role="note">You may look at this, and not change it: the permission to change
          <code>${section}</code> is missing.</p>`;
  }
}

export const access = new Access();
