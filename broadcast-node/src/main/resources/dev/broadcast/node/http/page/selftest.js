/**
 * Whether something between this browser and the node holds back or cuts streams. Events are sent
 * to a stream of this browser at known times, by requests of their own; what counts is when they
 * arrive. Whoever holds back an answer until it is complete lets them all through at once, at the
 * end; a slow way delays each of them alike.
 */
import { query, request } from './api.js';
import { $, el, put, putState, say } from './dom.js';
import { millis, NONE } from './format.js';
import { listen } from './stream.js';
import { picture } from './selfpicture.js';

const EVENTS = 8;
const APART = 250;
const PATIENCE = 3000;
const TOGETHER = 60;
const HOLD = 70_000;
const TOPIC = 'live-page.self-test';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** Waits until something is true, at most so long. */
async function until(condition, ms) {
  const end = performance.now() + ms;
  while (!condition() && performance.now() < end) {
    await wait(20);
  }
  return condition();
}

/**
 * What times of sending and receiving say.
 *
 * @param sent milliseconds, ascending
 * @param received the same of the same events; null for one that did not arrive
 * @param closed when the stream was ended to let go what is held, or null
 */
export function judge(sent, received, closed) {
  const came = received.filter((time) => time != null);
  if (came.length === 0) {
    return { verdict: 'blocked', delay: null };
  }
  const delays = received.map((time, i) => (time == null ? null : time - sent[i])).filter((delay) => delay != null);
  const delay = delays.sort((a, b) => a - b)[Math.floor(delays.length / 2)];
  const groups = [...came].sort((a, b) => a - b).filter((time, i, all) => i === 0 || time - all[i - 1] > TOGETHER).length;
  if (closed != null && came.some((time) => time >= closed)) {
    return { verdict: 'held', delay };
  }
  if (came.length < sent.length) {
    return { verdict: 'lost', delay };
  }
  if (groups <= sent.length / 2) {
    return { verdict: 'lumps', delay };
  }
  return { verdict: delay > 1000 ? 'slow' : 'fine', delay };
}

const WORDS = {
  fine: ['good', 'Fine: every event arrived when it was sent.'],
  slow: ['warn', 'Slow, but steady: nothing is held back, the way is long.'],
  lumps: ['bad', 'Buffered: events arrive in lumps. Something in between collects them.'],
  held: ['bad', 'Buffered: events arrive only when the stream ends. Something in between waits for the whole answer.'],
  lost: ['bad', 'Some events did not arrive, though the node sent them.'],
  blocked: ['bad', 'Blocked: no event arrived. Something in between lets no stream through.'],
};
const ADVICE =
  'Turn response buffering and compression off for /events: nginx “proxy_buffering off;”, Apache “flushpackets=on”, others as in docs/deployment.md. The node says “X-Accel-Buffering: no” and “no-transform”; this proxy does not listen.';

/** One run: the stream, what is sent to it, what comes. */
class Run {
  id = 'self-test_' + crypto.getRandomValues(new Uint32Array(2)).join('');
  sent = [];
  received = [];
  closed = null;
  connected = null;
  ended = null;
  heard = 0;
  #stopping = new AbortController();

