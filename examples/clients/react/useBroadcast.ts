import { useEffect, useState } from 'react';
import { BroadcastSource, type BroadcastOptions } from '/broadcast.mjs';

export interface Live<T> {
  /** What came so far, oldest first; empty again after a reset. */
  messages: T[];
  /** Whether the stream is open. */
  open: boolean;
}

/** The messages of a stream, as JSON. It comes back by itself, after the last message it saw. */
export function useBroadcast<T>(url: string, types: string[] = ['message'], options?: BroadcastOptions): Live<T> {
  const [messages, setMessages] = useState<T[]>([]);
  const [open, setOpen] = useState(false);
  const wanted = types.join(',');

  useEffect(() => {
    const source = new BroadcastSource(url, options);
    source.onopen = () => setOpen(true);
    source.onerror = () => setOpen(false);
    source.addEventListener('reset', () => setMessages([]));
    for (const type of wanted.split(',')) {
      source.addEventListener(type, (event: MessageEvent<string>) => {
        const message = JSON.parse(event.data) as T;
        setMessages(before => [...before, message]);
      });
    }
    return () => source.close();
    // Another url or other types are another stream; options count when it is opened.
  }, [url, wanted]);

  return { messages, open };
}
