"""Writes what transformers reads with response templates: test/derive/response-template/readings.jsonl.

    pip install 'transformers>=5.24'
    python scripts/response-templates.py

For each template of templates.json it makes the outputs that a model of that format could write, has transformers read them,
and writes a line with the output and the message, or the error that transformers raised.
"""

import json
from pathlib import Path

from transformers.utils.chat_parsing import parse_response

HERE = Path(__file__).parent.parent / "test/derive/response-template"

SCHEMA = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "text": {"type": "string"},
        "code": {"type": "string"},
        "days": {"type": "integer"},
        "ratio": {"type": "number"},
        "on": {"type": "boolean"},
        "tags": {"type": "array"},
        "where": {"type": "object"},
        "nothing": {"type": ["string", "null"]},
    },
}
TOOLS = [
    {"type": "function", "function": {"name": name, "description": name, "parameters": SCHEMA}}
    for name in ("get_tide", "find", "ping")
]

CALLS = {
    "text": [("get_tide", {"city": "Oslo"})],
    "none": [("ping", {})],
    "number": [("get_tide", {"city": "Oslo", "days": 3})],
    "scalars": [("find", {"days": -12, "ratio": 1.5, "on": True})],
    "false": [("find", {"on": False, "city": "x"})],
    "null": [("find", {"nothing": None, "city": "x"})],
    "list": [("find", {"tags": ["a", "b"], "days": 1})],
    "nested": [("find", {"where": {"a": {"b": [1, 2, {"c": "d"}]}}, "city": "Oslo"})],
    "code-like": [("get_tide", {"code": "75001", "city": "Oslo"})],
    "accents": [("find", {"text": "Ærø, 東京 and 🌊"})],
    "two": [("get_tide", {"city": "Oslo"}), ("find", {"text": "low tide", "days": 2})],
    "lines": [("find", {"text": "first line\nsecond line"})],
    "quotes": [("find", {"text": 'she said "no"'})],
    "angle": [("find", {"text": "a < b and c > d"})],
}


def tojson(value):
    return json.dumps(value, ensure_ascii=False)


def raw(value):
    return value if isinstance(value, str) else tojson(value)


def hermes(calls):
    return "\n".join(f'<tool_call>\n{tojson({"name": n, "arguments": a})}\n</tool_call>' for n, a in calls)


def qwen_tags(calls):
    def one(name, args):
        tags = "".join(f"<parameter={k}>\n{raw(v)}\n</parameter>\n" for k, v in args.items())
        return f"<tool_call>\n<function={name}>\n{tags}</function>\n</tool_call>"

    return "\n".join(one(n, a) for n, a in calls)


def glm(calls):
    def one(name, args):
        pairs = "".join(f"<arg_key>{k}</arg_key>\n<arg_value>{raw(v)}</arg_value>\n" for k, v in args.items())
        return f"<tool_call>{name}\n{pairs}</tool_call>"

    return "\n".join(one(n, a) for n, a in calls)


def gemma(calls):
    def value(v):
        if isinstance(v, str):
            return f'<|"|>{v}<|"|>'
        if isinstance(v, dict):
            return "{" + ",".join(f"{k}:{value(x)}" for k, x in v.items()) + "}"
        if isinstance(v, list):
            return "[" + ",".join(value(x) for x in v) + "]"
        return tojson(v)

    return "".join(f"<|tool_call>call:{n}{value(a)}<tool_call|>" for n, a in calls)


def llama(calls):
    return "".join(f'{{"name": "{n}", "parameters": {tojson(a)}}}<|eot_id|>' for n, a in calls)


def python_value(v):
    return repr(v) if isinstance(v, (str, bool)) or v is None else tojson(v)


def lfm(calls):
    # A mapping is JSON, a text stands in single quotes, all else is as Jinja's `string` filter has it.
    def value(v):
        return f"'{v}'" if isinstance(v, str) else tojson(v) if isinstance(v, dict) else str(v)

    listed = ", ".join(f"{n}({', '.join(f'{k}={value(v)}' for k, v in a.items())})" for n, a in calls)
    return f"<|tool_call_start|>[{listed}]<|tool_call_end|>"


def call_list(calls):
    listed = ", ".join(f"{n}({', '.join(f'{k}={python_value(v)}' for k, v in a.items())})" for n, a in calls)
    return f"<calls>[{listed}]</calls>"


