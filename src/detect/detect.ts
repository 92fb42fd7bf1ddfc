import type { Format } from '../engine/format.js'
import type { Grammar } from '../engine/grammar.js'
import type { ParserOptions } from '../engine/options.js'
import { type OtherFormat, type ReadOfText, Session } from '../engine/session.js'
import type { ParseEvent, ToolCall } from '../event/event.js'
import { isObject } from '../tools/is-object.js'
import { FirstSigns } from './first-signs.js'
import { type ClosedBlock, closedBlocks, leftMarkup } from './left-markup.js'
import { isQuoted } from './quoted.js'
import { isOfCall, nameOf } from './unread-call.js'

/** A format that finds calls in a text. */
export interface Detection {
  format: string
  /** 0 to 1. Above 0.7: behind the format's own markers. */
  score: number
  /** Where its calls begin, up to their names. Offsets are UTF-16. */
  evidence: { from: number; to: number; text: string }[]
}

/** Evidence beyond this many places says nothing more. */
const MOST_EVIDENCE = 16

/** What a text is read with to see which formats find calls in it. */
export type DetectOptions = Pick<ParserOptions, 'tools' | 'prompt' | 'startInReasoning' | 'callsInReasoning'>

/** With the best call that the format finds. */
interface Found extends Detection {
  call: ToolCall
  /** How much markup its reading leaves in the text. */
  left: number
}

/** `marked`: by formats whose openers stand in the text, bare ones aside. */
export type Detector = (text: string, options: DetectOptions, marked?: boolean) => Found[]

/**
 * Reads a text with every format and ranks those that find a call, best first; among equals in the order of the formats. A
 * format that leaves more markup in the text than another one does is less likely.
 */
export function detector(grammars: readonly Grammar[]): Detector {
  const formats = grammars.map(({ format }) => format)
  const signs = new FirstSigns(grammars, 'all')
  const behindMarkers = new FirstSigns(grammars, 'marked')
  const markup = leftMarkup(formats)
  const blocks = closedBlocks(formats)
  return (text, options, marked = false) => {
    // The prompt may hold the start of a call.
    const likely = options.prompt === undefined ? (marked ? behindMarkers : signs).in(text) : grammars
    if (likely.length === 0) return []
    const { startInReasoning } = options
    const thoughts = blocks(text, startInReasoning === true || startInReasoning === 'detect')
    const found = likely.flatMap((grammar) => detectFormat(text, grammar, options, thoughts, markup) ?? [])
    const least = Math.min(...found.map(({ left }) => left))
    for (const one of found) one.score = lessened(one.score, one.left - least)
    return found.sort((a, b) => b.score - a.score)
  }
}

/** More than that the calls begin as a format's own do (`looks`): what is left shows that they are not. */
function lessened(score: number, left: number): number {
  return left === 0 ? score : Math.round(Math.max(0.05, score - 0.16 - 0.02 * left) * 100) / 100
}

/** A text with more openers of a format that open nothing is not of that format. */
const MOST_LEFT = 256
/** How much of a text is read at a time. */
const SLICE = 4096

function* eventsOf(session: Session, text: string): Generator<ParseEvent> {
  for (let at = 0; at < text.length; at += SLICE) yield* session.push(text.slice(at, at + SLICE))
  yield* session.end()
}

function detectFormat(
  text: string,
  grammar: Grammar,
  options: DetectOptions,
  thoughts: readonly ClosedBlock[],
  markup: (text: string) => number,
): Found | undefined {
  const { format } = grammar
  const blocks = format.reasoning?.blocks ?? []
  const foreign = thoughts.filter(({ open }) => !blocks.some((block) => block.open === open))
  const session = new Session(grammar, { ...options, format })
  const calls: ToolCall[] = []
  const evidence: Detection['evidence'] = []
  let kept = ''
  let left = 0
  let nameTo = 0
  for (const event of eventsOf(session, text)) {
    if (event.type === 'content' || event.type === 'reasoning') kept += event.text
    else if (event.type === 'call-start') nameTo = event.to
    else if (event.type === 'call-end') {
      if (isDefinition(event.call) || isProse(event.call, text, format) || isDraft(event.call, foreign)) continue
      calls.push(event.call)
      const { from } = event.call
      const to = Math.min(Math.max(nameTo, from), from + 200)
      if (evidence.length < MOST_EVIDENCE) evidence.push({ from, to, text: text.slice(from, to) })
    } else if (event.type === 'note' && (event.code === 'marker-in-text' || event.code === 'damaged-block')) {
      if (++left > MOST_LEFT && calls.length === 0) return undefined
    }
  }
  const best = calls.find((call) => call.status === 'complete') ?? calls[0]
  if (best === undefined) return undefined
  return { format: format.id, score: score(text, format, best, calls, left), evidence, call: best, left: markup(kept) }
}

