// npm's eventsource-parser over fetch at the URL given, coming back with the last id when a stream
// ends; prints a JSON line for every event and for everything the parser finds wrong.
import { createParser } from "eventsource-parser";
import { setTimeout } from "node:timers/promises";

const url = process.argv[2];
let lastEventId = "";

async function listen() {
  const parser = createParser({
    onEvent(event) {
      lastEventId = event.id ?? lastEventId;
      console.log(
        JSON.stringify({ type: event.event ?? "message", data: event.data, id: lastEventId }),
      );
    },
    onError(error) {
      console.log(JSON.stringify({ error: `${error.type}: ${error.message}` }));
    },
  });
  const headers = { Accept: "text/event-stream" };
  if (lastEventId) {
    headers["Last-Event-ID"] = lastEventId;
  }
  const response = await fetch(url, { headers });
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
  }
}

for (;;) {
  await listen().catch(() => {});
  await setTimeout(100);
}
