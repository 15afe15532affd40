/** Publishes, and shows the curl that does the same. */
import { base, query, request } from './api.js';
import { $, copy, put, say } from './dom.js';
import { many, quoted } from './format.js';
import { askForKeys, keyFor } from './keys.js';

/** What is JSON is sent as it is meant; anything else is text. */
function data(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function message() {
  const made = { topic: $('publish-topic').value, data: data($('publish-data').value) };
  const type = $('publish-type').value;
  const targets = $('publish-targets').value.split(',').map((id) => id.trim()).filter(Boolean);
  return { ...made, ...(type && { type }), ...(targets.length > 0 && { target_ids: targets }) };
}

/** The command that publishes a message; a key stands for itself by name only. */
export function curl(json) {
  const words = ['curl', ...(keyFor('publish') ? ['-H', '"Authorization: Bearer $BROADCAST_KEY"'] : [])];
  words.push('-H', quoted('Content-Type: application/json'), '-d', quoted(JSON.stringify(json)), quoted(new URL('events', base).href));
  return words.join(' ');
}

async function publish() {
  const { id, clients, nodes, complete } = await (
    await request('POST', 'events' + query({ receipt: '1s' }), { right: 'publish', json: message() })
  ).json();
  const reached = complete ? '' : ' at least';
  return `Stored as ${id}, put on${reached} ${many(clients, 'connection')} of ${many(nodes, 'node')}.`;
}

/** Wires the form. @param published called after a message was stored */
export function publishing(published) {
  const form = $('publish-form');
  const result = $('publish-result');
  const show = () => put($('publish-curl'), curl(message()));
  form.addEventListener('input', show);
  $('publish-copy').addEventListener('click', () => copy($('publish-curl').textContent, $('publish-copy'), $('publish-curl')));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    for (let tries = 0; ; tries++) {
      try {
        put(result, await publish());
        published(message().topic);
        break;
      } catch (problem) {
        if (tries === 0 && problem.wantsKey && (await askForKeys('Publishing needs a key: ' + problem.message))) {
          continue;
        }
        put(result, 'Not published: ' + problem.message);
        break;
      }
    }
    say(result.textContent);
    show();
  });
  show();
}
