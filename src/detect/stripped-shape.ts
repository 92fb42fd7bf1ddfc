import type { Format } from '../engine/format.js'
import { markerSet } from '../engine/grammar.js'
import type { OtherFormat, ReadOfText } from '../engine/session.js'
import { fencesIn } from '../text/fences.js'
import { lastMarker } from '../text/last-marker.js'
import { isQuotedLine } from '../text/line-lead.js'
import type { OfferedTools } from '../tools/offered-tools.js'
import { toolOf } from '../tools/schema.js'
import { propertyNames } from '../tools/value-types.js'
import { lastCloser } from './last-closer.js'

/**
 * What stands around the name of a call of a format once a server took the special tokens out: of Kimi K2's,
 * `functions.` before it, and `:0{"` between it and the first key.
 */
interface Shape {
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
  /** The special tokens around its calls: where one of them stands in a text, nobody took them out. */
  readonly tokens: readonly string[]
}

/** Characters; `0` stands for any number, `\n` for line breaks, and `\0` for the name once more. White space may stand between. */
type Pattern = string

/** A call of a given tool in a text whose special tokens were taken out. */
interface StrippedCall {
  readonly name: string
  readonly from: number
  readonly to: number
  /** It begins a line, or ends the text: it is no example in a sentence. */
  readonly isMeant: boolean
}

/** What a server leaves of the header of a message. */
const ROLE = 'assistant'
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

const ADVICE =
  'the special tokens of a call were removed from the text: have the server keep them (vLLM, SGLang: skip_special_tokens false; llama.cpp: --special)'

/** Looks in text in which no call was found for one of which a server took the special tokens out. */
export type LookForStripped = (
  text: string,
  read: Pick<ReadOfText, 'tools' | 'namesTool'>,
  startsInReasoning: boolean,
) => OtherFormat | undefined

/**
 * Looks for calls of some formats without their special tokens. Such a call is a loss, but not in the middle of a sentence.
 * `isTelling`: only where the words around the name tell that it is a call, since the format of the text is not known.
 */
export function strippedCalls(formats: readonly Format[], isTelling = false): LookForStripped {
  const shapes = strippedShapes(formats).filter((shape) => shape.isTelling || !isTelling)
  const blocks = formats.flatMap(({ reasoning }) => reasoning?.blocks ?? [])
  const opens = markerSet(blocks.map(({ open }) => open))
  const closer = lastCloser(formats)
  return (text, { tools, namesTool }, startsInReasoning) => {
    // This alone rules out nearly every text.
    if (shapes.length === 0 || !namesTool) return undefined
    // A thought may hold drafts.
    const begin = closer(text).from + 1
    const isOpen = lastMarker(text, opens).from >= begin
    if (isOpen || (begin === 0 && startsInReasoning)) return undefined
    const found = strippedCall(begin === 0 ? text : ' '.repeat(begin) + text.slice(begin), shapes, tools)
    if (found === undefined) return undefined
    const { from, to, isMeant } = found
    return { code: 'stripped-markers', message: ADVICE, from, to, isLoss: isMeant }
  }
}

/**
 * The shapes of the calls of some formats, from what they render. Those whose calls have no special token have none, and so
 * have those of which JSON alone is left: that is read, or is data.
 */
function strippedShapes(formats: readonly Format[]): Shape[] {
  const shapes = new Map<string, Shape>()
  for (const format of formats) {
    const shape = shapeOf(format)
    if (shape !== undefined) shapes.set(JSON.stringify(shape), shape)
  }
  return [...shapes.values()]
}

