/** Figures as people read them. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

export const NONE = '–';

/** 12,345 */
export const count = (n) => (n == null ? NONE : whole.format(n));

/** 12,345 or 1.23M: never wider than seven characters. */
export const brief = (n) => (n == null ? NONE : n < 100_000 ? whole.format(n) : short.format(n));

/** A rate: 0, 0.4, 12, 12,345, 1.23M */
export function rate(n) {
  if (n == null) {
    return NONE;
  }
  return n === 0 || n >= 9.95 ? brief(n) : tenth.format(n);
}

/** Milliseconds: 0.4 ms, 12 ms, 1.2 s */
export function millis(n) {
  if (n == null) {
    return NONE;
  }
  if (n >= 1000) {
    return tenth.format(n / 1000) + ' s';
  }
  return (n < 9.95 ? tenth : whole).format(n) + ' ms';
}

/** 12 s, 3 min, 5 h, 2 d */
export function duration(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) {
    return s + ' s';
  }
  if (s < 3600) {
    return Math.floor(s / 60) + ' min';
  }
  return s < 172_800 ? Math.floor(s / 3600) + ' h' : Math.floor(s / 86_400) + ' d';
}

/** 1 node, 2 nodes */
export const many = (n, one, more = one + 's') => `${count(n)} ${n === 1 ? one : more}`;

/** 14:03:07.120 of the visitor's clock */
export function clock(timestamp) {
  const date = new Date(timestamp);
  return isNaN(date) ? '' : date.toLocaleTimeString('en-GB') + '.' + String(date.getMilliseconds()).padStart(3, '0');
}

/** A word for a shell, quoted where it must be. */
export const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'");
