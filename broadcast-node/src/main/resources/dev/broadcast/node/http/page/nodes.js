/** The nodes, and what went wrong or ended on them. */
import { $, command, el, put, putState, rows } from './dom.js';
import { brief, count, duration, many, millis, rate } from './format.js';

const STATES = { ready: 'good', draining: 'warn', silent: 'warn', unknown: 'wait', 'not ready': 'bad', gone: 'bad' };
const WIDE = [3, 4, 5, 6, 7, 8];

function make() {
  const cells = [el('th', { scope: 'row' })];
  for (let i = 0; i < 9; i++) {
    const classes = [i === 0 && 'state-cell', i > 0 && i < 8 && 'n', WIDE.includes(i) && 'wide'].filter(Boolean);
    cells.push(el('td', { class: classes.join(' ') }));
  }
  cells[1].append(el('span', { class: 'mark', 'aria-hidden': 'true' }), el('span'));
  return el('tr', {}, ...cells);
}

function fill(row, node) {
  const { now, rates } = node;
  const [name, state, ...cells] = row.children;
  const there = node.state !== 'gone' && node.state !== 'silent';
  row.className = node.state === 'gone' ? 'gone' : '';
  row.dataset.node = node.id;
  put(name, node.id);
  name.title = node.id;
  putState(state.firstChild, STATES[node.state]);
  put(state.lastChild, node.state);
  state.title = now.backplane.detail;
  const values = [
    count(now.connections),
    rate(rates && rates.delivered + rates.replayed),
    rate(rates?.published),
    brief(now.queue.high_water),
    now.backplane.round_trip_millis == null ? 'none' : millis(now.backplane.round_trip_millis),
    millis(Math.max(0, ...now.loop_lag_millis)),
    duration(now.uptime_millis),
    now.version,
  ];
  values.forEach((value, i) => put(cells[i], there || i === 7 ? value : '–'));
}

const showRows = rows($('nodes-rows'), make, fill);

function hint() {
  const place = $('nodes-hint');
  if (!place.firstChild) {
    place.append(
      el('p', {}, 'One node, with nothing beside it. With a Redis, nodes share messages and history:'),
      command('./broadcast --port 8081 --redis-url redis://localhost'),
    );
  }
}

/** Shows all nodes that there were since the page was opened. */
export function showNodes(figures) {
  const nodes = [...figures.nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  showRows(nodes);
  const gone = nodes.filter((node) => node.state === 'gone').length;
  put($('nodes-note'), many(nodes.length - gone, 'node') + (gone > 0 ? `, ${gone} gone` : ''));
  const alone = nodes.length === 1 && nodes[0].now.backplane.detail === 'in-process';
  $('nodes-hint').hidden = !alone;
  if (alone) {
    hint();
  }
}
