() => {
  const listening = "[sse-connect],[data-sse-connect],[hx-sse\\:connect]";

  const close = (element) => {
    // htmx 2
    const source = element["htmx-internal-data"]?.sseEventSource;
    if (source) {
      source.close();
      htmx.trigger(element, "htmx:sseClose", { source, type: "pageHidden" });
    }
    // htmx 4, which opens it again by itself
    const connection = element._htmx?.sse;
    connection?.reader?.cancel();
    connection?.abortController?.abort();
  };

  const reopen = (element) => {
    const source = element["htmx-internal-data"]?.sseEventSource;
    if (source?.readyState !== EventSource.CLOSED) return;
    // The reconnection script knows where the stream stood.
    if (htmx.createEventSource?.reopen) return htmx.createEventSource.reopen(element);
    htmx.trigger(element, "htmx:afterProcessNode");
    for (const below of element.querySelectorAll("[sse-swap],[data-sse-swap],[hx-trigger*='sse:']")) {
      htmx.trigger(below, "htmx:afterProcessNode");
    }
  };

  // Not beforeunload: it also comes when the user stays, and keeps pages out of the browser's cache.
  addEventListener("pagehide", () => document.querySelectorAll(listening).forEach(close));
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll(listening).forEach(reopen);
  });
}
