import type { Family, FamilyReader, Opener } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import type { Repair } from '../../event/event.js'
import { standsFor } from '../../recovery/near-marker.js'
import { isSpace } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import { TreeCall } from './tree-call.js'
import { TreeSkip } from './tree-skip.js'
import { type TreeSyntax, type TreeTag, TreeTags } from './tree-tags.js'

/** The damaged header of a call is searched for this far. */
const LONGEST_HEADER = 160
/** The close tag of a block, misspelt. */
const LONGEST_CLOSER = 80
/** White space between openers. */
const LONGEST_SPACE = 1024
/** The opener of a block may come more than once. */
const MOST_BLOCKS = 4

export interface TreeGrammar {
  readonly syntax: TreeSyntax
  /** Markers around the answer, which are no content. */
  readonly strays?: readonly string[]
}

/** The family of formats whose arguments are trees of tags: `<call name="f"><guest><age>31</age></guest></call>`. */
export function tree(grammar: TreeGrammar): Family {
  const tags = new TreeTags(grammar.syntax)
  const { block, call } = grammar.syntax
  return {
    openers: [{ marker: tags.openOf(block) }, { marker: stemOf(tags, call), stem: true }],
    strays: [tags.closeOf(block), tags.closeOf(call), ...(grammar.strays ?? [])],
    // Its tags remember the text that they looked at last.
    create: (reading: Reading) => new TreeBlock(reading, new TreeTags(grammar.syntax)),
  }
}

/** `<invoke `, of a call that has lost its block. */
function stemOf(tags: TreeTags, call: string): string {
  return `${tags.openOf(call).slice(0, -1)} `
}

class TreeBlock implements FamilyReader {
  readonly expects: string
  private readonly call: TreeCall

  constructor(
    private readonly reading: Reading,
    private readonly tags: TreeTags,
  ) {
    this.call = new TreeCall(reading, tags)
    this.expects = `${tags.openOf(tags.syntax.call, ' name="NAME"')}`
  }

  opens(opener: Opener, _from: number): boolean | typeof WAIT {
    const { cursor, out, text } = this.reading
    const isLone = opener.stem === true
    if (!isLone) {
      const code = cursor.skipSpace()
      if (code < 0) return code === WAIT ? WAIT : false
    }
    const { window } = cursor
    let { at } = cursor
    let tag = isLone ? this.tags.behindStem(opener.marker, window, at) : this.tags.at(window, at)
    for (let again = 0; again < MOST_BLOCKS && typeof tag === 'object' && tag.kind === 'block' && !tag.isEnd; again++) {
      at += tag.length
      for (const limit = at + LONGEST_SPACE; at < limit && isSpace(window.charCodeAt(at)); ) at++
      tag = at === window.length ? WAIT : this.tags.at(window, at)
    }
    if (tag === WAIT) return cursor.ended ? !isLone : WAIT
    if (tag === undefined || tag.kind !== 'call' || tag.isEnd) return !isLone && this.attempts(at)
    if (text.fenced && out.tools.given && !out.tools.has(tag.name ?? '')) return false
    return !isLone || (out.tools.given && out.tools.has(tag.name ?? ''))
  }

  /** Behind the opener of a block: does the damaged header of a call stand here? Its word or its attribute tells. */
  private attempts(at: number): boolean | typeof WAIT {
    const { window, ended } = this.reading.cursor
    const text = window.slice(at, at + LONGEST_HEADER)
    const line = (text.split('\n', 1)[0] as string).toLowerCase()
    const { call, value = this.tags.first } = this.tags.syntax
    const isHeader = line.includes(call) || line.includes(value) || /name\s{0,4}[=:]/.test(line)
    return isHeader || ended || text.length > line.length || text.length === LONGEST_HEADER ? isHeader : WAIT
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { cursor } = this.reading
    const repairs: Repair[] = []
    const isLone = opener.stem === true
    if (isLone) {
      cursor.rewind(cursor.offset - opener.marker.length)
      if (!this.reading.out.settings.repair) return yield* this.pass(from, 'call', 'a call without its block')
      const after = this.tags.openOf(this.tags.syntax.block)
      repairs.push({ kind: 'missing-opener', from, to: from, before: '', after })
    }
    for (let count = 0; ; count++) {
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      const tag = code < 0 ? undefined : yield* this.tags.here(cursor)
      if (
        typeof tag === 'object' &&
        tag.kind === 'block' &&
        !tag.isEnd &&
        count === 0 &&
        this.reading.passRepeated(cursor.window.slice(cursor.at, cursor.at + tag.length))
      ) {
        count--
        continue
      }
      if (tag === 'cut' && count === 0) {
        cursor.at = cursor.window.length
        this.reading.cut('the text ended inside the header of a call', from)
        return true
      }
      if (tag === undefined || tag === 'cut' || tag.kind !== 'call' || tag.isEnd) {
        if (count > 0) return yield* this.end(tag)
        return yield* this.pass(from, 'block', 'the header of its call cannot be read')
      }
      const head = {
        from: count === 0 ? from : cursor.offset,
        evidence: this.reading.evidence,
        repairs: count === 0 ? repairs : [],
      }
      if (!(yield* this.call.read(tag, head))) return true
    }
  }

  /** Ends the block where no further call stands, with its close tag or without. */
  private *end(tag: TreeTag | 'cut' | undefined): Read<boolean> {
    const { cursor } = this.reading
    if (typeof tag === 'object' && tag.kind === 'block' && tag.isEnd) {
      cursor.at += tag.length
      return true
    }
    if (tag === 'cut') {
      const from = cursor.offset
      cursor.at = cursor.window.length
      this.reading.cut('the text ended inside a tag', from)
      return true
    }
    if (cursor.peek() < 0) {
      cursor.rewind(this.call.to)
      return true
    }
    // The next block begins, so this one is over, or the call had none.
    const isNext = typeof tag === 'object' && tag.kind === 'block'
    if (!isNext && (yield* this.misspeltEnd())) return true
    cursor.rewind(this.call.to)
    if (isNext || (yield* this.reading.marker(this.reading.stops)) !== undefined) return true
    return yield* this.pass(cursor.offset, 'block', 'a block of calls holds something other than calls')
  }

  /** The close tag of the block in another spelling, alone on the rest of its line: it is left out. */
  private *misspeltEnd(): Read<boolean> {
    const { cursor, out } = this.reading
    let line: string
    for (;;) {
      const rest = cursor.window.slice(cursor.at, cursor.at + LONGEST_CLOSER)
      line = rest.split('\n', 1)[0] as string
      if (line.length < rest.length || rest.length === LONGEST_CLOSER || cursor.ended) break
      yield
    }
    const closer = line.trim()
    if (!out.settings.repair || !standsFor(closer, this.tags.closeOf(this.tags.syntax.block))) return false
    const from = cursor.offset
    cursor.at += closer.length
    out.note(
      'stray-marker',
      `${closer} closed the block, in a spelling other than the format's own`,
      from,
      cursor.offset,
    )
    return true
  }

  /** Gives back a call or block that cannot be read, up to its end, with everything that it quotes. */
  private *pass(from: number, until: 'call' | 'block', why: string): Read<true> {
    const { reading, tags } = this
    if (until === 'call') reading.cursor.at++
    const skip = new TreeSkip(reading, tags, until)
    if (!skip.scan()) yield skip
    reading.giveUp(why, from)
    return true
  }
}
