"""
A customer who tracks an order with python-socketio: a client that shares no code with the hub.

Usage: track-order.py URL, with {"token", "stream", "leaveAfter"} as JSON on standard input. Writes each thing that it is given as
a line of JSON, and ends when the order is delivered (0) or nothing came for a while (1). After `leaveAfter` events it leaves, comes
back, and asks for what came after the last one that it holds.
"""

import json
import queue
import sys

import socketio

NAMESPACE = "/customer"
PATIENCE_S = 30


def say(what, **more):
    print(json.dumps({"got": what, **more}), flush=True)


class Session:
    """One connection, with one watch."""

    def __init__(self, url, token):
        self.given = queue.Queue()
        self.client = socketio.Client(reconnection=False)
        for name in ("stream:event", "position"):
            self.client.on(name, self._taker(name), namespace=NAMESPACE)
        self.client.connect(url, namespaces=[NAMESPACE], auth={"token": token}, transports=["websocket"])

    def _taker(self, name):
        return lambda frame: self.given.put((name, frame))

    def watch(self, stream, since):
        asked = {"stream": stream} if since is None else {"stream": stream, "since": since}
        answer = self.client.call("stream:watch", asked, namespace=NAMESPACE, timeout=PATIENCE_S)
        if not answer["ok"]:
            raise SystemExit(f"the watch was refused: {answer['problem']}")
        return answer["data"]

    def next(self):
        return self.given.get(timeout=PATIENCE_S)

    def leave(self):
        self.client.disconnect()


def is_delivered(event):
    return event["payload"].get("order", {}).get("status") == "DELIVERED"


def track(url, token, stream, leave_after):
    session = Session(url, token)
    answer = session.watch(stream, None)
    epoch, seq = answer["epoch"], answer["seq"]
    say("snapshot", seq=seq)
    seen, came_back = 0, False
    while True:
        name, frame = session.next()
        if name == "position":
            say("position", orderId=frame["orderId"], takenAtMs=frame["takenAtMs"])
            continue
        events = [frame["event"]]
        while events:
            event = events.pop(0)
            seq, seen = event["seq"], seen + 1
            say("event", seq=seq, type=event["type"])
            if is_delivered(event):
                session.leave()
                return
            if seen == leave_after and not came_back:
                came_back = True
                session.leave()
                say("left")
                sys.stdin.readline()
                session = Session(url, token)
                answer = session.watch(stream, {"epoch": epoch, "seq": seq})
                events = answer["events"]
                say("back", fromSeq=answer["fromSeq"], seq=answer["seq"])


if __name__ == "__main__":
    asked = json.loads(sys.stdin.readline())
    try:
        track(sys.argv[1], asked["token"], asked["stream"], asked["leaveAfter"])
    except queue.Empty:
        sys.exit("nothing came for a while")
