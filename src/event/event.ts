/**
 * What comes out of a parser: one closed union of events, and the result they fold into.
 *
 * Every `from` and `to` is a UTF-16 offset into the whole text (what `String.prototype.slice` takes), however the text
 * was cut into chunks. One file, since the codes of notes and what each means stand beside the events that carry them.
 */

/** How a text or a call ended. Execute only `complete` calls. */
export type Status = 'complete' | 'truncated' | 'malformed'

/**
 * Where a call was found, which shows how reliable it is:
 * `marker` after the format's own marker, `bare` without one (under the format's strict rules), `fenced` after a marker
 * in a code fence that text precedes, `unclosed-reasoning` in a reasoning block that never closed.
 */
export type Evidence = 'marker' | 'bare' | 'fenced' | 'unclosed-reasoning'

/**
 * One deviation from the exact grammar, repaired without loss: the text from `from` to `to` is `before`, and was read as
 * `after`.
 */
export interface Repair {
  kind: string
  from: number
  to: number
  before: string
  after: string
}

/** Something a careful reader of the result should know. The codes are a closed list: `NOTE_CODES`. */
export interface Note {
  code: NoteCode
  message: string
  from: number
  to: number
}

/** One place where the arguments of a call do not fit the schema. `path` is empty for the arguments as a whole. */
export interface CallIssue {
  path: string
  expected: string
  received: string
  message: string
}

/**
 * One call. `arguments` is `JSON.parse(argumentsText)`; in JSON formats, `argumentsText` is the model's own text.
 * `known`: the name is one of the tools that were given. `nativeId`: the id that the model wrote, if any.
 */
export interface ToolCall {
  index: number
  id: string
  nativeId?: string
  name: string
  arguments: Record<string, unknown>
  argumentsText: string
  status: Status
  known: boolean
  evidence: Evidence
  repairs: Repair[]
  /** Where the arguments do not fit the schema of the tool; only with `validate: true`. */
  issues?: CallIssue[]
  from: number
  to: number
}

export interface ContentEvent {
  type: 'content'
  text: string
  from: number
  to: number
}
export interface ReasoningEvent {
  type: 'reasoning'
  text: string
  from: number
  to: number
}
/** Sent once per call, with its whole name, before any of its arguments. */
export interface CallStartEvent {
  type: 'call-start'
  index: number
  id: string
  name: string
  known: boolean
  evidence: Evidence
  from: number
  to: number
}
/** A piece of the call's arguments as JSON text. All deltas of a call joined are its `argumentsText`, exactly. */
export interface ArgumentsEvent {
  type: 'arguments'
  index: number
  delta: string
  from: number
  to: number
}
/** Sent once per started call. The call may be executed only if `call.status` is `complete`. */
export interface CallEndEvent {
  type: 'call-end'
  index: number
  call: ToolCall
  from: number
  to: number
}
export interface NoteEvent {
  type: 'note'
  code: NoteCode
  message: string
  from: number
  to: number
}
/**
 * Always the last event, sent once. `format` is the id of the format that read the text (the one that `auto` chose).
 */
export interface EndEvent {
  type: 'end'
  status: Status
  format: string
  from: number
  to: number
}

export type ParseEvent =
  | ContentEvent
  | ReasoningEvent
  | CallStartEvent
  | ArgumentsEvent
  | CallEndEvent
  | NoteEvent
  | EndEvent

export interface ParseResult {
  /** The id of the format that read the text. */
  format: string
  content: string
  reasoning: string
  /** Complete calls only, in source order. */
  toolCalls: ToolCall[]
  /** Truncated or malformed calls: to show or to log, never to be executed. */
  incomplete: ToolCall[]
  notes: Note[]
  status: Status
}

/**
 * The closed list of note codes: what each means, and a text that causes it (in the `hermes` format unless another is
 * named).
 */
