// All that /broadcast.d.ts declares, used once: `tsc --noEmit --strict` must accept it.
import Default, { BroadcastSource, type BroadcastError, type BroadcastEvents, type BroadcastOptions } from '/broadcast.mjs';

const options: BroadcastOptions = {
  withCredentials: true,
  lastEventId: 'cursor',
  keepCursor: 'orders',
  share: true,
  ticket: async () => (await (await fetch('/ticket')).json()).ticket as string,
  headers: { Authorization: 'Bearer key' },
  retry: 500,
};
const source: BroadcastSource = new Default(new URL('/events', location.href), options);

source.onopen = event => console.log(event.type);
source.onerror = event => console.log(event.reason.length, event.status.toFixed());
source.onend = event => console.log(event.type);
source.onmessage = event => console.log(event.data.length, event.lastEventId);
source.addEventListener('error', (error: BroadcastError) => console.log(error.status + 1));
source.addEventListener('update', event => JSON.parse(event.data), { once: true });
for (const type of ['message', 'connected', 'reset', 'closing'] as const) {
  source.addEventListener(type, (event: BroadcastEvents[typeof type]) => console.log(event.data));
}

const state: 0 | 1 | 2 = source.readyState;
const known: string[] = [source.url, source.lastEventId];
const open: boolean = state === BroadcastSource.OPEN || state === source.CONNECTING || source.withCredentials;
const shared: typeof BroadcastSource = window.BroadcastSource;
console.log(known, open, shared.CLOSED);
source.close();

// @ts-expect-error what it is given must be right
new BroadcastSource('/events', { retry: 'soon' });
// @ts-expect-error what it tells cannot be set
source.lastEventId = '';
