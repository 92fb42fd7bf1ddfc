import type { Format, Repair, ToolCall } from '../../src/index.js'

/** A call that is whole so far and may become another one with more text, since nothing of its own ends it. */
export interface NoOwnEnd {
  /** As SECURITY.md lists it. */
  readonly what: string
  readonly why: string
  /** A text with such a call, and what makes it another one behind it. */
  readonly example: {
    readonly format: string
    readonly text: string
    readonly more: string
    /** More tools than f. */
    readonly tools?: readonly string[]
  }
  readonly holds: (call: ToolCall, format: Format, text: string) => boolean
}

/** The only exemptions from the promise on prefixes. SECURITY.md holds the same list, and a test compares them. */
export const NO_OWN_END: readonly NoOwnEnd[] = [
  {
    what: 'code after a marker, of a tool that the model did not name (`codeTools` of the format)',
    why: 'code has no end of its own: it ends with the text',
    example: { format: 'llama3', text: '<|python_tag|>print(1)', more: '\nprint(2)' },
    holds: (call, format) => format.codeTools?.includes(call.name) === true,
  },
  {
    what: 'evidence `bare`',
    why: 'without a marker, later text may show that it was an example',
    example: { format: 'hermes', text: '{"name": "f", "arguments": {}}', more: ' is how it is written.' },
    holds: (call) => call.evidence === 'bare',
  },
  {
    what: 'evidence `unclosed-reasoning`',
    why: 'if the block closes after all, it was a draft',
    example: {
      format: 'hermes',
      text: '<think>So: <tool_call>{"name": "f", "arguments": {}}</tool_call>',
      more: ' No.</think>Done.',
    },
    holds: (call) => call.evidence === 'unclosed-reasoning',
  },
  {
    what: 'a raw value whose closing tag is missing (repair `missing-closer`), at the end of the text',
    why: 'the end marker ended it because nothing followed; if more text follows, it is part of the value',
    example: {
      format: 'qwen3-coder',
      text: '<tool_call>\n<function=f>\n<parameter=a>\nParis\n</tool_call>',
      more: ' more\n</parameter>\n</function>\n</tool_call>',
    },
    holds: (call, _format, text) => endsText(call, text) && call.repairs.some((repair) => closesTag(call, repair)),
  },
  {
    what: '`llama3`: a Python-style call after `<|python_tag|>`, at the end of the text',
    why: 'if a tool that runs code was given too, more text may make all of it code',
    example: {
      format: 'llama3',
      text: '<|python_tag|>f(a=1)',
      more: '\nprint(2)',
      tools: ['f', 'python'],
    },
    holds: (call, { id }, text) =>
      id === 'llama3' &&
      endsText(call, text) &&
      call.repairs.every(({ kind }) => kind === 'surplus-opener') &&
      PYTHON_CALL.test(text.slice(call.from)),
  },
  {
    what: '`beam`: a call whose end marker is missing, at the end of the text except for a cut marker',
    why: 'the end marker is a stop token, which servers remove; more parameters may follow',
    example: {
      format: 'beam',
      text: ' to=f<|channel|>analysis <|constrain|>xml<|message|><rfl:parameter name="a">\n1\n</rfl:parameter>',
      more: '\n<rfl:parameter name="b">\n2\n</rfl:parameter><|call|>',
    },
    holds: (call, { id }, text) => id === 'beam' && endsText(call, text.replace(/<\S{0,40}$/, '')),
  },
  {
    what: 'JSON arguments whose last brace ends the text, except for surplus closers, a comma, a fence or markers, before an end marker or in a format without one',
    why: 'what follows may show that they were closed too early: a second object, closers, the rest of a string',
    example: { format: 'mistral', text: '[TOOL_CALLS]f[ARGS]{}', more: '{"a": 1}' },
    holds: (call, _format, text) =>
      UNCLOSED.test(text.slice(Math.max(call.from, text.length - LONGEST_END))) ||
      (endsText(call, text) && call.repairs.some(({ kind, to }) => kind === 'surplus-closer' && to === call.to)),
  },
  {
    what: 'a Python-style call whose parenthesis ends the text, except for a comma and the beginning of a word',
    why: 'what follows may show that it was closed too early, by another argument, or that it is part of an expression',
    example: { format: 'llama4-pythonic', text: '<|python_start|>[f(a=1)', more: ' b=2)]' },
    holds: ({ to }, { codeTools }, text) =>
      codeTools === undefined && text.charAt(to - 1) === ')' && BEGUN_KEYWORD.test(text.slice(to, to + 200)),
  },
  {
    what: '`qwen`: a name without arguments, at the end of the text',
    why: 'the arguments may follow',
    example: { format: 'qwen', text: '✿FUNCTION✿: f', more: '\n✿ARGS✿: {"a": 1}' },
    holds: (call, { id }, text) => id === 'qwen' && endsText(call, text) && call.argumentsText === '{}',
  },
  {
    what: '`llama3`: the one string of a built-in tool with quotes that are not escaped (repair `unescaped-quotes`)',
    why: 'its last quote is the last one of the text',
    example: {
      format: 'llama3',
      text: '<|python_tag|>brave_search.call(query="who said "veni vidi" first")',
      more: ' and "last")',
    },
    holds: (call, { id }) => id === 'llama3' && call.repairs.some(({ kind }) => kind === 'unescaped-quotes'),
  },
]

const PYTHON_CALL = /^(?:<\|python_tag\|>\s{0,40}){0,2}[\w.-]{1,128}\(/

/** What JSON ends with, or what may stand behind it too often; a comma; a closing fence; a marker, or its beginning; and the end. */
const UNCLOSED =
  /[}\]"'](?:\s|\\[nrt]){0,20}(?:,\s{0,20})?(?:`{1,3}(?:\s|\\[nrt]){0,20})?(?:<{0,1}[<[][^\s>\]]{0,80}[>\]]?){0,2}$/
const LONGEST_END = 100

/** Less than shows that a keyword follows. */
const BEGUN_KEYWORD = /^\s{0,40},?\s{0,40}[\p{L}\p{N}_.-]{0,80}\s{0,40}$/u

function endsText({ to }: ToolCall, text: string): boolean {
  return text.slice(to).trim() === ''
}

/** The closer of a value may be a token; then it is missing before the end of its call, and not at it. */
function closesTag(call: ToolCall, { kind, after, to }: Repair): boolean {
  return kind === 'missing-closer' && (after.includes('</') || (after.includes('<') && to < call.to))
}

/** The exemption that a call of a prefix falls under. */
export function exemptionOf(call: ToolCall, format: Format, text: string): NoOwnEnd | undefined {
  return NO_OWN_END.find(({ holds }) => holds(call, format, text))
}

/** The list as a table of SECURITY.md. */
export function exemptionTable(): string {
  const rows = NO_OWN_END.map(({ what, why }) => `| ${what} | ${why} |`)
  return ['| call | why more text may change it |', '|---|---|', ...rows].join('\n')
}
