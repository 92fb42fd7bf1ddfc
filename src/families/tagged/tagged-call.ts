import type { Reading } from '../../engine/reading.js'
import type { Evidence, Repair } from '../../event/event.js'
import { END, WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import type { Tag } from '../../text/tag.js'
import type { TagReader } from '../../text/tag-reader.js'
import { ArgumentWriter } from '../../values/raw/argument-writer.js'
import { TagSkipper } from './tag-skipper.js'
import { readJsonBody } from './tagged-body.js'
import type { TaggedGrammar } from './tagged-grammar.js'
import { TaggedParameter } from './tagged-parameter.js'

/**
 * What ended a call: its own close marker, or a tag that the cursor stands before (`closed`); the block's close marker,
 * which is read (`block closed`); nothing that could: the text or the model stopped, or it was damaged (`broken`).
 */
export type CallEnd = 'closed' | 'block closed' | 'broken'

/** How a call is announced. */
export interface TaggedHead {
  readonly from: number
  readonly evidence: Evidence
  /** What was mended before it. */
  readonly repairs: readonly Repair[]
  /** It may be none: anything odd about it ends it. */
  readonly guarded: boolean
}

/** Reads one call from its tag on. */
export class TaggedCall {
  /** Offset behind the last call. */
  to = 0
  private readonly writer: ArgumentWriter
  private readonly parameter: TaggedParameter
  private name = ''
  /** Why it cannot be delivered, whatever follows. */
  private damage = ''
  /** Text was left out in it. */
  private dropped = false
  private guarded = false

  constructor(
    private readonly reading: Reading,
    private readonly grammar: TaggedGrammar,
    private readonly tags: TagReader,
  ) {
    this.writer = new ArgumentWriter(reading.out)
    this.parameter = new TaggedParameter(reading, grammar, tags, this.writer)
  }

  /** The cursor stands at the call's tag. */
  *read(tag: Tag, head: TaggedHead): Read<CallEnd> {
    const { cursor, out } = this.reading
    const at = cursor.offset
    this.name = tag.name ?? ''
    this.damage = ''
    this.dropped = false
    this.guarded = head.guarded
    this.writer.begin()
    this.parameter.begin(this.name, head.guarded)
    out.open({
      name: this.name,
      nameFrom: at + tag.nameFrom,
      nameTo: at + tag.nameTo,
      from: head.from,
      evidence: head.evidence,
    })
    for (const { kind, from, to, before, after } of head.repairs) out.repair(kind, from, to, before, after)
    cursor.at += tag.length
    if (tag.selfClosing) return this.finish()
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    if (code === 0x7b) return yield* this.body()
    return yield* this.parameters()
  }

  private *parameters(): Read<CallEnd> {
    const { cursor } = this.reading
    const { syntax } = this.grammar
    for (;;) {
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      if (code === END) return this.cut()
      const tag = yield* this.tag()
      if (tag === 'cut' || tag === 'stop') return this.cut()
      const kind = tag?.kind
      if (tag === undefined || tag.broken || kind === 'other' || kind === 'other-end') {
        if (this.guarded) return this.give('something else than parameters stands in it')
        yield* this.skip()
      } else if (kind === 'parameter') {
        const end = yield* this.parameter.read(tag)
        if (this.parameter.damage !== '') this.damage = this.parameter.damage
        if (tag.name === undefined) this.dropped = true
        if (end === 'broken') return this.cut()
        if (end !== 'open') {
          const { endFrom, endTo } = this.parameter
          if (end === 'block-end') this.mend(endFrom, syntax.parameter, syntax.call)
          else this.mend(endFrom, syntax.parameter)
          return this.finish(endTo, end === 'call-end' ? 'closed' : 'block closed')
        }
      } else if (kind === 'call-end') {
        cursor.at += tag.length
        return this.finish()
      } else if (kind === 'parameter-end') {
        const from = cursor.offset
        cursor.at += tag.length
        this.reading.out.note('stray-marker', 'a close marker without a parameter was left out', from, cursor.offset)
      } else {
        if (this.guarded) return this.give('it is not closed')
        this.mend(cursor.offset, syntax.call)
        return this.finish()
      }
    }
  }

  /** A JSON object instead of parameters. */
  private *body(): Read<CallEnd> {
    const { reading, grammar } = this
    const { cursor, out } = reading
    const { syntax } = grammar
    const from = cursor.offset
    if (grammar.jsonBody === 'repair') {
      if (out.settings.repair) out.repair('json-body', from, from, '', '')
      else this.damage = 'JSON stands where parameters should be'
    }
    if (!(yield* readJsonBody(reading, this.tags))) {
      if (cursor.ended && cursor.peek() < 0) return this.cut()
      this.damage = reading.expected('the rest of the JSON arguments')
      yield* this.skip()
    }
    for (;;) {
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      if (code === END) return this.cut()
      const tag = yield* this.tag()
      if (tag === 'cut' || tag === 'stop') return this.cut()
      if (tag?.kind === 'call-end') {
        cursor.at += tag.length
        return this.close(cursor.offset, 'closed')
      }
      if (this.guarded) return this.give('it is not closed')
      if (tag?.kind === 'block-end' || tag?.kind === 'block' || tag?.kind === 'call') {
        this.mend(cursor.offset, syntax.call)
        return this.close(cursor.offset, 'closed')
      }
      this.damage ||= 'text follows its arguments'
      if (tag !== undefined) cursor.at += tag.length
      yield* this.skip()
    }
  }

  /** Everything up to the next tag is left out. */
  private *skip(): Read<void> {
    const { cursor, out } = this.reading
    const from = cursor.offset
    const skipper = new TagSkipper(this.reading, this.tags)
    if (!skipper.scan()) yield skipper
    if (cursor.offset === from) return
    this.dropped = true
    out.note(
      'dropped-text',
      `text in the call of ${JSON.stringify(this.name)} that belongs to no parameter was left out`,
      from,
      cursor.offset,
    )
    out.fail('malformed')
  }

  /** The tag at the cursor. */
  private *tag(): Read<Tag | 'cut' | 'stop' | undefined> {
    const { cursor, stops } = this.reading
    let tag: Tag | undefined | typeof WAIT
    while ((tag = this.tags.at(cursor.window, cursor.at)) === WAIT) {
      if (cursor.ended) {
        cursor.at = cursor.window.length
        return 'cut'
      }
      yield
    }
    if (tag !== undefined) return tag
    const stop = yield* this.reading.marker(stops)
    return stop === undefined ? undefined : 'stop'
  }

  /** Close markers are missing at an offset. */
  private mend(at: number, ...words: string[]): void {
    const { out } = this.reading
    if (!out.settings.repair) this.damage ||= 'it is not closed'
    else out.repair('missing-closer', at, at, '', words.map((word) => this.tags.closeOf(word)).join(''))
  }

  private finish(to = this.reading.cursor.offset, end: CallEnd = 'closed'): CallEnd {
    if (this.dropped && this.writer.isEmpty && !this.parameter.unwrapped) this.damage ||= 'nothing in it is a parameter'
    if (this.damage === '' && !this.parameter.unwrapped) this.writer.end(to)
    return this.close(to, end, this.parameter.unwrapped ? undefined : this.writer.values)
  }

  /** `values`: its arguments, where it is known what was written of them. */
  private close(to: number, end: CallEnd, values?: Record<string, unknown>): CallEnd {
    const { out } = this.reading
    out.close(this.damage === '' ? 'complete' : 'malformed', to, this.damage, values)
    this.to = to
    this.reading.lastCallTo = to
    return end
  }

  /** The text or the model stopped inside it. */
  private cut(): CallEnd {
    this.reading.closeCut()
    this.to = this.reading.cursor.offset
    return 'broken'
  }

  private give(why: string): CallEnd {
    this.reading.out.close('malformed', this.reading.cursor.offset, why)
    this.to = this.reading.cursor.offset
    return 'broken'
  }
}
