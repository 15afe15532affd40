/** What a client gets that comes back with an id: asked of the node like a client would. */
import { query } from './api.js';
import { $, el, put, putState, rows, say } from './dom.js';
import { many } from './format.js';
import { listen } from './stream.js';

const MOST = 1000;
const SHOWN = 200;
const SILENCE = 700;
const BEGIN = 5000;

const show = rows(
  $('replay-rows'),
  () => el('tr', {}, el('th', { scope: 'row', class: 'mono' }), el('td'), el('td', { class: 'mono' })),
  (row, event) => {
    const [id, type, data] = row.children;
    put(id, event.id);
    put(type, event.type);
    put(data, event.data.slice(0, 300));
  },
);

/** Everything up to the first silence. */
async function collect(topics, id) {
  const events = [];
  const stopping = new AbortController();
  let silence = setTimeout(() => stopping.abort(), BEGIN);
  const told = (event) => {
    clearTimeout(silence);
    if (event.data !== undefined && event.type !== 'heartbeat') {
      events.push(event);
    }
    silence = setTimeout(() => stopping.abort(), SILENCE);
    if (events.length >= MOST) {
      stopping.abort();
    }
  };
  const path = 'events' + query({ topic: topics, kind: 'live-page-replay', ...(id === 'earliest' && { lastEventId: id }) });
  try {
    await listen(path, { told, signal: stopping.signal, lastEventId: id === 'earliest' ? '' : id });
  } catch (failure) {
    if (failure.name !== 'AbortError') {
      throw failure;
    }
  } finally {
    clearTimeout(silence);
  }
  return events;
}

/** In words. */
function verdict(events) {
  if (events.length === 0) {
    return ['warn', 'Nothing came: the node or a proxy holds the stream back, or the stream has ended for good.'];
  }
  const resets = events.filter((event) => event.type === 'reset').map((event) => JSON.parse(event.data));
  const messages = events.filter((event) => event.type !== 'reset' && event.type !== 'connected').length;
  const got = messages >= MOST - 2 ? `more than ${many(messages, 'message')}` : many(messages, 'message');
  if (resets.length > 0) {
    const [{ reason, topics }] = resets;
    return ['bad', `Reset (${reason})${topics ? ' for ' + topics.join(', ') : ''}: this id cannot be honoured. The client is told, and gets ${got} from the oldest kept.`];
  }
  return ['good', messages === 0 ? 'Up to date: nothing was published after this id.' : `${got} after this id, none missing.`];
}

async function replay() {
  const topics = $('replay-topic').value.split(/[\s,]+/).filter(Boolean);
  const mark = $('replay-verdict').querySelector('.mark');
  putState(mark, 'wait');
  put($('replay-text'), 'Asking…');
  show([]);
  try {
    const events = await collect(topics, $('replay-id').value.trim());
    const [state, text] = verdict(events);
    putState(mark, state);
    put($('replay-text'), text);
    show(events.slice(0, SHOWN));
  } catch (problem) {
    putState(mark, 'bad');
    put($('replay-text'), problem.message);
  }
  say($('replay-text').textContent);
}

/** Wires the section. */
export function replaying() {
  $('replay-form').addEventListener('submit', (event) => {
    event.preventDefault();
    replay();
  });
  addEventListener('replay-from', ({ detail }) => {
    $('replay-id').value = detail.id;
    $('replay-topic').value = detail.topics.join(', ');
    $('replay').scrollIntoView();
    replay();
  });
}
