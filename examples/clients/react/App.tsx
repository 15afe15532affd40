import { createRoot } from 'react-dom/client';
import { useBroadcast } from './useBroadcast';

interface Order {
  number: number;
  state: string;
}

function Orders() {
  const { messages, open } = useBroadcast<Order>('/events?topic=orders&history=20', ['update']);
  return (
    <>
      <p>{open ? 'live' : 'connecting …'}</p>
      <ul>
        {messages.map((order, i) => (
          <li key={i}>
            {order.number}: {order.state}
          </li>
        ))}
      </ul>
    </>
  );
}

createRoot(document.getElementById('root')!).render(<Orders />);