function shapeOf(format: Format): Shape | undefined {
  const whole = rendered(format, { [KEY]: 'zq' })
  const text = whole.replace(TOKENS, '')
  const at = text.indexOf(NAME)
  const key = text.indexOf(KEY)
  if (text === whole || at < 0 || key < at) return undefined
  const { role = '' } = format.channels ?? {}
  // The role may be the prompt's.
  const header = text
    .slice(text.lastIndexOf('\n', at) + 1, at)
    .replace(role, '')
    .trimStart()
  const typed = text.slice(at + NAME.length, key)
  // Other words of a message's header than its recipient may be missing, or be others.
  const isTyped = format.channels !== undefined && TYPE.test(typed)
  const before = isTyped ? header.slice(header.lastIndexOf(' ') + 1) : header
  // A list or an object is read, or is data; one whose only key is the name of a tool says more.
  if (/^[{[]/.test(before) && !before.endsWith('{"')) return undefined
  const empty = rendered(format, {}).replace(TOKENS, '')
  const behind = empty.slice(empty.indexOf(NAME) + NAME.length).trim()
  const toKey = isTyped ? typed.replace(TYPE, '') : typed
  const tokens = [...new Set(whole.match(TOKENS))]
  return {
    before,
    lead: text.slice(0, text.lastIndexOf('\n', at) + 1).trim(),
    toKey: patternOf(toKey),
    isTyped,
    words: header.slice(0, header.length - before.length),
    tokens,
    empty: patternOf(/^[^}]{0,40}\{\s{0,8}\}/.exec(isTyped ? behind.replace(TYPE, '') : behind)?.[0] ?? ''),
    isTelling: /[{<=]/.test(before + toKey),
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

/** A token right before the call was not taken out: it is a call of another format. */
const BEHIND_TOKEN = /<[^<>\s]{1,46}>\s?$/
const LONGEST_TOKEN = 50

/** So many that are quoted are looked at of one name. */
const MOST_QUOTED = 16

/** The first call of a given tool that is left so in a text, outside of code and quotations. */
function strippedCall(text: string, all: readonly Shape[], tools: OfferedTools): StrippedCall | undefined {
  const shapes = all.filter(({ tokens }) => !tokens.some((token) => text.includes(token)))
  const places = new Places(text)
  let found: StrippedCall | undefined
  for (const name of tools.names) {
    let quoted = 0
    for (let at = text.indexOf(name); at >= 0 && quoted < MOST_QUOTED; at = text.indexOf(name, at + 1)) {
      if (found !== undefined && at >= found.to) break
      const shape = shapes.find((one) => standsAt(text, at, name, one, tools))
      if (shape === undefined) continue
      const from = beginningOf(text, at, shape)
      const behind = text.slice(Math.max(0, from - LONGEST_TOKEN), from)
      const isLed = shape.lead !== '' && behind.trimEnd().endsWith(shape.lead)
      if (BEHIND_TOKEN.test(behind) && !isLed) continue
      // The fence of a call that is code is no quotation, but may be an example.
      const place = isLed && shape.lead.startsWith('```') ? 'inside' : places.of(from)
      if (place === 'quoted') {
        quoted++
        continue
      }
      const isMeant = shape.isTelling && (place === 'line' || /[}>\])]\s{0,8}$/.test(text.slice(-16)))
      found = { name, from, to: at + name.length, isMeant }
      break
    }
  }
  return found
}

/** Where what is left of the call begins whose name stands at an index: with the words of its header, if they stand there. */
function beginningOf(text: string, at: number, { before, words }: Shape): number {
  const from = at - before.length
  return text.slice(Math.max(0, from - words.length), from) === words ? from - words.length : from
}

function standsAt(text: string, at: number, name: string, shape: Shape, tools: OfferedTools): boolean {
  const { before } = shape
  if (at < before.length || !text.startsWith(before, at - before.length)) return false
  if (before === '' && /[\p{L}\p{N}_-]/u.test(text.charAt(at - 1)) && !text.startsWith(ROLE, at - ROLE.length))
    return false
  const end = at + name.length
  const [type = ''] = (shape.isTyped && TYPE.exec(text.slice(end, end + LONGEST_TYPE))) || []
  return begins(text, end + type.length, shape, name, tools)
}

/** Do the arguments of the tool begin at an index, or is that a call without any? */
function begins(
  text: string,
  at: number,
  { toKey, empty, isTelling }: Shape,
  name: string,
  tools: OfferedTools,
): boolean {
  if (empty !== '' && matches(text, at, empty, name) >= 0) return true
  const key = matches(text, at, toKey, name)
  if (key < 0) return false
  const keys = propertyNames(toolOf(tools, name))
  // Models put quotes around keys that the format writes without.
  const bare = key + Number(QUOTES.includes(text.charAt(key) || ' '))
  if (keys.length > 0) return keys.some((one) => text.startsWith(one, bare))
  return isTelling && /[\p{L}_]/u.test(text.charAt(key))
}

const LONGEST_TYPE = 20

/** At most this much white space, and this many digits, stand at one place. */
const MOST = 64

/** The index behind a pattern, or -1. */
function matches(text: string, at: number, pattern: Pattern, name: string): number {
  let i = at
  for (const part of pattern) {
    const from = i
    if (part === '\n') {
      i = past(text, i, SPACE)
      if (!text.slice(from, i).includes('\n')) return -1
      continue
    }
    i = past(text, i, SPACE)
    const begin = i
    if (part === '0') i = past(text, i, '0123456789')
    else if (part === '\0') i += text.startsWith(name, i) ? name.length : 0
    else if (text.charAt(i) === part) i++
    if (i === begin) return -1
  }
  return past(text, i, SPACE)
}

const SPACE = ' \n\r\t'
const QUOTES = '"\''

function past(text: string, at: number, characters: string): number {
  let i = at
  while (i < text.length && i - at < MOST && characters.includes(text.charAt(i))) i++
  return i
}

/** At most this much of the line before a place is examined. */
const LONGEST_LINE = 1024

/** Where the places of a text are. */
class Places {
  /** Where lines stand that open or close a fence. */
  private fences: number[] | undefined

  constructor(private readonly text: string) {}

  /** Does a line begin at an index, or is it in code or a quoted line? */
  of(at: number): 'line' | 'inside' | 'quoted' {
    const { text } = this
    const line = text.slice(Math.max(text.lastIndexOf('\n', at - 1) + 1, at - LONGEST_LINE), at)
    if (isQuotedLine(line) || line.split('`').length % 2 === 0) return 'quoted'
    this.fences ??= fencesIn(text)
    if (this.fences.filter((fence) => fence < at).length % 2 === 1) return 'quoted'
    return line.trim() === '' ? 'line' : 'inside'
  }
}
