/** The line at the top and the five figures below it. */
import { $, put, putState } from './dom.js';
import { brief, count, duration, many, millis, rate } from './format.js';

const mark = () => $('state').querySelector('.mark');

/** No answer, or none that may be seen. */
export function showTrouble(state, text) {
  putState(mark(), state);
  put($('state-text'), text);
}

function backplane(nodes) {
  const away = nodes.filter((node) => !node.now.backplane.ready);
  const delays = nodes.map((node) => node.now.backplane.round_trip_millis).filter((delay) => delay != null);
  const inProcess = nodes.every((node) => node.now.backplane.detail === 'in-process');
  if (away.length > 0) {
    put($('tile-backplane'), 'Away');
    put($('tile-backplane-more'), `${away[0].id}: ${away[0].now.backplane.detail}`);
  } else if (inProcess) {
    put($('tile-backplane'), 'In-process');
    put($('tile-backplane-more'), 'one node, no Redis');
  } else {
    put($('tile-backplane'), millis(delays.length ? Math.max(...delays) : null));
    put($('tile-backplane-more'), 'to Redis and back');
  }
  return away.length === 0;
}

/** Shows the figures as they are now. */
export function showOverview(figures, answer) {
  const nodes = figures.present;
  const behind = figures.sum((node) => node.now.behind);
  const connections = figures.sum((node) => node.now.connections);
  put($('tile-connections'), count(connections));
  put($('tile-connections-more'), behind > 0 ? `${many(behind, 'connection')} behind` : 'all at the head');
  put($('tile-delivered'), rate(figures.delivered) + '/s');
  put($('tile-delivered-more'), `${brief(figures.sum((node) => node.now.delivered + node.now.replayed))} since start`);
  put($('tile-published'), rate(figures.published) + '/s');
  put($('tile-published-more'), `${brief(figures.sum((node) => node.now.published))} since start`);
  put($('tile-latency'), millis(figures.p99));
  put($('tile-latency-more'), figures.p50 == null ? 'nothing published just now' : `p99 · p50 ${millis(figures.p50)}`);
  const ready = backplane(nodes);
  const silent = answer.missing ?? [];
  if (answer.cut_off) {
    showTrouble('warn', `${answer.asked} cannot ask the other nodes`);
  } else if (silent.length > 0) {
    showTrouble('warn', `No answer from ${silent.join(', ')}`);
  } else if (!ready) {
    showTrouble('bad', 'A node has no backplane: publishing fails, streams stay open');
  } else {
    const oldest = Math.max(...nodes.map((node) => node.now.uptime_millis));
    showTrouble('good', `${many(nodes.length, 'node')} ready · up ${duration(oldest)}`);
  }
}
