"""The other half of grammars.ts: reads its checks from a file, and runs them with xgrammar and llguidance."""

import json
import os
import sys
from collections import Counter
from importlib.metadata import version

import xgrammar
from llguidance import LLMatcher, LLTokenizer
from xgrammar.builtin_structural_tag import get_model_structural_tag
from xgrammar.testing import _is_grammar_accept_string

TOKENIZER = LLTokenizer("byte")


def xgrammar_tag(tag):
    grammar = xgrammar.Grammar.from_structural_tag(json.dumps(tag))
    return lambda text: _is_grammar_accept_string(grammar, text)


def xgrammar_gbnf(gbnf):
    grammar = xgrammar.Grammar.from_ebnf(gbnf)
    return lambda text: _is_grammar_accept_string(grammar, text)


def llguidance_lark(lark):
    error = LLMatcher.validate_grammar(LLMatcher.grammar_from_lark(lark), TOKENIZER)
    if error:
        raise ValueError(error)

    def accepts(text):
        matcher = LLMatcher(TOKENIZER, LLMatcher.grammar_from_lark(lark))
        tokens = TOKENIZER.tokenize_bytes(text.encode())
        return matcher.validate_tokens(tokens) == len(tokens) and matcher.consume_tokens(tokens) and matcher.is_accepting()

    return accepts


def builtin(name, tools):
    functions = [{"type": "function", "function": tool} for tool in tools]
    tag = get_model_structural_tag(name, functions, "required", "disabled")
    grammar = xgrammar.Grammar.from_structural_tag(json.dumps(tag.model_dump()))
    return lambda text: _is_grammar_accept_string(grammar, text)


def run(path):
    with open(path, encoding="utf-8") as file:
        work = json.load(file)
    os.unlink(path)
    counts, wrong = Counter(), []
    for check in work["checks"]:
        place = f"{check['format']} {json.dumps(check['options'])}"
        for kind, make in (
            ("tag", lambda: xgrammar_tag(check["tag"])),
            ("gbnf", lambda: xgrammar_gbnf(check["gbnf"])),
            ("lark", lambda: llguidance_lark(check["lark"])),
        ):
            try:
                accepts = make()
                for text in check["accepts"]:
                    counts[kind] += 1
                    if not accepts(text):
                        wrong.append(f"{place} {kind}: refuses {text!r}")
                for text in check["refuses"]:
                    counts[kind] += 1
                    if accepts(text):
                        wrong.append(f"{place} {kind}: accepts {text!r}")
            except Exception as error:
                wrong.append(f"{place} {kind}: {str(error)[:400]}")
        for one in check["builtin"]:
            theirs = builtin(one["name"], work["tools"])
            agreed = [theirs(text) for text in one["texts"]]
            print(f"{check['format']}: xgrammar's own {one['name']} accepts {sum(agreed)} of {len(agreed)} turns")
            wrong += [f"{one['name']} refuses {text!r}" for text, fits in zip(one["texts"], agreed) if not fits]
    for line in wrong:
        print(line)
    versions = ", ".join(f"{name} {version(name)}" for name in ("xgrammar", "llguidance"))
    print(f"{versions}: {dict(counts)} texts, {len(wrong)} wrong")
    return 1 if wrong else 0


sys.exit(run(sys.argv[1]))