export const NOTE_CODES = {
  'marker-in-text': {
    means: 'A marker of the format opened nothing and stays ordinary text.',
    example: 'Wrap it in <tool_call> tags.',
  },
  'stray-marker': {
    means: 'A marker without its partner was left out of the content.',
    example: 'Done.</tool_call>',
  },
  'stripped-markers': {
    means: 'The remains of a call whose special tokens a server removed: make the server keep them.',
    example: 'deepseek-v4, f given with a: <invoke name="f">\n<parameter name="zz" string="true">x',
  },
  'escaped-markers': {
    means:
      'All markers of a call are escaped, so that it is text: something between the model and callsift changed it, or the model wrote it so.',
    example: '&lt;tool_call&gt;{"name": "f", "arguments": {}}&lt;/tool_call&gt;',
  },
  'damaged-block': {
    means:
      'A block looked like a call but could not be read: it stays in the content, or was left out (`damaged: "drop"`).',
    example: '<tool_call>{"name": , !!}</tool_call>',
  },
  'damaged-call': {
    means: 'A call turned out to be damaged after its `call-start`: it is in `incomplete`.',
    example: '<tool_call>{"name": "f", "arguments": 7}</tool_call>',
  },
  'truncated-call': {
    means: 'The text ended inside a call: it is in `incomplete` if its name had arrived, and never in the content.',
    example: '<tool_call>{"name": "f", "arguments": {"a": 1',
  },
  'truncated-reasoning': {
    means: 'The text ended inside reasoning.',
    example: '<think>Let me see',
  },
  'unclosed-reasoning-call': {
    means: 'A whole call stood in a reasoning block that never closed, and counts as a call.',
    example: '<think>I call it. <tool_call>{"name": "f", "arguments": {}}</tool_call>',
  },
  'empty-reasoning': {
    means: 'A reasoning block held no text.',
    example: '<think></think>Hello.',
  },
  draft: {
    means:
      'A call stood in reasoning that went on or closed after it: it is a draft, and stays reasoning, or content in tags whose text is shown (`<thinking>`).',
    example: '<think>Maybe <tool_call>{"name": "f", "arguments": {}}</tool_call>? No.</think>Done.',
  },
  'draft-only': {
    means:
      'The whole turn is closed reasoning with a draft of a call in it: the model may have meant to make the call.',
    example: '<think>I call it. <tool_call>{"name": "f", "arguments": {}}</tool_call></think>',
  },
  'implicit-reasoning': {
    means: 'A reasoning block was closed but never opened: the text before it may be reasoning.',
    example: 'The user greets me.</think>Hello!',
  },
  'quoted-call': {
    means:
      'A call stood in a quotation (inline code, a quoted line, a comment, a tool result, a turn of somebody else, a fence): it stays text.',
    example: 'Write `<tool_call>{"name": "f", "arguments": {}}</tool_call>` to call it.',
  },
  'unknown-tool': {
    means: 'The call names a tool that is not among the tools given. One without a marker is text then.',
    example: '<tool_call>{"name": "not_offered", "arguments": {}}</tool_call>',
  },
  'tool-choice': {
    means:
      'The text does not follow the tool choice: a call stood where none is allowed (it stays text), or a required one is missing.',
    example: '<tool_call>{"name": "f", "arguments": {}}</tool_call> with toolChoice "none"',
  },
  'stop-token': {
    means: 'A stop token of the model stood in the text and ended it.',
    example: 'Done.<|im_end|>',
  },
  'text-after-stop': {
    means: 'Text after the stop token was left out.',
    example: 'Done.<|im_end|>\n<|im_start|>user',
  },
  'assistant-header': {
    means: 'The assistant header of the chat template was repeated at the start and left out.',
    example: '<|im_start|>assistant\nHello.',
  },
  'string-arguments': {
    means: 'The arguments came as a JSON string that holds an object; it was unwrapped once.',
    example: '<tool_call>{"name": "f", "arguments": "{\\"a\\": 1}"}</tool_call>',
  },
  'big-integer': {
    means: 'An integer beyond 2^53 is exact in `argumentsText` only.',
    example: '<tool_call>{"name": "f", "arguments": {"n": 9007199254740993}}</tool_call>',
  },
  'duplicate-argument': {
    means: 'An argument, or the arguments themselves, came twice.',
    example: 'qwen3-coder: <parameter=a>1</parameter><parameter=a>2</parameter>',
  },
  'dropped-argument': {
    means: 'A piece of a call could not be read as an argument and was left out.',
    example: 'qwen3-coder: <parameter=>stray</parameter>',
  },
  'unknown-member': {
    means:
      'Something beside the arguments of a call was left out: a member, an attribute of a tag, the word after a fence.',
    example: '<tool_call>{"name": "f", "arguments": {}, "confidence": 0.9}</tool_call>',
  },
  'missing-argument': {
    means: 'The schema of the tool requires an argument that the call does not have.',
    example: '<tool_call>{"name": "f", "arguments": {}}</tool_call> with a required argument in the schema of f',
  },
  'unknown-argument': {
    means: 'The call has an argument that is not in the schema of the tool.',
    example: '<tool_call>{"name": "f", "arguments": {"b": 1}}</tool_call> with nothing but a in the schema of f',
  },
  'argument-type': {
    means: 'A value does not fit the type in its schema and was kept as written.',
    example: 'qwen3-coder, an integer: <parameter=n>about 12</parameter>',
  },
  'ambiguous-close': {
    means: "A close marker inside a raw value could have ended it; the format's rule decided.",
    example: 'qwen3-coder: <parameter=doc>write </parameter> here</parameter>',
  },
  'dropped-text': {
    means: 'Text that belongs to no call was left out of a block.',
    example: 'qwen: ✿FUNCTION✿: f ✿ARGS✿: {} ✿RESULT✿: invented',
  },
  'parallel-calls': {
    means: 'A call after the first one was left out, since only one was asked for (`parallelCalls: false`).',
    example: '<tool_call>{"name": "f", "arguments": {}}</tool_call> twice, with parallelCalls false',
  },
  'refused-call': {
    means: 'A whole call was put into `incomplete`, since a careful agent would not run it (`trust: "cautious"`).',
    example: '<tool_call>{"name": "not_offered", "arguments": {}}</tool_call> with trust "cautious"',
  },
  limit: {
    means: 'One of the `limits` was reached.',
    example: 'a call whose arguments are longer than limits.argumentChars',
  },
  'looks-like': {
    means:
      'Text in which this format found no call looks like another format. If it is a whole call of a given tool there, the status is malformed.',
    example: '[TOOL_CALLS][{"name": "f", "arguments": {}}]',
  },
  'unread-call': {
    means:
      'Text that no format reads as a call has the marks of one: of a format that callsift knows but cannot read yet, or of an unknown one.',
    example: '<TOOLCALL>[{"name": "f", "arguments": {}}]</TOOLCALL>',
  },
  'looks-like-call': {
    means: 'A line starts like a call of a given tool without a marker, or beside calls holds one, but is not one.',
    example: 'deepseek-json, f given: {"nme": "f", "arguments": {}}',
  },
} as const satisfies Record<string, { means: string; example: string }>

export type NoteCode = keyof typeof NOTE_CODES
