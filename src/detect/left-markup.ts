import type { Format } from '../engine/format.js'
import { isSpecialToken } from '../engine/special-token.js'
import { MarkerSet, Matcher } from '../text/matcher.js'
import { isOfCall, nameOf } from './unread-call.js'

/** No more of it is counted: a reading that leaves so much is not the one that was meant. */
const MOST = 8

/**
 * Counts the markup in the text that a reading left: stop tokens, headers, marks of calls, of reasoning and of answers, of
 * whatever format. Of two readings that find the same call, the one that leaves less is the right one: the other took
 * `<|eos|>` for words, or the object in `<seed:tool_call>` for its own.
 * @example leftMarkup(formats)('<answer>Hello.</answer>') // 2
 */
export function leftMarkup(formats: readonly Format[]): (text: string) => number {
  const marks = formats.flatMap(markupOf)
  const markers = new MarkerSet([...marks, '<'].map((text): [string, string] => [text, text]))
  return (text) => {
    const matcher = new Matcher(markers)
    let count = 0
    for (let at = matcher.find(text, 0, true); at < text.length && count < MOST; ) {
      if (matcher.hit !== '<' || isCallTag(text, at)) count++
      at = matcher.find(text, matcher.end, true)
    }
    return count
  }
}

const TAG = /^<[/|｜]{0,2}[A-Za-z][\w:.-]{1,40}[|｜]?>/

/** Does a tag stand here whose words tell of a call: one that is misspelt, or lost its bars? `<tool_cal>` */
function isCallTag(text: string, at: number): boolean {
  const [tag = ''] = TAG.exec(text.slice(at, at + 48)) ?? []
  return isOfCall(nameOf(tag.replace('/', '')))
}

/** The marks of a format that are tags or tokens. Words and brackets stand in any text. */
function markupOf({ stops, headers, reasoning, frames = [], families }: Format): string[] {
  const words = (reasoning?.blocks ?? []).flatMap(({ open, close, isWorded }) =>
    [open, close].filter((mark) => isWorded !== true || isSpecialToken(mark)),
  )
  const marks = [
    ...stops,
    ...headers,
    ...words,
    ...frames.flatMap(({ open, close }) => [open, close]),
    ...families.flatMap(({ openers, strays = [], innerMarkers = [] }) => [
      ...openers.filter(({ bare, inText }) => bare !== true && inText !== true).map(({ marker }) => marker),
      ...strays,
      ...innerMarkers,
    ]),
  ]
  return marks.map((mark) => mark.trim()).filter((mark) => /^[<[].{3}|^\P{ASCII}/u.test(mark))
}

/** Where closed blocks of reasoning stand, by the marks of all formats. */
export interface ClosedBlock {
  readonly open: string
  readonly from: number
  readonly to: number
}

/**
 * The closed blocks of reasoning in a text, whoever's marks they have: a call in one is a draft, for formats as well that do
 * not know these marks. `begins`: the text may begin in a block that the prompt opened.
 */
export function closedBlocks(formats: readonly Format[]): (text: string, begins: boolean) => ClosedBlock[] {
  const all = formats.flatMap(({ reasoning }) => reasoning?.blocks ?? [])
  const blocks = all.filter(({ open }, i) => all.findIndex((block) => block.open === open) === i)
  return (text, begins) => [
    ...(begins ? blocks : []).flatMap(({ open, close, alike = [] }) => {
      const ends = [close, ...alike].map((closer) => text.indexOf(closer)).filter((at) => at >= 0)
      const to = Math.min(...ends)
      const opened = text.indexOf(open)
      return ends.length > 0 && (opened < 0 || opened > to) ? [{ open: '', from: -1, to }] : []
    }),
    ...blocks.flatMap(({ open, close }) => {
      const found: ClosedBlock[] = []
      for (let from = text.indexOf(open); from >= 0 && found.length < MOST; ) {
        const to = text.indexOf(close, from + open.length)
        if (to < 0) break
        found.push({ open, from, to })
        from = text.indexOf(open, to + close.length)
      }
      return found
    }),
  ]
}
