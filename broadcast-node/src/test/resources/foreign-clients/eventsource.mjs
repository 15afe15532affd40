// npm's EventSource at the URL given; prints a JSON line for every event it dispatches.
import { EventSource } from "eventsource";

const source = new EventSource(process.argv[2]);
const print = (event) =>
  console.log(JSON.stringify({ type: event.type, data: event.data, id: event.lastEventId }));
for (const type of ["message", "text", "connected", "reset"]) {
  source.addEventListener(type, print);
}
source.onerror = (event) => {
  if (source.readyState === EventSource.CLOSED) {
    console.log(JSON.stringify({ error: `closed for good: ${event.code} ${event.message}` }));
  }
};
