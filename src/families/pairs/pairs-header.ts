import type { Reading } from '../../engine/reading.js'
import type { Repair } from '../../event/event.js'
import { WAIT } from '../../text/cursor.js'
import { type Tag, tagOf } from '../../text/tag.js'
import { toolOf } from '../../tools/schema.js'
import { propertyNames } from '../../tools/value-types.js'
import { isName } from '../tagged/tagged-header.js'
import { spaceEnd } from './pair-syntax.js'
import type { PairTags } from './pair-tags.js'

/** The tag of a call, read from its name on, and what was mended in it. Offsets count from where it was looked for. */
export interface PairsHead {
  readonly tag: Tag
  readonly repairs: readonly Repair[]
}

/** Openers of a call, one behind the other. */
const MOST_OPENERS = 8

/** Decides whether a call opens behind its marker, by a bounded look at its name and at what follows that. */
export class PairsHeader {
  constructor(
    private readonly reading: Reading,
    private readonly tags: PairTags,
  ) {}

  /** The call whose marker ends at an index of the window; undefined where none begins, `WAIT` where more text decides. */
  at(from: number): PairsHead | undefined | typeof WAIT {
    const { cursor, out } = this.reading
    const { window, ended } = cursor
    const tag = this.tags.behindStem(window, from)
    if (tag === WAIT) return ended ? this.cut(from) : WAIT
    if (!tag.broken) return this.mayCall(tag.name ?? '') && this.isPlaced(tag, from) ? { tag, repairs: [] } : undefined
    if (!out.settings.repair) return undefined
    return tag.name === undefined ? this.behindRepeated(from) : this.mended(tag, tag.name, from)
  }

  /** The text ends inside the name, or behind it. */
  private cut(from: number): PairsHead | undefined {
    const rest = this.reading.cursor.window.slice(from).trim()
    if (rest === '' || this.reading.cursor.window.charAt(from) === ' ') return undefined
    const name = /^[^\s<>{}]{0,256}/.exec(rest)?.[0] ?? ''
    const behind = rest.slice(name.length).trimStart()
    if (name === '' ? behind !== '' : !(behind === '' || behind.startsWith('<'))) return undefined
    return { tag: tagOf('call', this.reading.cursor.window.length - from), repairs: [] }
  }

  /** `<tool_call><tool_call>NAME`: one marker too many. */
  private behindRepeated(from: number): PairsHead | undefined | typeof WAIT {
    const { window, base } = this.reading.cursor
    const repairs: Repair[] = []
    let at = from
    for (let count = 0; count < MOST_OPENERS; count++) {
      at = spaceEnd(window, at)
      const end = this.tags.end(window, at, this.tags.pairs.call[0])
      if (end === WAIT) return this.reading.cursor.ended ? undefined : WAIT
      if (end < 0) return undefined
      repairs.push({
        kind: 'surplus-opener',
        from: base + at,
        to: base + end,
        before: window.slice(at, end),
        after: '',
      })
      at = end
      const tag = this.tags.behindStem(window, at)
      if (tag === WAIT) return this.reading.cursor.ended ? undefined : WAIT
      if (tag.name === undefined) continue
      if (tag.broken || !this.mayCall(tag.name)) return undefined
      const more = at - from
      return {
        tag: { ...tag, nameFrom: tag.nameFrom + more, nameTo: tag.nameTo + more, length: tag.length + more },
        repairs,
      }
    }
    return undefined
  }

  /** A name with something else behind it than a key or the end of the call. */
  private mended(tag: Tag, read: string, from: number): PairsHead | undefined | typeof WAIT {
    const { cursor, out } = this.reading
    const { window, base, ended } = cursor
    const name = read.replace(/(?:\\n){1,20}$/, '')
    const nameTo = tag.nameFrom + name.length
    const to = from + tag.length
    if (name !== read) {
      if (!this.mayCall(name)) return undefined
      const at = base + from + nameTo
      const before = read.slice(name.length)
      const repair = { kind: 'literal-newline', from: at, to: at + before.length, before, after: '\n' }
      return { tag: { ...tag, broken: false, name, nameTo }, repairs: [repair] }
    }
    const { pairs } = this.tags
    const next = spaceEnd(window, to)
    const whole = { tag: { ...tag, broken: false }, repairs: [] }
    // Nothing stands before it, so it is not known whose value was closed.
    const closer = this.tags.end(window, next, pairs.value[1])
    if (closer === WAIT && !ended) return WAIT
    if (closer > 0) return this.mayCall(name) ? whole : undefined
    const glued = this.gluedKey(tag, name, from)
    if (glued !== undefined) return glued
    if (window.charAt(next) === '{') return out.tools.given && out.tools.has(name) ? whole : undefined
    const near = this.tags.near.at(window, next, ended)
    if (near === WAIT) return WAIT
    if (near === undefined || !this.mayCall(name)) return undefined
    if (near.name !== undefined) return whole
    return near.kind === 'call' && out.tools.given && out.tools.has(name) ? whole : undefined
  }

  /** `get_weathercity</arg_key>`: the one given tool whose name this begins with, and a key of its. */
  private gluedKey(tag: Tag, read: string, from: number): PairsHead | undefined {
    const { cursor, out } = this.reading
    const { window } = cursor
    const { tools } = out
    if (!tools.given || tools.has(read)) return undefined
    if (this.tags.end(window, from + tag.length, this.tags.pairs.key[1]) < 0) return undefined
    const names = tools.names.filter((name) => {
      const key = read.startsWith(name) ? read.slice(name.length) : ''
      return key !== '' && propertyNames(toolOf(tools, name)).includes(key)
    })
    const [name] = names
    if (name === undefined || names.length > 1) return undefined
    const nameTo = tag.nameFrom + name.length
    return { tag: { ...tag, broken: false, name, nameTo, length: nameTo }, repairs: [] }
  }

  /**
   * Nothing but its name makes a call without arguments: `Wrap calls in <tool_call> and </tool_call> tags.` So it stands
   * between its markers as the format writes it, or is that of a given tool; in the middle of a line only the latter, if there are any.
   */
  private isPlaced({ name = '', nameFrom, length }: Tag, from: number): boolean {
    const { cursor, out, text } = this.reading
    const { window } = cursor
    if (out.tools.given && (out.tools.has(name) || !text.atLineStart))
      return out.tools.has(name) || this.hasKey(from + length)
    const isTight = !window.slice(from, from + nameFrom).includes(' ') && window.charAt(from + length) !== ' '
    return isTight || this.hasKey(from + length)
  }

  private hasKey(at: number): boolean {
    const { window } = this.reading.cursor
    return this.tags.end(window, spaceEnd(window, at), this.tags.pairs.key[0]) > 0
  }

  /** A name that can be one, and that may be called here. */
  private mayCall(name: string): boolean {
    if (!isName(name)) return false
    const { text, out } = this.reading
    return !(text.fenced && out.tools.given && !out.tools.has(name))
  }
}
