/** The topics that somebody listens to, a page of them. */
import { base, get, query } from './api.js';
import { $, command, el, put, rows } from './dom.js';
import { brief, many, quoted, rate } from './format.js';
import { tail } from './tail.js';

const LIMIT = 100;
const EVERY = 5000;
const state = { cursor: '', next: '', before: new Map(), time: 0 };

const show = rows(
  $('topics-rows'),
  () => {
    const open = el('button', { type: 'button', class: 'link', title: 'Show its tail', onclick: () => {
      tail(open.textContent);
      $('tail').scrollIntoView();
    } });
    return el('tr', {}, el('th', { scope: 'row' }, open), el('td', { class: 'n' }), el('td', { class: 'n' }), el('td', { class: 'n' }));
  },
  (row, topic) => {
    const [name, connections, kept, speed] = row.children;
    put(name.firstChild, topic.topic);
    put(connections, brief(topic.connections));
    put(kept, brief(topic.kept));
    put(speed, rate(topic.rate));
  },
);

/** Rates from what came since the answer before; none where counting began anew. */
function rates(topics, time) {
  const seconds = (time - state.time) / 1000;
  const now = new Map();
  for (const topic of topics) {
    now.set(topic.topic, topic.received);
    const before = state.before.get(topic.topic);
    const more = topic.received - before;
    topic.rate = before === undefined || !(more >= 0) ? null : more / seconds;
  }
  state.before = now;
  state.time = time;
}

function hint(empty) {
  const place = $('topics-hint');
  place.hidden = !empty;
  if (empty && !place.firstChild) {
    place.append(
      el('p', {}, 'Nobody listens to anything yet. Listen from a shell:'),
      command('curl -N ' + quoted(new URL('events?topic=global', base).href)),
    );
  }
}

async function refresh() {
  try {
    const answer = await get('topics' + query({ limit: LIMIT, figures: 'true', cursor: state.cursor }), { right: 'subscribe' });
    rates(answer.topics, performance.now());
    show(answer.topics);
    hint(answer.topics.length === 0 && !state.cursor);
    state.next = answer.next ?? '';
    put($('topics-note'), answer.next || state.cursor ? `${LIMIT} a page` : many(answer.topics.length, 'topic'));
    $('topic-names').replaceChildren(...answer.topics.map((topic) => el('option', { value: topic.topic })));
  } catch (problem) {
    put($('topics-note'), problem.message);
  }
  $('topics-first').disabled = !state.cursor;
  $('topics-next').disabled = !state.next;
}

/** Wires the section; it is asked for anew while somebody looks. */
export function topics() {
  const go = (cursor) => {
    state.cursor = cursor;
    state.before = new Map();
    refresh();
  };
  $('topics-first').addEventListener('click', () => go(''));
  $('topics-next').addEventListener('click', () => go(state.next));
  get('event-types', { right: 'subscribe' })
    .then(({ types }) => $('type-names').replaceChildren(...types.map((type) => el('option', { value: type }))))
    .catch(() => {});
  refresh();
  setInterval(() => document.hidden || refresh(), EVERY);
}
