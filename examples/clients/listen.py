"""Listens, and goes on where it stopped, whatever broke: the stream, the node, this program. Python 3.8, no packages."""
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

nodes, topic, place = sys.argv[3:], sys.argv[1], sys.argv[2]


def events(lines):
    """Yields (id, type, data) of a stream; an id may come alone, when only the place has moved."""
    id = type = None
    data = []
    for line in lines:
        line = line.decode().rstrip("\n")
        if line.startswith(":"):  # a heartbeat
            continue
        field, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if field == "id":
            id = value
        elif field == "event":
            type = value
        elif field == "data":
            data.append(value)
        elif not line:
            yield id, type or "message", "\n".join(data) if data else None
            id, type, data = None, None, []


def cursor():
    try:
        with open(place) as file:
            return file.read()
    except FileNotFoundError:
        return ""


tries = 0
while True:
    headers = {"Accept": "text/event-stream"}
    if cursor():
        headers["Last-Event-ID"] = cursor()
    url = nodes[tries % len(nodes)] + "/events?topic=" + urllib.parse.quote(topic)
    try:
        # Silent for longer than three heartbeats: the link is dead.
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=50) as stream:
            if stream.status == 204:
                break  # nothing more to come
            for id, type, data in events(stream):
                if type == "reset":
                    print("messages are gone, load anew:", json.loads(data)["topics"], flush=True)
                elif data is not None and type not in ("connected", "closing"):
                    print(type, data, flush=True)
                if id:  # after the work is done, or a crash in between would lose it
                    with open(place, "w") as file:
                        file.write(id)
    except OSError as broken:
        print("comes back:", broken, file=sys.stderr)
    tries += 1
    time.sleep(0.5)
