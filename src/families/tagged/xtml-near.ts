import { WAIT } from '../../text/cursor.js'
import type { NearTag, NearTags } from '../../text/tags.js'

/** What is left of a tag is searched for this far. */
const LONGEST = 96
/** The pieces of a tag: its token, its word, its attributes. */
const WORD = /^[^\n"]{0,24}?\b(tools|call|argument|json)\b/i
const ATTRIBUTE = /^[^\n]{0,48}?\b(tool|index|key|type)[ ]?[=:]?[ ]?["']/i
const CLOSER = /^[^\n]{0,12}?close/i
/** A token, a word and a token, or what is left of them: how long the tag is. */
const WHOLE =
  /^(?:<?[|/ ]{0,3}\w{0,8}[|/ ]{0,3}>?)\s?\w{1,10}\s?(?:<[|/ ]{0,3}\w{0,8}[|/ ]{0,3}>?|[|/ ]{1,3}\w{1,8}[|/ ]{0,3}>?)/

/**
 * Sees what is left of a damaged tag of XTML: `<open>call tool="f"<|sep|>`. Its tokens are never written otherwise by a model,
 * so nothing is read from it: it only shows that a call was meant.
 */
export class XtmlNear implements NearTags {
  at(text: string, start: number, ended: boolean): NearTag | undefined | typeof WAIT {
    const line = text.indexOf('\n', start)
    const to = Math.min(start + LONGEST, line < 0 ? text.length : line)
    // What a part of it looks like does not hold for all of it.
    if (to === text.length && to - start < LONGEST && !ended) return WAIT
    const rest = text.slice(start, to)
    const word = WORD.exec(rest)?.[1]?.toLowerCase()
    const attribute = ATTRIBUTE.exec(rest)?.[1]?.toLowerCase()
    const isEnd = CLOSER.test(rest)
    const whole = WHOLE.exec(rest)?.[0] ?? ''
    if (word === undefined && attribute === undefined && !(isEnd && whole !== '')) return undefined
    const isCall = word === 'call' || attribute === 'tool' || attribute === 'index'
    const isBlock = word === 'tools' || (word === undefined && attribute === undefined)
    const kind = isCall ? 'call' : isBlock ? 'block' : 'parameter'
    return {
      kind,
      word: word ?? '',
      isEnd,
      isOpen: !isEnd,
      hasToken: true,
      name: undefined,
      nameFrom: 0,
      nameTo: 0,
      value: undefined,
      length: Math.max(1, whole.length),
      isClosed: false,
      isJunk: true,
    }
  }

  closer(): undefined {
    return undefined
  }
}
