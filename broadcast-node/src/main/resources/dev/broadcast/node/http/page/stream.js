/** Event streams by fetch, which can send a key, as EventSource cannot. */
import { request } from './api.js';

/** Takes a stream's text apart (WHATWG HTML, 9.2.6). */
export class Parser {
  #rest = '';
  #event = { type: '', data: [] };
  #id = '';

  /** @param told gets {type, data, id} for each event, and {comment} */
  constructor(told) {
    this.told = told;
  }

  take(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    for (const line of lines) {
      this.#line(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
  }

  #line(line) {
    if (line === '') {
      this.#dispatch();
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) {
      this.told({ comment: line.slice(1).trim() });
      return;
    }
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (field === 'data') {
      this.#event.data.push(value);
    } else if (field === 'event') {
      this.#event.type = value;
    } else if (field === 'id') {
      this.#id = value;
    }
  }

  #dispatch() {
    const { type, data } = this.#event;
    this.#event = { type: '', data: [] };
    if (data.length > 0) {
      this.told({ type: type || 'message', data: data.join('\n'), id: this.#id });
    } else {
      this.told({ cursor: this.#id });
    }
  }
}

/**
 * Reads a stream until it ends. Throws a Problem if it is refused.
 *
 * @param told gets each event
 * @param opened gets the response once its head is there
 */
export async function listen(path, { told, opened, signal, lastEventId = '', right = 'subscribe' }) {
  const headers = { Accept: 'text/event-stream' };
  if (lastEventId) {
    headers['Last-Event-ID'] = lastEventId;
  }
  const answer = await request('GET', path, { right, headers, signal });
  opened?.(answer);
  if (answer.status === 204 || !answer.body) {
    return;
  }
  const parser = new Parser(told);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        return;
      }
      parser.take(value);
    }
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure; // whoever aborted knows
    }
    // A link that broke has ended.
  }
}