def harmony(calls, channel_first):
    def one(name, args):
        to = f"to=functions.{name}"
        head = f"<|channel|>commentary {to} <|constrain|>json" if channel_first else f"{to}<|channel|>commentary json"
        start = "" if channel_first else " "
        return f"{start}{head}<|message|>{tojson(args)}<|call|>"

    return "<|start|>assistant".join(one(n, a) for n, a in calls)


def cohere(calls):
    listed = [{"tool_call_id": str(i), "tool_name": n, "parameters": a} for i, (n, a) in enumerate(calls)]
    return f"<|START_ACTION|>{tojson(listed)}<|END_ACTION|>"


def inkling(calls):
    blocks = (f'{n}<|content_invoke_tool_json|>{tojson({"name": n, "args": a})}<|end_message|>' for n, a in calls)
    return "<|message_model|>".join(blocks)


def muse(calls):
    def one(name, args):
        tags = "".join(f'<atem:parameter name="{k}">{raw(v)}</atem:parameter>\n' for k, v in args.items())
        return f'<atem:invoke name="{name}">\n{tags}</atem:invoke>\n'

    return f" to={calls[0][0]}<|message|><atem:function_calls>\n{''.join(one(n, a) for n, a in calls)}</atem:function_calls><|eot|>"


def lines(calls):
    return "".join("\n!" + n + "\n" + "".join(f"{k} = {raw(v)}\n" for k, v in a.items()) + "!end" for n, a in calls)


def typed_tags(calls):
    tags = lambda a: "".join(f"<in {k}>{raw(v)}</in>" for k, v in a.items())
    return "".join(f"<use {n}>{tags(a)}</use id={i}>" for i, (n, a) in enumerate(calls))


PLAIN = ("<think>\n{}\n</think>\n\n", "{}")
HARMONY = ("<|channel|>analysis<|message|>{}<|end|><|start|>assistant", "<|channel|>final<|message|>{}")

# By template: how calls are written, how reasoning and content are, what ends the turn, and the prompt.
# (With thinking, the prompt of Nemotron ends in its opener; the prompt of R1 always does.)
WIRES = {
    "serve-qwen2": (hermes, *PLAIN, "<|im_end|>", "<|im_start|>assistant\n"),
    "serve-qwen3.5": (qwen_tags, *PLAIN, "<|im_end|>\n<|endoftext|>", "<|im_start|>assistant\n"),
    "serve-gemma4": (gemma, "<|channel>thought\n{}<channel|>", "{}", "<turn|>", "<|turn>model\n"),
    "trl-qwen3": (hermes, *PLAIN, "<|im_end|>\n", "<|im_start|>assistant\n"),
    "trl-qwen3-5": (qwen_tags, *PLAIN, "<|im_end|>\n", "<|im_start|>assistant\n"),
    "trl-glm4moe": (glm, "\n<think>{}</think>\n", "{}", "<|user|>", "<|assistant|>"),
    "trl-llama3": (llama, "", "{}", "<|eot_id|>", "<|start_header_id|>assistant<|end_header_id|>\n\n"),
    "trl-gptoss": (lambda calls: harmony(calls, False), *HARMONY, "<|return|>", "<|start|>assistant"),
    "trl-lfm2-2-5": (lfm, *PLAIN, "<|im_end|>\n", "<|im_start|>assistant\n"),
    "trl-nemotron-3": (qwen_tags, "{}\n</think>\n\n", "{}", "<|im_end|>\n", "<|im_start|>assistant\n<think>\n"),
    "trl-gemma4": (gemma, "<|channel>thought\n{}<channel|>", "{}", "<turn|>", "<|turn>model\n"),
    "trl-deepseek-r1-distill": (None, "{}\n</think>\n\n", "{}", "<｜end▁of▁sentence｜>", "<｜Assistant｜><think>\n"),
    "gemma4": (gemma, "<|channel>thought\n{}<channel|>", "{}", "<turn|>", "<tool_response|>"),
    "smollm3": (hermes, *PLAIN, "<|im_end|>", "<|im_start|>assistant\n"),
    "qwen3-xml": (qwen_tags, *PLAIN, "", "<|im_start|>assistant\n"),
    "cohere": (
        cohere,
        "<|START_THINKING|>{}<|END_THINKING|>",
        "<|START_RESPONSE|>{}<|END_RESPONSE|>",
        "<|END_OF_TURN_TOKEN|>",
        "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>",
    ),
    "ernie45": (hermes, "{}\n</think>\n\n", "<response>\n{}\n</response>\n", "</s>", "Assistant:"),
    "gpt-oss": (lambda calls: harmony(calls, True), *HARMONY, "<|end|>", "<|start|>assistant"),
    "inkling": (
        inkling,
        "<|content_thinking|>{}<|end_message|><|message_model|>",
        "<|content_text|>{}<|end_message|><|message_model|>",
        "<|content_model_end_sampling|>",
        "<|message_system|><|content_text|>low<|end_message|><|message_model|>",
    ),
    "muse-glimmer": (
        muse,
        " to=self<|message|>{}<|eom|><|start|>assistant",
        " to=user<|message|>{}<|eom|><|start|>assistant",
        "",
        "<|start|>assistant",
    ),
    "call-list": (call_list, *PLAIN, "<end>", "<user>hi<bot>"),
    "lines": (lines, "", "{}", "<end>", "<bot>"),
    "typed-tags": (typed_tags, "", "{}", "<end>", "<bot>"),
}

