/** Requests to the node that served the page, wherever that is: all addresses are relative. */
import { keyFor } from './keys.js';

/** Where the node's paths begin, with a slash at the end. */
export const base = new URL('.', document.baseURI);

/** An answer that is none: what the problem document says, or why there was no answer. */
export class Problem extends Error {
  constructor(status, detail, fields = {}) {
    super(detail);
    this.status = status;
    this.fields = fields;
  }

  /** Whether a key, or another one, would help. */
  get wantsKey() {
    return this.status === 401 || (this.status === 403 && !/^(Origin|Host|Sec-Fetch-Site)$/i.test(this.fields.field ?? ''));
  }
}

/** Query text of those that are not empty; arrays stand several times. */
export function query(parameters) {
  const made = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) {
      if (one !== '' && one != null) {
        made.append(name, one);
      }
    }
  }
  const text = made.toString();
  return text ? '?' + text : '';
}

/**
 * A request. Throws a Problem unless it is answered with 2xx.
 *
 * @param right what it needs: admin, publish or subscribe
 */
export async function request(method, path, { right = 'admin', json, headers = {}, signal } = {}) {
  const key = keyFor(right);
  let answer;
  try {
    answer = await fetch(new URL(path, base), {
      method,
      headers: {
        ...(key && { Authorization: 'Bearer ' + key }),
        ...(json !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: json === undefined ? undefined : JSON.stringify(json),
      cache: 'no-store',
      credentials: 'same-origin',
      signal,
    });
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new Problem(0, 'The node did not answer.');
  }
  if (!answer.ok) {
    const fields = await answer.json().catch(() => ({}));
    throw new Problem(answer.status, fields.detail ?? `The answer was ${answer.status}.`, fields);
  }
  return answer;
}

/** The same for JSON. */
export async function get(path, options) {
  return (await request('GET', path, options)).json();
}
