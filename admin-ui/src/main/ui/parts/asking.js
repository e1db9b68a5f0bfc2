import {html, nothing} from 'lit';
import {Plain} from './element.js';
import {live} from './live.js';
import {failed, waiting} from './pieces.js';

/**
 * An element that asks Weir for something, once or every `period` milliseconds, until it is left.
 * Those made of it have `ask(signal)`, whose result becomes `answer`, and `draw()`.
 */
export class Asking extends Plain {
  static properties = {answer: {state: true}, problem: {state: true}};

  /** Between two questions; 0 for one question only. */
  get period() {
    return 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.stopBack = live.whenBack(() => this.load());
    this.load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stopBack();
    clearTimeout(this.timer);
    this.asked?.abort();
  }

  async load() {
    clearTimeout(this.timer);
    this.asked?.abort();
    const asked = new AbortController();
    this.asked = asked;
    try {
      const answer = document.hidden && this.answer ? this.answer : await this.ask(asked.signal);
      if (asked.signal.aborted) {
        return;
      }
      this.answer = answer;
      this.problem = null;
    } catch (problem) {
      if (asked.signal.aborted) {
        return;
      }
      this.problem = problem;
    }
    if (this.period && this.isConnected) {
      this.timer = setTimeout(() => this.load(), this.period);
    }
  }

  /** What stands above the answer, such as a heading; it is there before the answer is. */
  top() {
    return nothing;
  }

  render() {
    return html`${this.top()}${this.problem ? failed(this.problem) : nothing}
      ${this.answer ? this.draw() : this.problem ? nothing : waiting()}`;
  }
}

/** One that asks with a `query`, whose fields people fill in. */
export class Searching extends Asking {
  query = {};

  /** The listener of the field that becomes `key` of the query; what is empty is left out. */
  put(key) {
    return ({target: {value}}) => {
      if (value) {
        this.query[key] = value;
      } else {
        delete this.query[key];
      }
      this.search();
    };
  }

  search() {
    this.load();
  }
}
