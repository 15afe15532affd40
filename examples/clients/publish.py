"""Publishes one message, stored once however often it is sent. Python 3.8, no packages."""
import json
import sys
import time
import urllib.error
import urllib.request
import uuid

topic, data, nodes = sys.argv[1], sys.argv[2], sys.argv[3:]
key = str(uuid.uuid4())
for attempt in range(20):
    request = urllib.request.Request(
        nodes[attempt % len(nodes)] + "/events",
        data=json.dumps({"topic": topic, "data": data}).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": key},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            print(json.load(answer)["id"])
            break
    except urllib.error.HTTPError as refused:
        if refused.code not in (429, 500, 502, 503, 504):
            sys.exit(refused.read().decode())  # would be refused again
    except OSError:
        pass  # not reached, or the answer was lost: the key makes it safe to ask again
    time.sleep(0.5)
else:
    sys.exit("nobody took it")
