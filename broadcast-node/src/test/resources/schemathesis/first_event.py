"""Lets schemathesis ask for streams, which do not end: of each its first bytes are the answer."""

from requests.adapters import HTTPAdapter

send = HTTPAdapter.send


def send_and_read_the_first(self, request, *args, **kwargs):
    response = send(self, request, *args, **kwargs)
    if response.headers.get("Content-Type", "").startswith("text/event-stream"):
        if response.request.method != "HEAD":
            response._content = response.raw.read1(65536)
        response._content_consumed = True
        response.raw.close()
    return response


HTTPAdapter.send = send_and_read_the_first
