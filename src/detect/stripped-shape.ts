import type { Format } from '../engine/format.js'

/**
 * What stands around the name of a call of a format once something took the special tokens or all `<` out: of Kimi K2's,
 * `functions.` before it, and `:0{"` between it and the first key.
 */
export interface Shape {
  readonly before: string
  /** What stands on the lines before it: `<tool_call>`. */
  readonly lead: string
  readonly toKey: Pattern
  /** A word may stand before that: the content type of a message, `json` or `code`. */
  readonly isTyped: boolean
  /** What the format writes before `before`, and may lack: `commentary `. */
  readonly words: string
  /** The rest of a call without arguments, if it says anything. */
  readonly empty: Pattern
  /** It holds more than words, so that no sentence and no list of words has it. */
  readonly isTelling: boolean
  /** What was taken out: where some of it stands in a text, nobody took it out. */
  readonly lost: readonly string[]
  /** What happened, and what to do. */
  readonly message: string
}

/** Characters; `0` stands for any number, `\n` for line breaks, and `\0` for the name once more. White space may stand between. */
export type Pattern = string

const NAME = 'zq_name'
const KEY = 'zq_key'
/** The content type of a message before its object. */
const TYPE = /^ ?[a-z]{1,16}(?=\{)/
/**
 * Tokens that a server takes out of the text, as `render` writes them. A tag that holds a token (DSML) is no token, but the
 * beginnings of MiniCPM5's tags are.
 */
const TOKENS =
  /<[|｜][^<>|｜]{1,40}[|｜]>|<\|[a-z_"]{1,40}>|<[a-z_]{1,40}\|>|\[[A-Z][A-Z_]{1,40}\]|<(?:start|end)_[a-z_]{1,40}>|<escape>|\]<\]minimax\[>\[|<(?:function|param)(?= name=)|<\/param>/g

interface Loss {
  readonly lost: RegExp
  /** What the rest of a call still holds around its name. */
  readonly rest: string
  /** What it leaves where nothing was lost. */
  readonly whole: RegExp
  readonly message: string
}

const LOSSES: readonly Loss[] = [
  {
    lost: TOKENS,
    rest: '',
    whole: TOKENS,
    message:
      'the special tokens of a call were removed from the text: have the server keep them (vLLM, SGLang: skip_special_tokens false; llama.cpp: --special)',
  },
  {
    lost: /<\/?/g,
    rest: '>',
    // Who takes one out takes out all.
    whole: /</g,
    message: 'a call lost the `<` of its markup: something between the model and callsift changed the text',
  },
]

/**
 * The shapes of the calls of some formats, from what they render. Those whose calls have nothing to lose have none, and so
 * have those of which JSON alone is left: that is read, or is data.
 */
export function strippedShapes(formats: readonly Format[]): Shape[] {
  const shapes = new Map<string, Shape>()
  for (const loss of LOSSES) {
    for (const format of formats) {
      const shape = shapeOf(format, loss)
      if (shape !== undefined) shapes.set(JSON.stringify(shape), shape)
    }
  }
  return [...shapes.values()]
}

function shapeOf(format: Format, { lost, rest, whole, message }: Loss): Shape | undefined {
  const call = rendered(format, { [KEY]: 'zq' })
  const text = call.replace(lost, '')
  const at = text.indexOf(NAME)
  const key = text.indexOf(KEY)
  if (text === call || at < 0 || key < at) return undefined
  const { role = '' } = format.channels ?? {}
  // The role may be the prompt's.
  const line = text.slice(text.lastIndexOf('\n', at) + 1, at)
  const header = (line.startsWith(role) ? line.slice(role.length) : line).trimStart()
  const typed = text.slice(at + NAME.length, key)
  // Other words of a message's header than its recipient may be missing, or be others.
  const isTyped = format.channels !== undefined && TYPE.test(typed)
  const before = isTyped ? header.slice(header.lastIndexOf(' ') + 1) : header
  // A list or an object is read, or is data; one whose only key is the name of a tool says more.
  if (/^[{[]/.test(before) && !before.endsWith('{"')) return undefined
  const empty = rendered(format, {}).replace(lost, '')
  const behind = empty.slice(empty.indexOf(NAME) + NAME.length).trim()
  const toKey = isTyped ? typed.replace(TYPE, '') : typed
  if (!(before + toKey).includes(rest)) return undefined
  return {
    before,
    lead: text.slice(0, text.lastIndexOf('\n', at) + 1).trim(),
    toKey: patternOf(toKey),
    isTyped,
    words: header.slice(0, header.length - before.length),
    lost: [...new Set(call.match(whole))],
    message,
    empty: patternOf(/^[^}]{0,40}\{\s{0,8}\}/.exec(isTyped ? behind.replace(TYPE, '') : behind)?.[0] ?? ''),
    isTelling: /[{<=>]/.test(before + toKey),
  }
}

function patternOf(text: string): Pattern {
  return text
    .replaceAll(NAME, '\0')
    .replace(/\s{0,8}\n\s{0,8}/g, '\n')
    .replace(/ {1,8}/g, '')
    .replace(/\d{1,8}/g, '0')
}

function rendered(format: Format, args: Record<string, unknown>): string {
  try {
    const types = () => new Set(['string'] as const)
    const call = { name: NAME, arguments: args }
    return format.render({ calls: [call], content: '', reasoning: '', types, tool: () => undefined })
  } catch {
    return ''
  }
}
