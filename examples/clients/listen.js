const source = new EventSource('http://127.0.0.1:8080/events?topic=orders');
source.onmessage = event => console.log(event.data);
source.addEventListener('update', event => console.log('changed', event.data));
source.addEventListener('reset', () => location.reload());
