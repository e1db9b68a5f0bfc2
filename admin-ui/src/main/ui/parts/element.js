import {LitElement} from 'lit';
import {live} from './live.js';

/** An element that shares the page's style sheet. */
export class Plain extends LitElement {
  createRenderRoot() {
    return this;
  }
}

/** An element that draws itself again with each new status. */
export class Live extends Plain {
  connectedCallback() {
    super.connectedCallback();
    this.stopLive = live.follow(() => this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stopLive?.();
  }
}
