// What the pages share: which node they talk to, the browser library that it serves, and publishing.
export const node = new URLSearchParams(location.search).get('node') ?? 'http://127.0.0.1:8080';

export const { BroadcastSource } = await import(node + '/broadcast.mjs');

export async function publish(message) {
  const answer = await fetch(node + '/events', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(message),
  });
  if (!answer.ok) throw new Error((await answer.json()).detail);
}
