/** What was dropped and why streams ended, over the cluster. */
import { $, el, put, rows } from './dom.js';
import { brief } from './format.js';

const show = rows(
  $('reasons'),
  () => el('div', {}, el('dt'), el('dd'), el('dd')),
  (row, reason) => {
    const [name, total, recent] = row.children;
    row.className = reason.total === 0 ? 'zero' : '';
    put(name, reason.name);
    put(total, brief(reason.total));
    put(recent, reason.recent > 0 ? '+' + brief(reason.recent) : '·');
    recent.className = reason.recent > 0 ? 'moved' : '';
  },
);

/** Shows the totals since the nodes' starts, and those of the last minute. */
export const showReasons = (figures) => show(figures.reasons);
