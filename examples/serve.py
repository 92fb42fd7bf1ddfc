"""Tool calls out of a stream of raw text, in Python: callsift runs beside the program and is spoken to by lines of JSON.

  python3 examples/serve.py [COMMAND...]        COMMAND is how callsift is called here; default: npx callsift
"""

import json
import subprocess
import sys


class Callsift:
    """One callsift for all streams of a program. Not for several threads at once: give each its own, or a lock."""

    def __init__(self, command):
        self.process = subprocess.Popen([*command, "serve", "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, op, stream, **fields):
        """Sends a line and gives the events of its answer."""
        self.process.stdin.write(json.dumps({"op": op, "stream": stream, **fields}).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("callsift has ended")
        answer = json.loads(line)
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["events"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def parse(callsift, pieces, **options):
    """Gives the events of a text as it comes in pieces, each as soon as it is settled."""
    stream = str(id(pieces))
    callsift.ask("open", stream, options=options)
    for piece in pieces:
        yield from callsift.ask("push", stream, text=piece)
    yield from callsift.ask("end", stream, reason="stop")


if __name__ == "__main__":
    # What an inference server would stream.
    text = 'I look it up.\n<tool_call>{"name": "get_tide", "arguments": {"port": "Brest 🌊"}}</tool_call>'
    tools = [{"name": "get_tide", "input_schema": {"type": "object", "properties": {"port": {"type": "string"}}}}]
    with Callsift(sys.argv[1:] or ["npx", "callsift"]) as callsift:
        for event in parse(callsift, [text[i : i + 5] for i in range(0, len(text), 5)], format="hermes", tools=tools):
            if event["type"] == "content":
                print("text:", event["text"])
            elif event["type"] == "call-end" and event["call"]["status"] == "complete":
                print("call:", event["call"]["name"], json.dumps(event["call"]["arguments"], ensure_ascii=False))
            elif event["type"] == "end":
                print("status:", event["status"])
