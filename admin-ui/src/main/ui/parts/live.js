import {api} from './api.js';
import {time} from './format.js';

const PERIOD = 2000;
const KEPT = 300;

/**
 * The state of Weir as this page knows it: asked for every two seconds while anybody looks and the
 * page can be seen, with the rates that follow from two answers and a short history of them.
 */
class LiveStatus {
  status = null;
  problem = null;
  rates = new Map();
  history = new Map();
  /** Since when Weir cannot be reached, in milliseconds; null while it can. */
  outage = null;
  /** What became of Weir while nobody could see it, in one sentence; null for nothing. */
  news = null;
  /** Whether somebody has signed in: nothing is asked before. */
  wanted = false;
  #followers = new Set();
  #returns = new Set();
  #timer = null;
  #at = 0;
  /** When the Weir was started that has answered last. */
  #started = null;

  constructor() {
    document.addEventListener('visibilitychange', () => this.#plan(0));
    addEventListener('online', () => this.#plan(0));
    addEventListener('offline', () => this.#plan(0));
  }

  /** Calls `listener` when Weir is there again, until the function is called that this gives. */
  whenBack(listener) {
    this.#returns.add(listener);
    return () => this.#returns.delete(listener);
  }

  /** Takes the news as read. */
  read() {
    this.news = null;
    this.#tell();
  }

  follow(follower) {
    this.#followers.add(follower);
    if (this.#followers.size === 1) {
      this.#plan(0);
    }
    return () => {
      this.#followers.delete(follower);
      if (this.#followers.size === 0) {
        clearTimeout(this.#timer);
        this.#timer = null;
      }
    };
  }

  /** Begins when somebody signs in; forgets all when nobody is there. */
  enter(there) {
    this.wanted = there;
    if (there) {
      this.#plan(0);
    } else {
      this.status = null;
      this.problem = null;
      this.rates.clear();
      this.history.clear();
    }
  }

  /** Asks now, as after a change. */
  refresh() {
    return this.#ask();
  }

  /** Of `vs/NAME` or `node/POOL/ADDRESS`: requests and failures for each second. */
  rate(key) {
    return this.rates.get(key) ?? {};
  }

  /** Points of time in seconds, and the rates then; for charts. */
  series(key) {
    return this.history.get(key) ?? [[], [], []];
  }

  #plan(delay) {
    clearTimeout(this.#timer);
    if (this.#followers.size > 0 && !document.hidden) {
      this.#timer = setTimeout(() => this.#ask(), delay);
    }
  }

  async #ask() {
    if (!this.wanted) {
      return;
    }
    try {
      const status = await api.status();
      if (!this.wanted) {
        return;
      }
      this.#welcome(status.started);
      const now = performance.now();
      this.#measure(this.status, status, (now - this.#at) / 1000);
      this.#at = now;
      this.status = status;
      this.problem = null;
    } catch (problem) {
      this.problem = problem;
      if (problem.status === 0) {
        this.outage ??= Date.now();
      }
    }
    this.#tell();
    this.#plan(PERIOD);
  }

  #tell() {
    for (const follower of this.#followers) {
      follower();
    }
  }

  /** Weir has answered: says so when it was away, or is another one than before. */
  #welcome(started) {
    const outage = this.outage;
    const another = this.#started !== null && this.#started !== started;
    this.outage = null;
    this.#started = started;
    if (another) {
      this.news = `Weir was started again: it has been running since ${time(started)}.`;
    } else if (outage) {
      this.news = `Weir can be reached again. It could not be from ${time(outage)} to ${time(Date.now())}.`;
    }
    if (another || outage) {
      this.#returns.forEach((listener) => listener());
    }
  }

  #measure(before, now, seconds) {
    const old = counters(before);
    const fresh = counters(now);
    for (const key of this.history.keys()) {
      if (!fresh.has(key)) {
        this.history.delete(key);
        this.rates.delete(key);
      }
    }
    for (const [key, [requests, errors]] of fresh) {
      const last = old.get(key);
      if (!last || seconds <= 0 || requests < last[0]) {
        continue;
      }
      const rate = {requests: (requests - last[0]) / seconds, errors: (errors - last[1]) / seconds};
      this.rates.set(key, rate);
      const series = this.history.get(key) ?? [[], [], []];
      series[0].push(Date.now() / 1000);
      series[1].push(rate.requests);
      series[2].push(rate.errors);
      if (series[0].length > KEPT) {
        series.forEach((s) => s.shift());
      }
      this.history.set(key, series);
    }
  }
}

function counters(status) {
  const all = new Map();
  for (const server of status?.['virtual-servers'] ?? []) {
    all.set(`vs/${server.name}`, [server.requests, server.errors]);
  }
  for (const pool of status?.pools ?? []) {
    for (const node of pool.nodes) {
      all.set(`node/${pool.name}/${node.node}`, [node.requests, node.failures]);
    }
  }
  return all;
}

export const live = new LiveStatus();
