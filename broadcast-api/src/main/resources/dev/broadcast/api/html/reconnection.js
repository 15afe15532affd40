(config) => {
  const listening = "[sse-connect],[data-sse-connect],[hx-sse\\:connect]";
  const cursors = new WeakMap(); // EventSource or htmx 4 connection -> last event id seen on it
  const ended = new WeakSet(); // EventSource or element that the server has ended for good
  const failed = new Map(); // element of htmx 4 without a connection -> cursor to go on after
  let tried = new WeakMap(); // element -> {tries, next}
  let goOnAfter; // for the EventSource that is about to be opened

  const log = (...words) => config.debug && console.log("[sse]", ...words);
  const forGood = (closing) => {
    try {
      return JSON.parse(closing).reason === "until";
    } catch {
      return false;
    }
  };

  // ---- htmx 2: its extension opens closed streams anew without their place, and never stops.

  const watched = (make) => (address) => {
    const after = goOnAfter;
    goOnAfter = undefined;
    const source = make(
      after ? address + (address.includes("?") ? "&" : "?") + "lastEventId=" + encodeURIComponent(after) : address,
    );
    const listen = source.addEventListener.bind(source);
    const recorded = new Set(["open", "error"]);
    const record = (type) => {
      if (recorded.has(type)) return;
      recorded.add(type);
      listen(type, (event) => event.lastEventId && cursors.set(source, event.lastEventId));
    };
    if (after) cursors.set(source, after);
    ["message", "connected", "reset"].forEach(record);
    source.addEventListener = (type, ...rest) => {
      record(type);
      listen(type, ...rest);
    };
    listen("closing", (event) => {
      if (forGood(event.data)) {
        ended.add(source);
        source.close();
      }
    });
    let onerror = null;
    Object.defineProperty(source, "onerror", { get: () => onerror, set: (handler) => (onerror = handler) });
    listen("error", (event) => {
      if (event instanceof MessageEvent) return; // a message of type "error"
      if (source.readyState !== EventSource.CLOSED) {
        onerror?.call(source, event);
        return;
      }
      for (const element of document.querySelectorAll(listening)) {
        if (sourceOf(element) === source) htmx.trigger(element, "htmx:sseError", { source });
      }
    });
    return source;
  };

  const sourceOf = (element) => element["htmx-internal-data"]?.sseEventSource;

  const reopen = (element) => {
    goOnAfter = cursors.get(sourceOf(element));
    htmx.trigger(element, "htmx:afterProcessNode");
    goOnAfter = undefined;
    for (const below of element.querySelectorAll("[sse-swap],[data-sse-swap],[hx-trigger*='sse:']")) {
      htmx.trigger(below, "htmx:afterProcessNode");
    }
  };

  // ---- htmx 4: its extension comes back by itself, but not if the first request failed, and it takes
  // 204, "do not come back", for a failure.

  const endForGood = (event) => {
    ended.add(event.target);
    event.detail.connection.config.reconnect = false;
  };
  document.addEventListener("htmx:sse:after:connection", (event) => {
    failed.delete(event.target);
    if (event.detail.connection.status === 204) endForGood(event);
  });
  document.addEventListener("htmx:sse:before:message", (event) => {
    const { message } = event.detail;
    if (message.event === "closing" && forGood(message.data)) endForGood(event);
  });
  document.addEventListener("htmx:sse:close", (event) => {
    if (event.detail.reason === "ended") failed.set(event.target, event.detail.connection.lastEventId);
  });
  for (const name of ["htmx:error", "htmx:response:error"]) {
    document.addEventListener(name, ({ target }) => {
      if (target.matches?.("[hx-sse\\:connect]") && !target._htmx?.sse) failed.set(target, failed.get(target) ?? "");
    });
  }

  const reopen4 = (element) => {
    const after = failed.get(element);
    failed.delete(element);
    htmx.ajax("GET", element.getAttribute("hx-sse:connect"), {
      source: element,
      headers: after ? { "Last-Event-ID": after } : {},
    });
  };

  // ---- both

  const check = () => {
    for (const element of document.querySelectorAll(listening)) {
      const source = sourceOf(element);
      if (source?.readyState === EventSource.OPEN || element._htmx?.sse) tried.delete(element);
      const broken = source
        ? source.readyState === EventSource.CLOSED && !ended.has(source)
        : failed.has(element) && !ended.has(element);
      if (!broken) continue;
      const state = tried.get(element) ?? { tries: 0, next: 0 };
      tried.set(element, state);
      if (performance.now() < state.next) continue;
      if (state.tries === config.tries) {
        state.next = Infinity;
        log("gave up", element);
        element.dispatchEvent(new CustomEvent("sse:gave-up", { bubbles: true }));
        continue;
      }
      state.next = performance.now() + config.checkInterval * 2 ** state.tries++;
      log("opens again", element, "try", state.tries);
      if (source) reopen(element);
      else reopen4(element);
    }
  };

  const again = () => {
    tried = new WeakMap();
    check();
  };
  const begin = () => {
    if (!window.htmx?.defineExtension || htmx.registerExtension || htmx.createEventSource?.watched) return;
    const make = htmx.createEventSource ?? ((address) => new EventSource(address, { withCredentials: true }));
    htmx.createEventSource = watched(make);
    htmx.createEventSource.watched = true;
    htmx.createEventSource.reopen = reopen; // for the clean-up script, when the page comes back
  };

  begin();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  setInterval(check, config.checkInterval);
  addEventListener("online", again);
  addEventListener("pageshow", (event) => event.persisted && again());
  document.addEventListener("visibilitychange", () => document.hidden || again());
}
