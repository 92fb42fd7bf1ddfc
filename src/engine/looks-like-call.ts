import { isSpace } from '../text/characters.js'
import type { OfferedTools } from '../tools/offered-tools.js'

const FENCE = '```'
/** What may stand before the name, besides words. */
const BEFORE_NAME = '{[("\'“”:'

/** So much of a line is looked at, and so many words of it. */
const LONGEST_HEAD = 160
const MOST_WORDS = 4
/** More lines than this say nothing new. */
const MOST_LINES = 16

export interface CallLikeLine {
  readonly name: string
  readonly from: number
  readonly to: number
}

/**
 * Lines that start like a call without a marker, of a given tool: `{"nme": "get_weather", …`, `get_weather(city="Paris"`.
 * None of them is one, or it would not be in this text. Lines in a code fence are examples.
 */
export function callLikeLines(text: string, from: number, tools: OfferedTools): CallLikeLine[] {
  const lines: CallLikeLine[] = []
  const firsts = firstsOf(tools)
  let isFenced = false
  for (let at = from; at < text.length && lines.length < MOST_LINES; ) {
    const end = text.indexOf('\n', at)
    const to = end < 0 ? text.length : end
    // Nearly all lines of prose are over with this, without a piece of text cut out.
    if (mayBegin(text, at, to, firsts)) {
      const head = text.slice(at, Math.min(to, at + LONGEST_HEAD)).trim()
      if (head.startsWith(FENCE)) isFenced = !isFenced
      const name = isFenced ? undefined : calledIn(head, tools)
      if (name !== undefined) lines.push({ name, from: at, to })
    }
    at = to + 1
  }
  return lines
}

/** What a call, the name of a tool or a fence may begin with. */
function firstsOf({ names }: OfferedTools): string {
  let firsts = BEFORE_NAME + FENCE
  for (const name of names) firsts += name.charAt(0)
  return firsts
}

function mayBegin(text: string, from: number, to: number, firsts: string): boolean {
  let i = from
  while (i < to && isSpace(text.charCodeAt(i))) i++
  const code = text.charCodeAt(i)
  return i < to && (code >= 128 || code < 32 || firsts.includes(text.charAt(i)))
}

/** The tool that the head of a line seems to call. */
function calledIn(head: string, { names }: OfferedTools): string | undefined {
  const first = head.charAt(0)
  if (first === '' || first === '`') return undefined
  const direct = names.find((name) => head.startsWith(name) && '({[='.includes(head.charAt(name.length) || ' '))
  if (direct !== undefined) return direct
  if (!BEFORE_NAME.includes(first)) return undefined
  const words = head.split(/[^\p{L}\p{N}_.-]/u).filter((word) => word !== '')
  return words
    .slice(0, MOST_WORDS)
    .map((word) => names.find((name) => word.startsWith(name)))
    .find((name) => name !== undefined)
}
