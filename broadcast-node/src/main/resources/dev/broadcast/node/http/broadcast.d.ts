/** How a {@link BroadcastSource} is set up. */
export interface BroadcastOptions {
  /** Cookies to other origins, as for EventSource. Default: false. */
  withCredentials?: boolean;
  /** The cursor to go on from. Default: none, or the one kept by `keepCursor`. */
  lastEventId?: string;
  /** Keeps the cursor in this tab's sessionStorage, so that a reload misses nothing; true, or a name for it. Default: false. */
  keepCursor?: boolean | string;
  /** One stream for all tabs that ask for the same URL: HTTP/1.1 allows a page six connections to a host. Default: false. */
  share?: boolean;
  /** Gets a ticket before every connection (`POST /tickets`), sent as `?ticket=`. */
  ticket?: () => string | Promise<string>;
  /** Further request headers, for example `Authorization`; to another origin they cost a preflight. */
  headers?: Record<string, string>;
  /** Milliseconds before it comes back, until the node says something else. Default: 2000. */
  retry?: number;
}

/** Why a stream broke; it comes back by itself. */
export interface BroadcastError extends Event {
  readonly reason: string;
  /** Of the answer; 0 when there was none. */
  readonly status: number;
}

/** What it dispatches besides the types that were published. */
export interface BroadcastEvents {
  open: Event;
  error: BroadcastError;
  /** The node has nothing more to say on this stream (an `until` event passed, a job ended). It is closed. */
  end: Event;
  /** Unnamed events. */
  message: MessageEvent<string>;
  /** The first of a stream: `{connection_id, node, topics, heartbeat_interval, …}`. */
  connected: MessageEvent<string>;
  /** Some messages are gone: `{reason, topics, last_event_id}`. Load afresh what they were about. */
  reset: MessageEvent<string>;
  /** The node says goodbye: `{reason}`. */
  closing: MessageEvent<string>;
}

/** An EventSource that does not give up. */
export declare class BroadcastSource extends EventTarget {
  static readonly CONNECTING: 0;
  static readonly OPEN: 1;
  static readonly CLOSED: 2;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSED: 2;
  readonly url: string;
  readonly withCredentials: boolean;
  readonly readyState: 0 | 1 | 2;
  /** The cursor behind the last thing that was heard. */
  readonly lastEventId: string;
  onopen: ((event: Event) => void) | null;
  onerror: ((event: BroadcastError) => void) | null;
  onend: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent<string>) => void) | null;
  constructor(url: string | URL, options?: BroadcastOptions);
  addEventListener<K extends keyof BroadcastEvents>(
    type: K,
    listener: (event: BroadcastEvents[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void, options?: boolean | AddEventListenerOptions): void;
  /** Ends it for good. */
  close(): void;
}

export default BroadcastSource;

declare global {
  interface Window {
    BroadcastSource: typeof BroadcastSource;
  }
}
