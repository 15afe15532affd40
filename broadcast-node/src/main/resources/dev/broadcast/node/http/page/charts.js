/** The two charts over time. uPlot draws on a canvas, so that ten minutes of points cost nothing. */
/* global uPlot */
import { $, el, put } from './dom.js';
import { brief, millis, rate } from './format.js';

const HEIGHT = 184;
const dark = matchMedia('(prefers-color-scheme: dark)');

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function options(chart, width) {
  const axis = {
    stroke: colour('--soft'),
    grid: { stroke: colour('--faint'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  const line = (name, index) => ({
    label: name,
    stroke: colour(index === 0 ? '--one' : '--two'),
    width: 2,
    dash: index === 0 ? undefined : [6, 4],
    spanGaps: false,
    points: { show: (plot, at) => plot.data[at].filter((v) => v != null).length < 3 },
    fill: index === 0 ? colour('--one') + '14' : undefined,
  });
  return {
    width,
    height: HEIGHT,
    padding: [8, 26, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { x: { time: true, range: (plot, from, to) => [Math.min(from, to - 60), to] }, y: { range: (plot, from, to) => [0, Math.max(chart.least, (to ?? 0) * 1.15)] } },
    axes: [
      { ...axis, size: 26, space: 90, values: (plot, marks) => marks.map((s) => new Date(s * 1000).toLocaleTimeString('en-GB')) },
      { ...axis, size: 58, space: 34, values: (plot, marks) => marks.map(chart.mark) },
    ],
    series: [{}, ...chart.names.map(line)],
    hooks: { setCursor: [(plot) => chart.legend(plot.cursor.idx)] },
  };
}

/** A chart of two series. */
class Chart {
  #data = [[], [], []];
  #plot = null;

  constructor(place, { names, least, mark, value }) {
    this.place = $(place);
    this.names = names;
    this.least = least;
    this.mark = mark;
    this.value = value;
    this.values = names.map(() => el('b', {}, '–'));
    $(place + '-legend').replaceChildren(
      ...names.map((name, i) => el('span', {}, el('i', { class: i === 0 ? 'key one' : 'key two' }), name, this.values[i])),
    );
    new ResizeObserver(() => this.#plot?.setSize({ width: this.place.clientWidth - 16, height: HEIGHT })).observe(this.place);
    dark.addEventListener('change', () => this.#draw());
  }

  #draw() {
    this.#plot?.destroy();
    this.#plot = new uPlot(options(this, this.place.clientWidth - 16), this.#data, this.place);
  }

  show(time, ...series) {
    this.#data = [time, ...series];
    if (this.#plot) {
      this.#plot.setData(this.#data);
    } else {
      this.#draw();
    }
    this.legend(this.#plot.cursor.idx);
  }

  /** Values under the cursor, or the latest. */
  legend(at) {
    const index = at ?? this.#data[0].length - 1;
    this.values.forEach((node, i) => put(node, this.value(this.#data[i + 1][index])));
  }
}

/** How many points the charts have: the oldest of ten minutes go. */
export function charts() {
  const delivered = new Chart('chart-delivered', { names: ['delivered', 'published'], least: 10, mark: brief, value: rate });
  const latency = new Chart('chart-latency', { names: ['p50', 'p99'], least: 5, mark: millis, value: millis });
  return ({ series }) => {
    delivered.show(series.time, series.delivered, series.published);
    latency.show(series.time, series.p50, series.p99);
  };
}
