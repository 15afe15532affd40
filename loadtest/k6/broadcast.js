// Load by k6: publishers, and streams beside them. Plain k6 has no streaming client: a stream is here a request that the node ends by
// itself, after the last message of a round (`until=`), and what it was sent is read when it is over. broadcast-sse.js is for a k6
// with xk6-sse.
//
//   k6 run -e URL=http://127.0.0.1:8080 -e PUBLISHERS=20 -e STREAMS_OPEN=100 -e SECONDS=30 loadtest/k6/broadcast.js
import http from "k6/http";
import exec from "k6/execution";
import { check, sleep } from "k6";
import { Counter, Rate, Trend } from "k6/metrics";

const url = __ENV.URL || "http://127.0.0.1:8080";
const seconds = Number(__ENV.SECONDS || 30);
const publishers = Number(__ENV.PUBLISHERS || 20);
const streams = Number(__ENV.STREAMS_OPEN || 100);
const p99 = Number(__ENV.P99 || 1000);
const rounds = Math.max(1, Math.floor(seconds / 5));
const auth = __ENV.KEY ? { Authorization: `Bearer ${__ENV.KEY}` } : {};

const received = new Counter("events_received");
const whole = new Rate("streams_whole");
const late = new Trend("event_delay", true);

export const options = {
  scenarios: {
    publish: { executor: "constant-vus", exec: "publish", vus: publishers, duration: `${seconds}s` },
    listen: { executor: "per-vu-iterations", exec: "listen", vus: streams, iterations: rounds, maxDuration: `${seconds + 30}s` },
    numbers: { executor: "per-vu-iterations", exec: "numbers", vus: 1, iterations: rounds, maxDuration: `${seconds + 30}s` },
  },
  thresholds: {
    "http_req_failed{kind:publish}": ["rate==0"],
    "http_req_duration{kind:publish}": [`p(99)<${p99}`],
    streams_whole: ["rate==1"],
    event_delay: [`p(99)<${p99}`],
    checks: ["rate==1"],
  },
  summaryTrendStats: ["avg", "p(50)", "p(95)", "p(99)", "max"],
};

// Alternately one message and a batch.
export function publish() {
  const one = http.post(`${url}/events`, JSON.stringify({ topic: "k6/load", type: "update", data: { at: Date.now() } }), {
    headers: { "Content-Type": "application/json", ...auth },
    tags: { kind: "publish" },
  });
  check(one, { "message stored": (answer) => answer.status === 200 && answer.json("id") !== "" });
  const item = `${JSON.stringify({ topic: "k6/load", data: "one of sixteen" })}\n`;
  const batch = http.post(`${url}/events`, item.repeat(16), {
    headers: { "Content-Type": "application/x-ndjson", ...auth },
    tags: { kind: "publish" },
  });
  check(batch, { "batch stored": (answer) => answer.status === 200 && answer.json("results").length === 16 });
  sleep(0.05);
}

// Every five seconds a round of 20 numbers, and then the event that ends the streams of the round.
const numbersARound = 20;
const topicOf = (round) => `k6/round-${round}-${__ENV.RUN || "0"}`;

export function numbers() {
  const round = exec.vu.iterationInScenario;
  const send = (type, data) =>
    http.post(`${url}/events`, JSON.stringify({ topic: topicOf(round), type, data }), {
      headers: { "Content-Type": "application/json", ...auth },
      tags: { kind: "publish" },
    });
  sleep(2); // streams open meanwhile
  for (let n = 1; n <= numbersARound; n++) {
    check(send("number", { n, at: Date.now() }), { "number stored": (answer) => answer.status === 200 });
    sleep(0.1);
  }
  send("end", {});
  sleep(1);
}

// earliest: a stream that comes late is sent what it missed, so every one of them must see all.
export function listen() {
  const round = exec.vu.iterationInScenario;
  const address = `${url}/events?topic=${topicOf(round)}&until=end&lastEventId=earliest`;
  const answer = http.get(address, { headers: { Accept: "text/event-stream" }, timeout: "30s", tags: { kind: "stream" } });
  check(answer, { "stream opened": (a) => a.status === 200 });
  const seen = [...String(answer.body).matchAll(/event: number\ndata: (.*)\n/g)].map((event) => JSON.parse(event[1]));
  received.add(seen.length);
  whole.add(seen.length === numbersARound && seen.every((event, i) => event.n === i + 1));
  // Read when the stream is over: the delay of its last event is what there is to tell.
  if (seen.length > 0) late.add(Math.max(0, Date.now() - seen[seen.length - 1].at));
}
