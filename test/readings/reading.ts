import { createParser, type EndReason, type ParseEvent, type ParserOptions, type ToolCall } from '../../src/index.js'
import { Cursor } from '../../src/text/cursor.js'
import { askingOnce } from '../support/ask-once.js'
import { norm } from '../support/norm.js'
import { isQuick } from '../support/runs.js'

/** The beginnings of a text that are read, in eighths of it; and those of them that are read in a hurry. */
const BEGINNINGS = [1, 3, 5, 7]
const QUICK_BEGINNINGS = [3, 7]
/** Longer texts are not read in single characters. */
const LONGEST_HELD = 600

/** A line for each way to read a text; those that change nothing are left out. */
export function readingsOf(completion: string, options: ParserOptions): string[] {
  const whole = reading(completion, options)
  const lines = [...notesOf(completion, options), `whole: ${whole}`, ...heldLine(completion, options)]
  const others: [string, ParserOptions][] = [
    ['repair: false', { ...options, repair: false }],
    ['without tools', { ...options, tools: undefined }],
    ['damaged: drop', { ...options, damaged: 'drop' }],
  ]
  for (const [name, other] of others) {
    const line = reading(completion, other)
    if (line !== whole) lines.push(`${name}: ${line}`)
  }
  for (const part of isQuick ? QUICK_BEGINNINGS : BEGINNINGS) {
    const to = Math.floor((completion.length * part) / 8)
    lines.push(`to ${to}: ${reading(completion.slice(0, to), options, part === 5 ? 'length' : 'stop')}`)
  }
  return lines
}

/** The same in few lines, for texts of which there are many. */
export function briefReadingsOf(text: string, options: ParserOptions): string[] {
  const whole = reading(text, options)
  const strict = reading(text, { ...options, repair: false })
  return [whole, ...(strict === whole ? [] : [`repair: false: ${strict}`]), ...heldLine(text, options)]
}

/**
 * How much of a text waits while it comes in single characters: after each of them what no event has told of, in all and at
 * most; and for how many of them a reader was woken. What is held longer than before, or is looked at for no reason, is seen
 * nowhere else.
 */
function heldLine(text: string, options: ParserOptions): string[] {
  if (text.length > LONGEST_HELD) return []
  const parser = create(options)
  let [to, all, most] = [0, 0, 0]
  const looks = looksOf(() => {
    for (let i = 0; i < text.length; i++) {
      for (const event of parser.push(text.charAt(i))) to = Math.max(to, event.to)
      const held = i + 1 - to
      all += held
      most = Math.max(most, held)
    }
  })
  return [`held: ${all} in all, ${most} at most, ${looks} looks`]
}

/** How many chunks come into a window, where readers look at them, and on no fast path. */
function looksOf(run: () => void): number {
  const { push } = Cursor.prototype
  let looks = 0
  Cursor.prototype.push = function (this: Cursor, chunk: string): void {
    looks++
    push.call(this, chunk)
  }
  try {
    run()
  } finally {
    Cursor.prototype.push = push
  }
  return looks
}

/** The cuts of a text ask the same of other formats as its reading did. */
export const create = askingOnce(createParser)

function eventsOf(text: string, options: ParserOptions, reason: EndReason = 'stop'): ParseEvent[] {
  const parser = create(options)
  return norm([...parser.push(text), ...parser.end(reason)])
}

/** All events but `arguments`, in short: `text 0-12, call f 12-60 {"a": 1}, stray-marker 60-71, complete`. */
function reading(text: string, options: ParserOptions, reason?: EndReason): string {
  return eventsOf(text, options, reason)
    .flatMap((event) => {
      const span = `${event.from}-${event.to}`
      if (event.type === 'content') return `text ${span}`
      if (event.type === 'reasoning') return `reasoning ${span}`
      if (event.type === 'call-start') return `begins ${span} ${event.evidence}${event.known ? '' : ' unknown'}`
      if (event.type === 'call-end') return callOf(event.call)
      if (event.type === 'note') return `${event.code} ${span}`
      return event.type === 'end' ? event.status : []
    })
    .join(', ')
}

function callOf(call: ToolCall): string {
  const repairs = call.repairs.map(({ kind, from, to, before, after }) => {
    const change = before === '' && after === '' ? '' : ` ${JSON.stringify(before)} to ${JSON.stringify(after)}`
    return `, ${kind} ${from}-${to}${change}`
  })
  const status = call.status === 'complete' ? '' : `${call.status} `
  const id = call.nativeId === undefined ? '' : ` #${call.nativeId}`
  const name = call.name.replaceAll('\n', '\\n')
  return `${status}call ${name}${id} ${call.from}-${call.to} ${short(call.argumentsText)}${repairs.join('')}`
}

function short(text: string): string {
  return text.length <= 60 ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, 40))} and ${text.length - 40} more`
}

/** The notes in their words. */
function notesOf(text: string, options: ParserOptions): string[] {
  return eventsOf(text, options).flatMap((event) =>
    event.type === 'note' ? [`${event.code}: ${JSON.stringify(event.message)}`] : [],
  )
}

/** The lines of a block that are read again in a hurry. */
export function quickLines(block: string): string[] {
  let beginning = 0
  return block
    .split('\n')
    .filter((line) => !line.startsWith('  to ') || QUICK_BEGINNINGS.includes(BEGINNINGS[beginning++] as number))
}
