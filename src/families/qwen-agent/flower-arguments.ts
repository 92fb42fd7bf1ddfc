import { noteFenceLabel } from '../../engine/fence-label.js'
import { markerSet } from '../../engine/grammar.js'
import type { Reading } from '../../engine/reading.js'
import { skipTo } from '../../engine/skip-to.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { toolOf } from '../../tools/schema.js'
import { parameterTypes } from '../../tools/value-types.js'
import { readArguments } from '../call-object/json-arguments.js'
import { CodeArgument } from '../code/code-argument.js'

const FENCE = '```'
const NEWLINE = /* @__PURE__ */ markerSet(['\n'])

/** Reads what stands behind `✿ARGS✿:`, for a call that is open: a JSON object, or a fenced block of code. */
export class FlowerArguments {
  private readonly ends: Matcher<string>
  private readonly newline = new Matcher(NEWLINE)

  constructor(
    private readonly reading: Reading,
    private readonly markers: readonly string[],
  ) {
    this.ends = new Matcher(reading.grammar.once(NEWLINE, () => markerSet(markers)))
  }

  /** Leaves the cursor behind the arguments. False if the call was closed because it is not whole. */
  *read(name: string): Read<boolean> {
    const { reading, ends } = this
    const { cursor, out } = reading
    while (cursor.skipSpace() === WAIT) yield
    let fence: number
    while ((fence = cursor.starts(FENCE)) === WAIT) yield
    if (fence === 1) return yield* this.readFence(name)
    const from = cursor.offset
    const outcome = yield* readArguments(reading, ends)
    if (outcome === 'done') return true
    if (outcome === 'over') {
      reading.closeCut()
      return false
    }
    const why = yield* reading.expectedNext('arguments that are a JSON object')
    const stop = yield* reading.marker(reading.stops)
    if (stop !== undefined) reading.closeCut()
    else {
      const isText = cursor.offset === from
      yield* this.skip()
      if (isText) out.json(cursor.since(from).trimEnd(), from, cursor.offset)
      out.close('malformed', cursor.offset, why)
    }
    return false
  }

  /** The cursor stands before the backticks. */
  private *readFence(name: string): Read<boolean> {
    const { reading } = this
    const { cursor, out } = reading
    const from = cursor.offset
    cursor.at += FENCE.length
    const line = yield* skipTo(cursor, this.newline)
    if (line === undefined) {
      reading.closeCut()
      return false
    }
    if (out.settings.repair && cursor.since(from).slice(FENCE.length).trim().toLowerCase() === 'json')
      return yield* this.readFencedJson(from)
    const key = this.codeKey(name)
    if (key !== undefined) {
      noteFenceLabel(out, cursor.since(from).slice(FENCE.length), from + FENCE.length)
      return yield* this.readCode(key)
    }
    yield* this.skip()
    out.json(cursor.since(from).trimEnd(), from, cursor.offset)
    out.close('malformed', cursor.offset, 'no parameter of the tool takes code')
    return false
  }

  private *readFencedJson(from: number): Read<boolean> {
    const { reading } = this
    const { cursor, out } = reading
    out.repair('code-fence', from, cursor.offset, cursor.since(from), '')
    const outcome = yield* readArguments(reading, this.ends)
    if (outcome === 'over') reading.closeCut()
    else if (outcome === 'damaged') {
      const why = yield* reading.expectedNext('arguments that are a JSON object')
      yield* this.skip()
      out.close('malformed', cursor.offset, why)
    } else {
      while (cursor.skipSpace() === WAIT) yield
      let fence: number
      while ((fence = cursor.starts(FENCE)) === WAIT) yield
      if (fence === 1) cursor.at += FENCE.length
    }
    return outcome === 'done'
  }

  private *readCode(key: string): Read<boolean> {
    const { reading } = this
    const { cursor, out } = reading
    out.json(`{${JSON.stringify(key)}: "`, cursor.offset, cursor.offset)
    const code = new CodeArgument(cursor, out, this.markers)
    if (!code.scan()) yield code
    if (!code.closed) {
      reading.closeCut()
      return false
    }
    out.json('"}', code.closedAt, code.closedAt)
    if (code.rest.trim() !== '') {
      out.refuse('text follows its code')
      out.note('dropped-text', 'text after the code of a call was left out', code.closedAt, cursor.offset)
    }
    return true
  }

  /** The parameter that a block of code is meant for. */
  private codeKey(name: string): string | undefined {
    const { tools } = this.reading.out
    const schema = toolOf(tools, name)?.parameters
    const properties = typeof schema === 'object' ? schema.properties : undefined
    const keys = typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
    const typesOf = parameterTypes((tool) => toolOf(tools, tool))
    const isString = (key: string) => typesOf(name, key).has('string')
    if (name === 'code_interpreter' || (keys.includes('code') && isString('code'))) return 'code'
    const strings = keys.filter(isString)
    return strings.length === 1 ? strings[0] : undefined
  }

  private *skip(): Read<void> {
    yield* skipTo(this.reading.cursor, this.ends)
  }
}
