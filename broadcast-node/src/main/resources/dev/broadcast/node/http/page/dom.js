/** Elements, made without markup in strings: nothing that was published can become any. */

export const $ = (id) => document.getElementById(id);

/** An element with attributes (on…: listeners) and children. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      made.addEventListener(name.slice(2), value);
    } else if (value === true) {
      made.setAttribute(name, '');
    } else if (value !== false && value != null) {
      made.setAttribute(name, value);
    }
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

/** Sets text only where it changed: what did not change costs no layout. */
export function put(node, value) {
  const text = String(value);
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Shows a state by shape, colour and word. */
export function putState(mark, state) {
  if (mark.dataset.state !== state) {
    mark.dataset.state = state;
  }
}

/**
 * Rows that are kept and filled anew, so that nothing moves while figures change.
 *
 * @param make makes an empty row
 * @param fill fills one with an item
 */
export function rows(body, make, fill) {
  return (items) => {
    while (body.children.length < items.length) {
      body.append(make());
    }
    while (body.children.length > items.length) {
      body.lastChild.remove();
    }
    items.forEach((item, i) => fill(body.children[i], item));
  };
}

/** Tells those who listen to the page instead of looking at it. */
export function say(text) {
  put($('said'), text);
}

/** Copies, where the browser lets a page do that; else marks the text, for the visitor to copy. */
export async function copy(text, button, shown) {
  try {
    await navigator.clipboard.writeText(text);
    put(button, 'Copied');
    say('Copied');
  } catch {
    const range = document.createRange();
    range.selectNodeContents(shown);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    put(button, 'Marked');
  }
  setTimeout(() => put(button, 'Copy'), 1500);
}

/** A command with a button that copies it. */
export function command(text) {
  const shown = el('pre', { tabindex: '0' }, text);
  const button = el('button', { type: 'button', class: 'copy', onclick: () => copy(text, button, shown) }, 'Copy');
  return el('div', { class: 'curl' }, shown, button);
}