# What is wrong with an output, as a change to the text of its calls.
DAMAGE = {
    "cut": lambda text: text[: len(text) * 2 // 3],
    "unquoted": lambda text: text.replace('"', "", 2) if '"' in text else None,
    "junk": lambda text: text.replace("Oslo", "Oslo</x> <y>"),
}


# Where something else than usual stands before content or calls.
PROMPTS_WITHOUT_REASONING = {"trl-nemotron-3": "<|im_start|>assistant\n<think></think>"}
CONTENT_BEFORE_CALL = {"gpt-oss": "<|channel|>final<|message|>{}<|end|><|start|>assistant"}
# A turn of gpt-oss has no content before a call that this template could read; one of Llama has one call.
LEFT_OUT = {("trl-gptoss", "content-call"), ("trl-gptoss", "all"), ("trl-llama3", "call-two"), ("trl-llama3", "call-two-tools")}


def outputs(template, wire):
    write, think, say, end, _ = wire
    before = CONTENT_BEFORE_CALL.get(template, say)
    yield "content", say.format("The tide is low, <b>now</b>.") + end, False
    yield "no-end", say.format("The tide is low."), False
    if think:
        yield "reasoning", think.format("Let me see.\nYes.") + say.format("It is low.") + end, False
    if write is None:
        return
    for name, calls in CALLS.items():
        yield f"call-{name}", write(calls) + end, False
        yield f"call-{name}-tools", write(calls) + end, True
    yield "content-call", before.format("I look.\n\n") + write(CALLS["number"]) + end, True
    if think:
        yield "reasoning-call", think.format("I should look.") + write(CALLS["two"]) + end, True
        yield "all", think.format("Hm.") + before.format("I look.") + write(CALLS["text"]) + end, False
    for name, damage in DAMAGE.items():
        text = damage(write(CALLS["number"]))
        if text is not None:
            yield f"damaged-{name}", text + ("" if name == "cut" else end), False


def main():
    written = []
    for entry in json.loads((HERE / "templates.json").read_text(encoding="utf8")):
        wire = WIRES[entry["id"]]
        for name, text, with_tools in outputs(entry["id"], wire):
            if (entry["id"], name) in LEFT_OUT:
                continue
            reasons = "reasoning" in name or name == "all"
            prompt = wire[-1] if reasons else PROMPTS_WITHOUT_REASONING.get(entry["id"], wire[-1])
            line = {"template": entry["id"], "case": name, "prompt": prompt, "text": text, "tools": with_tools}
            try:
                tools = TOOLS if with_tools else None
                line["message"] = parse_response(text, entry["template"], prefix=prompt, tools=tools)
            except (ValueError, KeyError) as error:
                line["error"] = type(error).__name__
            written.append(json.dumps(line, ensure_ascii=False))
    (HERE / "readings.jsonl").write_text("\n".join(written) + "\n", encoding="utf8")
    (HERE / "tools.json").write_text(json.dumps(TOOLS, indent=2) + "\n", encoding="utf8")
    print(f"{len(written)} readings")


main()