  open() {
    this.begun = performance.now();
    const told = (event) => {
      this.heard = performance.now();
      if (event.type === 'connected') {
        this.connected = this.heard;
        this.heartbeat = JSON.parse(event.data).heartbeat_interval;
      } else if (event.type === 'self-test') {
        this.received[JSON.parse(event.data).n] = this.heard;
      }
    };
    const opened = (answer) => (this.answer = answer);
    const path = 'events' + query({ topic: TOPIC, id: this.id, kind: 'self-test', heartbeat: 'event' });
    this.over = listen(path, { told, opened, signal: this.#stopping.signal })
      .catch((problem) => (this.problem = problem))
      .finally(() => (this.ended = performance.now()));
  }

  /** The stream may not be known yet where its head is held back: tries until it is. */
  async send(n) {
    const end = performance.now() + PATIENCE;
    for (;;) {
      const time = performance.now();
      try {
        const answer = await request('POST', `connections/${this.id}/events`, { json: { type: 'self-test', data: { n } } });
        await answer.text(); // else the browser does not count it as done, and tells no protocol
        this.sent[n] = time;
        return;
      } catch (problem) {
        if (problem.status !== 404 || performance.now() > end) {
          throw problem;
        }
        await wait(50);
      }
    }
  }

  async close() {
    this.closed = performance.now();
    await request('DELETE', 'connections/' + this.id).catch(() => {});
  }

  stop() {
    this.#stopping.abort();
  }

  get all() {
    return this.sent.map((time, n) => this.received[n] ?? null);
  }
}

function facts(run, delay) {
  const entry = performance.getEntriesByType('resource').findLast((e) => e.name.includes(run.id));
  const header = (name) => run.answer?.headers.get(name) ?? 'none';
  const shown = {
    'delay, median': delay == null ? NONE : millis(Math.max(0, delay)),
    'stream began after': run.connected == null ? NONE : millis(run.connected - run.begun),
    protocol: entry?.nextHopProtocol || NONE,
    compression: header('content-encoding'),
    server: header('server'),
    via: header('via'),
  };
  $('self-facts').replaceChildren(...Object.entries(shown).flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
}

function tell(state, text, detail) {
  putState($('self-verdict').querySelector('.mark'), state);
  put($('self-text'), text);
  put($('self-detail'), detail);
  say(text);
}

/** Keeps the stream open in silence, and tells if somebody cuts it. */
async function hold(run) {
  const begun = performance.now();
  while (performance.now() - begun < HOLD) {
    if (run.ended != null) {
      const silence = run.ended - run.heard;
      tell('bad', `Cut after ${millis(run.ended - run.begun)}, in silence for ${millis(silence)}.`,
        'Something in between ends streams that are quiet. Raise its read timeout above the heartbeat, or send heartbeats more often with --heartbeat.');
      return;
    }
    put($('self-detail'), `Held open to see whether somebody cuts it: ${Math.round((performance.now() - begun) / 1000)} of ${HOLD / 1000} s.`);
    await wait(500);
  }
  put($('self-detail'), `Still open after ${HOLD / 1000} s: nobody cuts quiet streams.`);
}

async function measure(run) {
  run.open();
  await until(() => run.connected != null || run.problem, 2000);
  if (run.problem) {
    throw run.problem;
  }
  const beginning = performance.now();
  for (let n = 0; n < EVENTS; n++) {
    await wait(Math.max(0, beginning + n * APART - performance.now()));
    await run.send(n);
    picture($('self-picture'), run.sent, run.all);
  }
  const all = () => run.all.every((time) => time != null);
  if (!(await until(all, PATIENCE))) {
    await run.close();
    await until(() => all() || run.ended != null, PATIENCE);
  }
  picture($('self-picture'), run.sent, run.all);
  return judge(run.sent, run.all, run.closed);
}

async function test() {
  const run = new Run();
  $('self-go').disabled = true;
  tell('wait', 'Measuring…', 'Eight events are sent a quarter of a second apart; what counts is when they arrive.');
  try {
    const { verdict, delay } = await measure(run);
    const [state, text] = WORDS[verdict];
    facts(run, delay);
    tell(state, text, state === 'bad' ? ADVICE : '');
    $('self-verdict').dataset.verdict = verdict;
    $('self-go').disabled = false;
    put($('self-go'), 'Start again');
    if (run.closed == null) {
      await hold(run);
    }
  } catch (problem) {
    tell('bad', 'The test could not be made: ' + problem.message, '');
  } finally {
    run.stop();
    $('self-go').disabled = false;
  }
}

/** Wires the section. */
export function selfTesting() {
  let running = null;
  $('self-go').addEventListener('click', () => {
    running ??= test().finally(() => (running = null));
  });
  picture($('self-picture'), [], []);
}
