() => {
  const types = (element) => (element.getAttribute("sse-swap") ?? "").split(",").map((type) => type.trim());

  document.addEventListener("htmx:sse:before:message", (event) => {
    const root = event.target;
    const { message } = event.detail;
    const type = message.event || "message";
    for (const below of root.querySelectorAll("[sse-swap]")) {
      if (below.parentElement.closest("[hx-sse\\:connect]") !== root || !types(below).includes(type)) continue;
      htmx.swap({
        sourceElement: below,
        target: below,
        text: message.data,
        swap: (below.getAttribute("hx-swap") ?? "innerHTML") + " swapEmpty:false",
      });
    }
    if (!root.hasAttribute("sse-swap")) return;
    if (!types(root).includes(type)) {
      if (!message.event) event.detail.cancelled = true;
    } else if (message.event) {
      htmx.trigger(root, type, { data: message.data, id: message.id });
      message.event = "";
    }
  });
}
