/** The connections of the cluster, a page of them, however many there are. */
import { base, get, query, request } from './api.js';
import { $, command, el, put, putState, rows, say } from './dom.js';
import { brief, count, duration, many, NONE, quoted } from './format.js';

const LIMIT = 50;
const EVERY = 3000;
const STATES = { connected: 'good', reconnecting: 'warn', connecting: 'wait' };
const state = { cursor: '', next: '', busy: false, again: false, total: null };

function make() {
  const close = el('button', { type: 'button', class: 'close' }, 'Close');
  const cell = (classes, ...children) => el('td', { class: classes }, ...children);
  return el(
    'tr', {}, el('th', { scope: 'row', class: 'mono' }), cell('wide'), cell('wide'),
    cell('state-cell wide', el('span', { class: 'mark', 'aria-hidden': 'true' }), el('span')),
    cell('wide'), cell('n'), cell('n wide'), cell('n wide'), cell('', close),
  );
}

function fill(row, connection) {
  const [id, kind, node, where, topics, age, messages, lag, button] = row.children;
  row.className = connection.closed ? 'gone' : '';
  row.dataset.id = connection.id;
  put(id, connection.id);
  id.title = Object.entries(connection.metadata).map(([key, value]) => `${key}=${value}`).join('\n') || connection.id;
  put(kind, connection.kind);
  put(node, connection.node);
  putState(where.firstChild, connection.closed ? 'bad' : (STATES[connection.state] ?? 'warn'));
  put(where.lastChild, connection.closed ? 'closed' : connection.state);
  put(topics, connection.topics.join(', '));
  topics.title = topics.textContent;
  put(age, duration(Date.now() - Date.parse(connection.created_at)));
  put(messages, brief(connection.message_count));
  put(lag, connection.lag == null ? NONE : brief(connection.lag));
  button.firstChild.setAttribute('aria-label', 'Close ' + connection.id);
  button.firstChild.disabled = Boolean(connection.closed);
}

const show = rows($('connections-rows'), make, fill);

function hint(empty) {
  const place = $('connections-hint');
  place.hidden = !empty;
  if (empty && !place.firstChild) {
    place.append(el('p', {}, 'No connection is open that matches. Open one from a shell:'), command('curl -N ' + quoted(new URL('events', base).href)));
  }
}

async function refresh() {
  if (state.busy) {
    state.again = true;
    return;
  }
  state.busy = true;
  state.again = false;
  const filters = { kind: $('connections-kind').value, topic: $('connections-topic').value };
  try {
    const { connections, next, missing } = await get('connections' + query({ ...filters, limit: LIMIT, cursor: state.cursor }));
    show(connections);
    hint(connections.length === 0 && !state.cursor);
    state.next = next ?? '';
    const whole = filters.kind || filters.topic || state.total == null ? 'a page' : 'of ' + count(state.total);
    const which = next || state.cursor ? `${connections.length} ${whole}` : many(connections.length, 'connection');
    put($('connections-note'), missing ? `${which}; no answer from ${missing.join(', ')}` : which);
  } catch (problem) {
    put($('connections-note'), problem.message);
  }
  $('connections-first').disabled = !state.cursor;
  $('connections-next').disabled = !state.next;
  state.busy = false;
  if (state.again) {
    refresh(); // other filters, or another page, were asked for meanwhile
  }
}

async function close(row) {
  const { id } = row.dataset;
  try {
    await request('DELETE', 'connections/' + encodeURIComponent(id));
    say('Closed ' + id);
    row.className = 'gone';
    refresh();
  } catch (problem) {
    put($('connections-note'), problem.message);
  }
}

/** How many there are, which a page of them does not tell. */
export function connectionsInAll(total) {
  state.total = total;
}

/** Wires the section. Nothing moves under the pointer: rows wait while one of them is used. */
export function connections() {
  const body = $('connections-rows');
  const go = (cursor) => {
    state.cursor = cursor;
    refresh();
  };
  $('connections-form').addEventListener('submit', (event) => {
    event.preventDefault();
    go('');
  });
  $('connections-first').addEventListener('click', () => go(''));
  $('connections-next').addEventListener('click', () => go(state.next));
  body.addEventListener('click', (event) => {
    if (event.target.classList.contains('close')) {
      close(event.target.closest('tr'));
    }
  });
  refresh();
  setInterval(() => document.hidden || body.matches(':hover, :focus-within') || refresh(), EVERY);
}
