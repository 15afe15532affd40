/** The messages of topics as they come. */
import { query } from './api.js';
import { $, command, el, put, rows } from './dom.js';
import { clock } from './format.js';
import { curl } from './publish.js';
import { listen } from './stream.js';

const KEPT = 500;
const SHOWN = 60;
const CONTROL = new Set(['connected', 'closing', 'reset', 'presence', 'heartbeat']);
const AGAIN = 1000;

const state = { messages: [], chosen: null, paused: false, cursor: '', filters: null, stop: null, dirty: true, heard: false };

/** What a stream's event is for the list. */
function entry(event) {
  if (CONTROL.has(event.type)) {
    return { id: event.id, type: event.type, control: true, time: Date.now(), text: event.data };
  }
  let whole;
  try {
    whole = JSON.parse(event.data);
  } catch {
    whole = { data: event.data };
  }
  const text = typeof whole.data === 'string' ? whole.data : JSON.stringify(whole.data);
  return { id: event.id, type: whole.type ?? '', time: whole.timestamp ?? Date.now(), text: text ?? '', whole };
}

function take(event) {
  if (event.id) {
    state.cursor = event.id;
  }
  if (event.cursor) {
    state.cursor = event.cursor;
  }
  if (event.data === undefined || event.type === 'heartbeat' || event.type === 'connected') {
    return;
  }
  state.messages.push(entry(event));
  if (state.messages.length > KEPT) {
    state.messages.splice(0, state.messages.length - KEPT);
  }
  state.dirty = true;
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** Listens until it is stopped; comes back where it was when a stream ends. */
async function run(filters, stopping) {
  const { signal } = stopping;
  while (!signal.aborted) {
    try {
      const history = state.cursor ? {} : { history: 50 };
      const path = 'events' + query({ ...filters, ...history, format: 'message', kind: 'live-page' });
      const opened = () => put($('tail-state'), `listening to ${filters.topic.join(', ')}`);
      await listen(path, { told: take, opened, signal, lastEventId: state.cursor });
      put($('tail-state'), 'the stream ended; coming back…');
    } catch (problem) {
      if (signal.aborted) {
        return;
      }
      put($('tail-state'), problem.message);
      if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
        return;
      }
    }
    await wait(AGAIN);
  }
}

function stop() {
  state.stop?.abort();
  state.stop = null;
}

function start() {
  stop();
  state.stop = new AbortController();
  run(state.filters, state.stop);
}

/** What to do while nothing is here. */
function hint() {
  const place = $('tail-hint');
  place.hidden = state.messages.length > 0;
  if (!place.hidden) {
    const topic = state.filters.topic[0];
    place.replaceChildren(
      el('p', {}, 'Nothing was published here yet. Publish with the form, or from a shell:'),
      command(curl({ topic, data: 'hello' })),
    );
  }
}

/** Begins anew with what the form says. */
export function tail(topic) {
  if (topic !== undefined) {
    $('tail-topic').value = topic;
  }
  const topics = $('tail-topic').value.split(/[\s,]+/).filter(Boolean);
  state.filters = { topic: topics.length > 0 ? topics : ['global'], type: $('tail-type').value, target: $('tail-target').value };
  Object.assign(state, { messages: [], chosen: null, cursor: '', dirty: true, heard: false });
  hint();
  showDetail();
  start();
}

const fillRow = (row, message) => {
  const [time, badge, text] = row.children;
  put(time, clock(message.time));
  put(badge, message.type || 'message');
  badge.className = message.control ? 'badge control' : 'badge';
  put(text.firstChild, state.filters.topic.length > 1 ? (message.whole?.topic ?? '') : '');
  put(text.lastChild, message.text.slice(0, 300));
};

const list = $('tail-list');
let visible = [];
const showRows = rows(
  list,
  () => el('div', { class: 'line', role: 'option', id: 'tail-line-' + list.children.length }, el('time'), el('span', { class: 'badge' }), el('span', {}, el('span', { class: 'of' }), el('span', { class: 'mono' }))),
  fillRow,
);

function showDetail() {
  const message = state.chosen;
  if (!message) {
    $('tail-detail').replaceChildren(el('p', { class: 'soft' }, 'Choose a message to see all of it.'));
    return;
  }
  const facts = el('dl');
  const add = (name, value) => value && facts.append(el('dt', {}, name), el('dd', {}, value));
  add('id', message.id);
  add('topic', message.whole?.topic ?? (state.filters.topic.length === 1 ? state.filters.topic[0] : ''));
  add('type', message.type);
  add('time', new Date(message.time).toISOString());
  add('targets', message.whole?.target_ids?.join(', '));
  add('metadata', message.whole?.metadata && JSON.stringify(message.whole.metadata));
  let pretty = message.text;
  if (message.whole && typeof message.whole.data !== 'string') {
    pretty = JSON.stringify(message.whole.data, null, 2);
  }
  const again = el('button', { type: 'button', onclick: () => dispatchEvent(new CustomEvent('replay-from', { detail: { id: message.id, topics: state.filters.topic } })) }, 'Replay from here');
  $('tail-detail').replaceChildren(facts, el('pre', { tabindex: '0', role: 'region', 'aria-label': 'Data' }, pretty), message.id ? again : '');
}

/** Draws what changed; a few times a second at most, however much comes. */
function draw() {
  if (!state.dirty || (state.paused && state.heard)) {
    return;
  }
  state.dirty = false;
  const holds = $('tail-holds').value.toLowerCase();
  const matching = holds ? state.messages.filter((m) => (m.text + m.type).toLowerCase().includes(holds)) : state.messages;
  visible = matching.slice(-SHOWN).reverse();
  showRows(visible);
  showChosen();
  const first = state.messages.length > 0;
  if (first !== state.heard) {
    state.heard = first;
    hint();
  }
}

/** Where the chosen one is now, for those who hear the list instead of seeing it. */
function showChosen() {
  visible.forEach((message, i) => list.children[i].setAttribute('aria-selected', message === state.chosen));
  list.setAttribute('aria-activedescendant', 'tail-line-' + visible.indexOf(state.chosen));
}

function choose(message) {
  state.chosen = message;
  showChosen();
  showDetail();
}

function onKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && visible.length > 0) {
    event.preventDefault();
    const at = visible.indexOf(state.chosen);
    const next = Math.min(visible.length - 1, Math.max(0, at < 0 ? 0 : at + step));
    choose(visible[next]);
    list.children[next].scrollIntoView({ block: 'nearest' });
  }
}

/** Wires the section. A tab that nobody looks at holds no stream: browsers have six for a host. */
export function tailing() {
  $('tail-form').addEventListener('submit', (event) => {
    event.preventDefault();
    tail();
  });
  $('tail-holds').addEventListener('input', () => (state.dirty = true));
  $('tail-pause').addEventListener('click', () => {
    state.paused = !state.paused;
    state.dirty = true;
    $('tail-pause').setAttribute('aria-pressed', state.paused);
    put($('tail-pause'), state.paused ? 'Go on' : 'Pause');
  });
  list.addEventListener('keydown', onKey);
  list.addEventListener('click', (event) => {
    const at = [...list.children].indexOf(event.target.closest('.line'));
    if (at >= 0) {
      choose(visible[at]);
    }
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      stop();
    } else if (!state.stop && state.filters) {
      start();
    }
  });
  setInterval(draw, 150);
  tail();
}
