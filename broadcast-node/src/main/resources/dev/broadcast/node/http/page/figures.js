/** Makes rates, quantiles and series of the counters that the nodes answer with once a second. */

const KEPT = 600;
const RECENT = 60_000;
const COUNTERS = ['delivered', 'replayed', 'published', 'dropped'];

/** Buckets' difference; null where the node started anew. */
function grown(now, before) {
  const made = now.map((count, i) => count - before[i]);
  return made.some((count) => count < 0) ? null : made;
}

/**
 * A quantile of a histogram, straight between a bucket's bounds; null if it is empty.
 *
 * @param bounds upper ones; a last bucket without one has what is above
 */
export function quantile(bounds, counts, q) {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) {
    return null;
  }
  let left = q * all;
  for (let i = 0; i < counts.length; i++) {
    if (left <= counts[i] && counts[i] > 0) {
      const from = i === 0 ? 0 : bounds[i - 1];
      return i < bounds.length ? from + ((bounds[i] - from) * left) / counts[i] : from;
    }
    left -= counts[i];
  }
  return bounds[bounds.length - 1];
}

/** The cluster over time, from the first answer on. */
export class Figures {
  /** By id: {id, now, before, rates, seen, state}. Nodes that went stay, so that one sees it. */
  nodes = new Map();
  series = { time: [], delivered: [], published: [], p50: [], p99: [] };
  reasons = [];
  #history = [];

  /** @param answer of GET /cluster; time: when it came, milliseconds */
  take(answer, time) {
    const silent = new Set(answer.missing ?? []);
    const here = new Set();
    let latency = null;
    let bounds = [];
    for (const now of answer.nodes) {
      here.add(now.id);
      const known = this.nodes.get(now.id);
      // Of another start of the same node nothing can be reckoned.
      const before = known && known.now.uptime_millis <= now.uptime_millis ? known.now : null;
      const seconds = before ? (now.uptime_millis - before.uptime_millis) / 1000 : 0;
      const rates = seconds > 0 ? {} : (before && known.rates) || null;
      if (seconds > 0) {
        for (const name of COUNTERS) {
          rates[name] = Math.max(0, now[name] - before[name]) / seconds;
        }
        const more = grown(now.latency.counts, before.latency.counts);
        bounds = now.latency.bounds_millis;
        if (more) {
          latency = latency ? latency.map((count, i) => count + more[i]) : more;
        }
      }
      const state = now.draining ? 'draining' : now.backplane.ready ? 'ready' : 'not ready';
      this.nodes.set(now.id, { id: now.id, now, rates, seen: time, state });
    }
    for (const node of this.nodes.values()) {
      if (!here.has(node.id)) {
        node.state = silent.has(node.id) ? 'silent' : answer.cut_off ? 'unknown' : 'gone';
        node.rates = null;
      }
    }
    this.#reckon(time, latency, bounds);
  }

  /** Those that answered. */
  get present() {
    return [...this.nodes.values()].filter((node) => node.seen === this.time);
  }

  /** A counter or gauge over all that answered. */
  sum(of) {
    return this.present.reduce((sum, node) => sum + (of(node) ?? 0), 0);
  }

  #reckon(time, latency, bounds) {
    this.time = time;
    const known = this.present.some((node) => node.rates);
    this.delivered = known ? this.sum((node) => node.rates?.delivered + node.rates?.replayed || 0) : null;
    this.published = known ? this.sum((node) => node.rates?.published) : null;
    this.p50 = latency && quantile(bounds, latency, 0.5);
    this.p99 = latency && quantile(bounds, latency, 0.99);
    if (known) {
      const { series } = this;
      series.time.push(time / 1000);
      for (const name of ['delivered', 'published', 'p50', 'p99']) {
        series[name].push(this[name] ?? null);
      }
      if (series.time.length > KEPT) {
        Object.values(series).forEach((values) => values.shift());
      }
    }
    this.#reckonReasons(time);
  }

  /** Totals of what went wrong or ended, and how many of it in the last minute. */
  #reckonReasons(time) {
    const totals = new Map();
    const add = (name, count) => totals.set(name, (totals.get(name) ?? 0) + count);
    for (const { now } of this.present) {
      add('events dropped', now.dropped);
      add('fell behind', now.fell_behind);
      add('resets told', now.resets);
      add('publishes not stored', now.not_stored);
      Object.entries(now.disconnects).forEach(([reason, count]) => add('closed: ' + reason, count));
    }
    this.#history.push({ time, totals });
    while (this.#history.length > 2 && this.#history[1].time <= time - RECENT) {
      this.#history.shift();
    }
    const then = this.#history[0].totals;
    this.reasons = [...totals].map(([name, total]) => ({ name, total, recent: Math.max(0, total - (then.get(name) ?? 0)) }));
  }
}
