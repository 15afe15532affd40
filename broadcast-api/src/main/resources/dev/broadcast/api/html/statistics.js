(config) => {
  let soon;

  const figure = (stats, name) =>
    name.startsWith("by_type.") ? stats.by_type?.[name.slice("by_type.".length)] ?? 0 : stats[name];

  const update = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(config.endpoint, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`${config.endpoint} answered ${answer.status}`);
      const stats = await answer.json();
      for (const element of document.querySelectorAll("[data-sse-stats]")) {
        const value = figure(stats, element.dataset.sseStats);
        if (value !== undefined) element.textContent = typeof value === "object" ? JSON.stringify(value) : value;
      }
      document.dispatchEvent(new CustomEvent("sse:stats", { detail: stats }));
    } catch (error) {
      console.warn("[sse] no statistics:", error);
    }
  };

  // Pages open several streams at once: one question for all of them.
  const updateSoon = () => {
    clearTimeout(soon);
    soon = setTimeout(update, 100);
  };

  for (const name of ["htmx:sseOpen", "htmx:sseClose", "htmx:sse:after:connection", "htmx:sse:close"]) {
    document.addEventListener(name, updateSoon);
  }
  document.addEventListener("visibilitychange", updateSoon);
  setInterval(update, config.interval);
  updateSoon();
}
