/** Texts to begin with, each for something that one wants to see. */
export const EXAMPLES: readonly { readonly name: string; readonly text: string; readonly format: string }[] = [
  {
    name: 'Two calls',
    format: 'auto',
    text: `<think>
The user wants the tides of two harbours. I can ask for both at once.
</think>
I look both up.

<tool_call>
{"name": "get_tide", "arguments": {"port": "Bodø", "days": 3, "units": {"height": "cm", "time": "local"}}}
</tool_call>
<tool_call>
{"name": "get_tide", "arguments": {"port": "Stavanger", "days": 3, "note": "ends with </tool_call>, this does not"}}
</tool_call><|im_end|>`,
  },
  {
    name: 'Repairs and a cut',
    format: 'hermes',
    text: `I write it down.
<tool_call>
{'name': 'save_note', 'arguments': {'title': 'Tide', 'public': True, 'lines': ['high: 04:12', 'low: 10:31',]}}
</tool_call>
<tool_call>
{"name": "pay", "arguments": {"to": "harbour office", "amount": 120`,
  },
  {
    name: 'The wrong format',
    format: 'hermes',
    text: `[TOOL_CALLS][{"name": "get_tide", "arguments": {"port": "Moss"}}]`,
  },
  {
    name: 'Tagged parameters',
    format: 'qwen3-coder',
    text: `I write the file.

<tool_call>
<function=write_file>
<parameter=path>
notes/tide.md
</parameter>
<parameter=content>
# Tide

A </parameter> in a text does not end it.
</parameter>
</function>
</tool_call>`,
  },
  {
    name: 'No call',
    format: 'hermes',
    text: 'Put the call into <tool_call> tags, as in <tool_call>{"name": , "arguments": }</tool_call>.',
  },
  {
    name: 'Any script',
    format: 'auto',
    text: `مرحبا! سأبحث عن المد. 日本語も、हिन्दी भी 🌊👩‍🚀.
<tool_call>{"name": "search", "arguments": {"query": "מזג אוויר", "hidden": "zero\u200bwidth, \u202ereversed\u202c"}}</tool_call>`,
  },
]
