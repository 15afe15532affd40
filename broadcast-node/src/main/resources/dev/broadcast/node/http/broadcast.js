/*!
 * Broadcast for browsers: an EventSource that does not give up. See docs/browser.md.
 *
 * <script src="/broadcast.js"></script> defines BroadcastSource; import it from "/broadcast.mjs" in modules.
 */
(() => {
  'use strict';

  const CONNECTING = 0, OPEN = 1, CLOSED = 2;
  const LONGEST_WAIT = 30000;
  // Silence that is taken for a dead link, in heartbeat intervals.
  const SILENT_INTERVALS = 2.5;
  // How long an answer may take, and a ticket: longer than any node and its balancer do.
  const LONGEST_ANSWER = 20000;

  /** Reads text/event-stream as the WHATWG's HTML standard says, 9.2.6. */
  class Parser {
    constructor(sink) {
      this.sink = sink;
      this.decoder = new TextDecoder();
      this.rest = '';
      this.type = this.data = '';
      this.some = this.skipLf = false;
    }

    feed(bytes) {
      let text = this.decoder.decode(bytes, { stream: true });
      if (this.skipLf && text) {
        if (text[0] === '\n') text = text.slice(1);
        this.skipLf = false;
      }
      const lines = (this.rest + text).split(/\r\n|\r|\n/);
      this.skipLf = text ? text.endsWith('\r') : this.skipLf;
      this.rest = lines.pop();
      for (const line of lines) this.line(line);
    }

    line(line) {
      if (!line) return this.dispatch();
      const colon = line.indexOf(':');
      if (!colon) return;
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
      if (name === 'data') {
        this.data += (this.some ? '\n' : '') + value;
        this.some = true;
      } else if (name === 'event') this.type = value;
      else if (name === 'id' && !value.includes('\0')) this.id = value;
      else if (name === 'retry' && /^\d+$/.test(value)) this.sink.retry(+value);
    }

    dispatch() {
      // An id counts when its block ends, with data or without.
      const { id, some } = this;
      if (id !== undefined) this.sink.cursor(id, some);
      if (some) this.sink.event(this.type || 'message', this.data);
      this.type = this.data = '';
      this.some = false;
      this.id = undefined;
    }
  }

  class BroadcastSource extends EventTarget {
    /**
     * @param url of the stream, as for EventSource
     * @param options see broadcast.d.ts
     */
    constructor(url, options = {}) {
      super();
      this.url = new URL(url, location.href).href;
      this.withCredentials = !!options.withCredentials;
      this.readyState = CONNECTING;
      this.lastEventId = options.lastEventId || '';
      this._options = options;
      this._retry = options.retry || 2000;
      this._tries = 0;
      this._heard = Date.now();
      this._silence = 0;
      if (options.keepCursor) {
        this._key = 'broadcast:' + (options.keepCursor === true ? this.url : options.keepCursor);
        this.lastEventId = this.lastEventId || sessionStorage.getItem(this._key) || '';
      }
      const look = () => this._look();
      const wake = () => this._wake();
      const listen = (target, type, listener) => {
        if (!target || !target.addEventListener) return;
        target.addEventListener(type, listener);
        this._unlisten.push(() => target.removeEventListener(type, listener));
      };
      this._unlisten = [];
      listen(document, 'visibilitychange', look);
      listen(window, 'pageshow', look);
      listen(window, 'online', wake);
      listen(navigator.connection, 'change', wake);
      const clock = setInterval(look, 1000);
      this._unlisten.push(() => clearInterval(clock));
      if (options.share && navigator.locks && self.BroadcastChannel) this._share();
      else this._connect();
    }

    /** Ends it for good. */
    close() {
      if (this.readyState === CLOSED) return;
      this.readyState = CLOSED;
      this._unlisten.forEach(undo => undo());
      clearTimeout(this._timer);
      if (this._abort) this._abort.abort();
      if (this._channel) this._channel.close();
      if (this._leave) this._leave();
    }

    // Only one tab holds the lock and reads the stream. What it reads the others hear on a channel, with the cursor,
    // so that whoever gets the lock next goes on behind the last thing it heard.
    _share() {
      const name = 'broadcast:' + this.url + (this.withCredentials ? '#credentials' : '');
      const abort = new AbortController();
      this._leave = () => abort.abort();
      this._channel = new BroadcastChannel(name);
      this._channel.onmessage = ({ data: [what, ...args] }) => {
        if (this._leads) {
          // A tab that came later wants to know how things stand.
          if (what === 'hello' && this.readyState === OPEN) this._post('opened', this._greeting, this.lastEventId);
          return;
        }
        this._heard = Date.now();
        if (what === 'event') this._deliver(...args);
        else if (what === 'cursor') this._keep(...args);
        else if (what === 'error') this._failed(...args);
        else if (what === 'end') this._end();
        else if (what === 'opened' && this.readyState !== OPEN) {
          this._keep(args[1]);
          this._opened();
          if (args[0]) this._deliver('connected', args[0], args[1]);
        }
      };
      this._post('hello');
      navigator.locks.request(name, { signal: abort.signal }, () => new Promise(left => {
        this._leave = left;
        this._leads = true;
        this._connect();
      })).catch(() => {});
    }

    _post(...message) {
      if (this._channel && (this._leads || message[0] === 'hello')) this._channel.postMessage(message);
    }

    async _connect() {
      clearTimeout(this._timer);
      this._timer = 0;
      const abort = this._abort = new AbortController();
      const current = () => this._abort === abort && this.readyState !== CLOSED;
      let status = 0, wait, why;
      this._heard = Date.now();
      try {
        const options = this._options;
        const url = new URL(this.url);
        if (options.ticket) {
          const aborted = new Promise((_, fail) => { abort.signal.onabort = () => fail(abort.signal.reason); });
          url.searchParams.set('ticket', await Promise.race([options.ticket(), aborted]));
        }
        const headers = { Accept: 'text/event-stream', ...options.headers };
        // A header would cost a preflight at another origin; the parameter says the same.
        if (this.lastEventId) {
          if (url.origin === location.origin) headers['Last-Event-ID'] = this.lastEventId;
          else url.searchParams.set('lastEventId', this.lastEventId);
        }
        if (!current()) return;
        const answer = await fetch(url, {
          headers,
          signal: abort.signal,
          cache: 'no-store',
          credentials: this.withCredentials ? 'include' : 'same-origin',
        });
        status = answer.status;
        if (status === 204) return current() && this._end(true);
        if (status === 200 && /^text\/event-stream\b/.test(answer.headers.get('content-type') || '')) {
          await this._read(answer.body.getReader(), current);
          why = 'the stream ended';
        } else {
          wait = answer.headers.get('retry-after') * 1000;
          why = 'answered with ' + status;
          answer.body && answer.body.cancel();
        }
      } catch (error) {
        why = abort.signal.reason === 'silent' ? 'nothing was heard' : String(error && error.message || error);
      }
      if (!current()) return;
      this._failed(why, status);
      this._post('error', why, status);
      // Whoever stands in line alone comes back soon, a crowd not at once (full jitter above the base).
      const spread = Math.min(LONGEST_WAIT, this._retry * 2 ** Math.min(this._tries++, 10));
      this._timer = setTimeout(() => this._connect(), wait || this._retry / 2 + Math.random() * (spread - this._retry / 2));
    }

    async _read(reader, current) {
      const parser = new Parser({
        retry: millis => { this._retry = millis; },
        // Of a message the cursor travels with it: a tab that knew it first would go on behind what it has not seen.
        cursor: (id, some) => {
          this._keep(id);
          if (!some) this._post('cursor', id);
        },
        event: (type, data) => {
          if (!current()) return;
          if (type === 'connected') this._greet(data);
          this._post('event', type, data, this.lastEventId);
          this._deliver(type, data, this.lastEventId);
        },
      });
      this._opened();
      this._post('opened', null, this.lastEventId);
      for (;;) {
        const { done, value } = await reader.read();
        if (done || !current()) return;
        this._heard = Date.now();
        parser.feed(value);
      }
    }

    _greet(data) {
      this._greeting = data;
      this._tries = 0;
      try {
        this._silence = JSON.parse(data).heartbeat_interval * 1000 * SILENT_INTERVALS;
      } catch (e) {
        this._silence = 0;
      }
    }

    // A link that is silent for too long is dead, whatever the browser thinks.
    _look() {
      const silent = Date.now() - this._heard;
      if (this._leads === undefined && this._channel) return;
      const longest = this.readyState === OPEN ? this._silence : this._timer ? 0 : LONGEST_ANSWER;
      if (longest && silent > longest) this._abort.abort('silent');
      else if (document.visibilityState === 'visible' && this._wasHidden) this._wake();
      this._wasHidden = document.visibilityState !== 'visible';
    }

    // Not in the middle of a wait when the network or the visitor is back.
    _wake() {
      if (this._timer) {
        this._tries = 0;
        this._connect();
      }
    }

    _keep(id) {
      this.lastEventId = id;
      if (this._key) sessionStorage.setItem(this._key, id);
    }

    _opened() {
      this.readyState = OPEN;
      this._tell(new Event('open'));
    }

    _failed(reason, status) {
      this.readyState = CONNECTING;
      this._tell(Object.assign(new Event('error'), { reason, status }));
    }

    _end(tell) {
      if (tell) this._post('end');
      this.close();
      this._tell(new Event('end'));
    }

    _deliver(type, data, lastEventId) {
      this._keep(lastEventId);
      this._tell(new MessageEvent(type, { data, lastEventId, origin: new URL(this.url).origin }));
    }

    _tell(event) {
      const handler = this['on' + event.type];
      if (typeof handler === 'function') handler.call(this, event);
      this.dispatchEvent(event);
    }
  }

  Object.assign(BroadcastSource, { CONNECTING, OPEN, CLOSED });
  Object.assign(BroadcastSource.prototype, { CONNECTING, OPEN, CLOSED });
  globalThis.BroadcastSource = BroadcastSource;
})();
