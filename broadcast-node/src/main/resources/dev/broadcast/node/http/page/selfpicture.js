/** Sent and received on two lines over time: a lump is seen at once. */
const SVG = 'http://www.w3.org/2000/svg';
const LEFT = 84;
const WIDTH = 600;

function shape(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  if (text) {
    made.textContent = text;
  }
  return made;
}

/** Draws; received holds null for what did not arrive. */
export function picture(place, sent, received) {
  const times = [...sent, ...received].filter((time) => time != null);
  const from = times.length > 0 ? Math.min(...times) : 0;
  const over = Math.max(2000, times.length > 0 ? Math.max(...times) - from : 0) * 1.04;
  const x = (time) => LEFT + 10 + ((time - from) / over) * (WIDTH - LEFT - 20);
  const svg = shape('svg', { viewBox: `0 0 ${WIDTH} 80`, role: 'img', 'aria-label': `${sent.length} sent, ${received.filter((time) => time != null).length} received`, preserveAspectRatio: 'xMinYMid meet' });
  for (const [y, name] of [[24, 'sent'], [56, 'received']]) {
    svg.append(shape('text', { x: 0, y: y + 4 }, name), shape('line', { x1: LEFT, x2: WIDTH, y1: y, y2: y }));
  }
  sent.forEach((time) => svg.append(shape('circle', { class: 'sent', cx: x(time), cy: 24, r: 5 })));
  received.forEach((time) => time != null && svg.append(shape('circle', { class: 'got', cx: x(time), cy: 56, r: 5 })));
  place.replaceChildren(svg);
}
