import {html, nothing} from 'lit';
import {api, PROVIDER} from '../parts/api.js';
import {Plain} from '../parts/element.js';

class SignIn extends Plain {
  static properties = {ended: {type: Boolean}, problem: {state: true}, busy: {state: true}, provider: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    api.waysIn().then((ways) => (this.provider = ways.includes('oidc')));
  }

  async submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    this.busy = true;
    this.problem = null;
    try {
      const session = await api.signIn(form.get('user'), form.get('password'), form.get('chosen'));
      this.dispatchEvent(new CustomEvent('signed-in', {detail: session}));
    } catch (problem) {
      this.problem = problem;
      this.busy = false;
      await this.updateComplete;
      this.querySelector('[name=password]').select();
    }
  }

  render() {
    return html`<main class="sign-in">
      <form @submit=${this.submit}>
        <h1><img src="weir.svg" alt="" width="40" height="40"> Weir</h1>
        <label>User <input name="user" autocomplete="username" required autofocus></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
        ${this.problem?.status === 403
          ? html`<label>Another password <input name="chosen" type="password" autocomplete="new-password" minlength="12" required></label>`
          : nothing}
        ${this.problem ? html`<p class="notice bad" role="alert">${this.problem.message}</p>` : nothing}
        <button class="primary" ?disabled=${this.busy}>Sign in</button>
        ${this.ended ? html`<p class="notice" role="status">Your session has ended, as sessions do when Weir is started again, or when
          nobody has used them for a while. Sign in, and you are back where you were.</p>` : nothing}
        ${this.provider ? html`<a class="button" href=${PROVIDER}>Sign in with OpenID Connect</a>` : nothing}
        <p class="quiet">First time here? Weir has printed a secret for the user <code>admin</code> when it started.</p>
      </form>
    </main>`;
  }
}

customElements.define('weir-sign-in', SignIn);
