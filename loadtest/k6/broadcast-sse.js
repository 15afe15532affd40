// The same streams with a k6 that has xk6-sse compiled in: xk6 build --with github.com/phymbert/xk6-sse. Events are seen as they
// come, so their delay is measured one by one.
//
//   ./k6 run -e URL=http://127.0.0.1:8080 -e STREAMS_OPEN=100 -e SECONDS=30 loadtest/k6/broadcast-sse.js
import sse from "k6/x/sse";
import { check } from "k6";
import { options as plain, publish as load, numbers as rounds } from "./broadcast.js";
import exec from "k6/execution";
import { Rate, Trend } from "k6/metrics";

const url = __ENV.URL || "http://127.0.0.1:8080";
const whole = new Rate("streams_whole");
const late = new Trend("event_delay", true);

export const options = plain;
export const publish = load;
export const numbers = rounds;

export function listen() {
  const topic = `k6/round-${exec.vu.iterationInScenario}-${__ENV.RUN || "0"}`;
  let next = 1;
  let good = true;
  const answer = sse.open(`${url}/events?topic=${topic}&until=end&lastEventId=earliest`, {}, (client) => {
    client.on("event", (event) => {
      if (event.name === "number") {
        const { n, at } = JSON.parse(event.data);
        good = good && n === next++;
        late.add(Math.max(0, Date.now() - at));
      }
      if (event.name === "closing") client.close();
    });
    client.on("error", () => (good = false));
  });
  check(answer, { "stream opened": (a) => a && a.status === 200 });
  whole.add(good && next === 21);
}