/** A tool as prompts list it, `{"name": …, "parameters": {"type": "object", "properties": {…}}}`, has the shape of a bare call. */
function isDefinition({ evidence, arguments: args }: ToolCall): boolean {
  return evidence === 'bare' && args.type === 'object' && isObject(args.properties)
}

/** `The tag <|python_tag|> comes before code.` Behind words, what has no bracket or `=` calls and sets nothing: no code. */
function isProse({ name, from, arguments: args }: ToolCall, text: string, { codeTools }: Format): boolean {
  const [code] = Object.values(args)
  if (codeTools?.includes(name) !== true || typeof code !== 'string' || /[=(]/.test(code)) return false
  return from > 0 && text.slice(text.lastIndexOf('\n', from - 1) + 1, from).trim() !== ''
}

/** It begins in reasoning that closes, whose marks the format does not know. */
function isDraft({ from }: ToolCall, thoughts: readonly ClosedBlock[]): boolean {
  return thoughts.some((thought) => thought.from <= from && from < thought.to)
}

function score(text: string, format: Format, best: ToolCall, calls: readonly ToolCall[], left: number): number {
  let score = best.evidence === 'bare' ? 0.5 : 0.8
  if (best.evidence === 'bare' && format.nativelyBare === true) score += 0.1
  if (best.status !== 'complete') score -= 0.3
  const start = text.slice(best.from, best.from + 200).trimStart()
  const looks = best.evidence !== 'bare' && format.looks?.some((beginning) => start.startsWith(beginning))
  if (looks === true) score += 0.15
  const doubtful = calls.filter((call) => call.repairs.length > 0 || call.status !== 'complete').length
  score -= 0.1 * (doubtful / calls.length)
  score -= Math.min(0.1, 0.05 * left)
  return Math.round(Math.max(0.05, score) * 100) / 100
}

/**
 * Looks at text in which a format found no call, or in what its calls leave of it: what another format finds there. A whole
 * call of a tool that was given is a loss, if it stands behind that format's own marker or is markup itself.
 */
export function lookElsewhere(
  text: string,
  { format, called }: Pick<ReadOfText, 'format' | 'called'>,
  detect: Detector,
  { tools, startInReasoning, callsInReasoning }: ParserOptions,
): OtherFormat | undefined {
  // Under the same rules of reasoning: a call that those leave out is none for another format either.
  const options = { tools, startInReasoning, callsInReasoning }
  // Beside calls objects and lists are data, but for the message of a chat API.
  const found = detect(text, options, called && !text.includes(MESSAGE_KEY))
  const [best] = called ? found.filter((one) => isLoss(one, text, tools)) : found
  // Where other options hid it from the format itself (`repair: false`), another one is no advice.
  if (best === undefined) return lookForOtherBars(text, detect, options)
  if (found.some((one) => one.format === format)) return undefined
  const { from = 0, to = 0 } = best.evidence[0] ?? {}
  const what = called ? 'a call of another format is lost' : `no call of ${format} was found`
  return { message: `${what}, but this looks like ${best.format}`, from, to, isLoss: isLoss(best, text, tools) }
}

/** A call whose special tokens are spelt with the bars and underscores of another format's: `<｜tool_call_begin｜>` of Kimi K2. */
function lookForOtherBars(text: string, detect: Detector, options: DetectOptions): OtherFormat | undefined {
  const { tools } = options
  if (tools === undefined || !text.includes('｜')) return undefined
  const [best] = detect(text.replaceAll('｜', '|').replaceAll('▁', '_'), options, true).filter((one) =>
    isLoss(one, text, tools),
  )
  const { from = 0, to = 0 } = best?.evidence[0] ?? {}
  if (best === undefined) return undefined
  const message = `a call of ${best.format} is lost: its special tokens are spelt with other bars`
  return { code: 'damaged-block', message, from, to, isLoss: true }
}

const MESSAGE_KEY = '"tool_calls"'
/** What may begin a call where no marker of a format stands: the tag of a call, or the message of a chat API. */
const MARKUP = /^\s{0,8}(<[A-Za-z][\w:.-]{1,40}|\{\s{0,8}"tool_calls")/

function isLoss({ call, evidence: [place] }: Found, text: string, tools: ParserOptions['tools']): boolean {
  const { status, evidence, known } = call
  if (tools === undefined || status !== 'complete' || !known) return false
  const from = place?.from ?? call.from
  const [, tag = ''] = (evidence === 'bare' && MARKUP.exec(text.slice(from, from + 64))) || []
  const isMarkup = tag.startsWith('<') ? isOfCall(nameOf(tag)) : tag !== ''
  return (evidence === 'marker' || isMarkup) && !isQuoted(text, from)
}
