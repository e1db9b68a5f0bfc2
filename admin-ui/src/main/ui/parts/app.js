import {html, nothing} from 'lit';
import {access} from './access.js';
import {api, whenSignedOut} from './api.js';
import {Live} from './element.js';
import {time} from './format.js';
import {live} from './live.js';
import {heading, healthLight, light, waiting} from './pieces.js';

/** Each page, with the module that it comes in when it is first looked at. */
const PAGES = {
  home: ['Home', () => import('../pages/home.js')],
  services: ['Services', () => import('../pages/services.js')],
  wizards: ['Wizards', () => import('../pages/wizards.js')],
  catalogs: ['Catalogs', () => import('../pages/catalogs.js')],
  diagnose: ['Diagnose', () => import('../pages/diagnose.js')],
  activity: ['Activity', () => import('../pages/activity.js')],
  system: ['System', () => import('../pages/system.js')],
};

/** The parts of an address; what cannot be read is taken as it stands. */
const parts = (hash) => hash.slice(2).split('/').filter(Boolean).map((part) => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
});

/** In place of a page whose program does not come: Weir is away, or has become another version. */
const notLoaded = () => html`${heading('This page does not come')}
  <div class="notice bad" role="alert"><p>Weir cannot be reached, or another version of it runs than the one that these pages are of.</p>
    <p><button @click=${() => location.reload()}>Load the pages again</button></p></div>`;

/** The frame of all pages: who is signed in, where one is, how Weir is. */
class App extends Live {
  static properties = {session: {state: true}, route: {state: true}, page: {state: true}};

  constructor() {
    super();
    this.session = undefined;
    this.route = [];
    this.page = null;
    whenSignedOut(() => {
      this.ended = Boolean(this.session);
      this.enter(null);
    });
    this.onHash = () => this.go();
    this.onBack = () => {
      if (this.broken) {
        location.reload();
      }
    };
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener('hashchange', this.onHash);
    this.stopBack = live.whenBack(this.onBack);
    api.session().then(
      (session) => {
        this.enter(session);
        this.go();
      },
      () => {
        this.enter(null);
        this.go();
      },
    );
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.onHash);
    this.stopBack();
  }

  async go() {
    if (!this.session) {
      await import('../pages/sign-in.js');
      this.page = (app) => html`<weir-sign-in .ended=${app.ended} @signed-in=${(e) => app.signedIn(e.detail)}></weir-sign-in>`;
      return;
    }
    const route = parts(location.hash);
    const [, load] = PAGES[route[0]] ?? PAGES.home;
    let page;
    try {
      const {show} = await load();
      page = await show(route.slice(1), this.session);
      this.broken = false;
    } catch {
      page = notLoaded();
      this.broken = true;
    }
    if (parts(location.hash).join('/') !== route.join('/') || !this.session) {
      return; // somebody was faster
    }
    const moved = this.route.length > 0;
    this.route = PAGES[route[0]] ? route : ['home'];
    this.page = () => page;
    await this.updateComplete;
    const heading = this.querySelector('main h1');
    document.title = heading ? `${heading.textContent} – Weir` : 'Weir';
    if (moved) {
      // Whoever reads with the keyboard or by ear is taken to the new page.
      (heading ?? document.getElementById('main')).focus({preventScroll: true});
      scrollTo(0, 0);
    }
  }

  /** Takes note of who is there; null for nobody. */
  enter(session) {
    this.session = session;
    this.route = session ? this.route : [];
    access.enter(session);
    live.enter(session !== null);
    if (session) {
      access.learn().then(() => this.requestUpdate(), () => {});
    }
  }

  signedIn(session) {
    this.ended = false;
    this.enter(session);
    this.go();
  }

  async signOut() {
    await api.signOut().catch(() => {});
    this.ended = false;
    this.enter(null);
    this.go();
  }

  updated(changed) {
    if (changed.has('session') && this.session === null) {
      this.go();
    }
  }

  render() {
    if (this.session === undefined) {
      return waiting();
    }
    if (!this.session) {
      return this.page ? this.page(this) : nothing;
    }
    return html`
      <a class="skip" href="#main" @click=${this.skip}>To the content</a>
      <nav aria-label="Pages">
        <a class="brand" href="#/home"><img src="weir.svg" alt="" width="28" height="28">Weir</a>
        ${Object.entries(PAGES).map(
          ([key, [name]]) =>
            html`<a href="#/${key}" aria-current=${this.route[0] === key ? 'page' : nothing}>${name}</a>`,
        )}
        <div class="who">
          ${this.health()}
          <span class="user">${this.session.user}</span>
          <button class="plain" @click=${() => this.signOut()}>Sign out</button>
        </div>
      </nav>
      <main id="main" tabindex="-1">${this.state()}${this.page ? this.page(this) : waiting()}</main>`;
  }

  /** Whether what is shown is of now. */
  state() {
    return live.outage
      ? html`<div class="notice bad" role="alert"><strong>Weir cannot be reached since ${time(live.outage)}.</strong>
          What stands here is of before. The page asks again every few seconds.</div>`
      : live.news ? html`<div class="notice" role="status">${live.news} <button class="small" @click=${() => live.read()}>Read</button></div>` : nothing;
  }

  skip(event) {
    event.preventDefault();
    document.getElementById('main').focus();
  }

  health() {
    if (live.problem) {
      return light('bad', 'not reached');
    }
    const health = live.status?.health;
    return health ? healthLight(health) : nothing;
  }
}

customElements.define('weir-app', App);
