import { type RenderCall, RenderError, type RenderParts } from '../../engine/format.js'
import { holdsBrokenCloser } from '../../recovery/broken-closer.js'
import { holdsTokenAtEdge } from '../../recovery/raw-tail.js'
import { swallowsTag } from '../../recovery/swallowed-tag.js'
import { Cursor } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import { TagReader } from '../../text/tag-reader.js'
import type { Tags } from '../../text/tags.js'
import { propertySet, type ValueTypes } from '../../tools/value-types.js'
import { spacedJson } from '../../values/json/spaced-json.js'
import { CDATA_CLOSE, CDATA_OPEN } from '../../values/raw/cdata.js'
import { DelimitedScanner } from '../../values/raw/delimited.js'
import { typedValue } from '../../values/raw/typed.js'
import { argumentTagsOf, mayHoldOther } from './argument-tags.js'
import { type TaggedGrammar, valueAttribute } from './tagged-grammar.js'
import { isName } from './tagged-header.js'

/**
 * The native text of one call, from its tag to its close marker. Each tag and value is read back by the format's own
 * rules: what would come out as something else is refused.
 * @param attributes more of them in the tag of the call
 * @throws RenderError naming the call and the argument that the format cannot express
 */
export function renderTagged(
  grammar: TaggedGrammar,
  call: RenderCall,
  { types, tool }: Pick<RenderParts, 'types' | 'tool'>,
  stops: readonly string[],
  tags: Tags = new TagReader(grammar.syntax, true),
  attributes = '',
): string {
  const { syntax } = grammar
  const trial = new Trial(grammar, tags, stops)
  const between = grammar.layout === undefined ? '\n' : ''
  const { message } = grammar
  let text = message === undefined ? tags.openOf(syntax.call, call.name, attributes) : ''
  if (!isName(call.name) || (message === undefined && !trial.names(text, call.name)))
    throw new RenderError(`${call.name}: the tag of a call cannot hold this name`)
  const values: (Omit<Written, 'call'> & { from: number })[] = []
  for (const [key, value] of Object.entries(call.arguments)) {
    if (value === undefined) continue
    const allowed = (types(call.name, key) ?? new Set()) as ValueTypes
    const isJson = grammar.typing === 'json' && allowed.size === 0
    const { raw, attribute } = isJson ? { raw: spacedJson(value), attribute: '' } : written(grammar, value)
    if (grammar.typing !== 'attribute' && !isJson && !isSame(raw, allowed, value)) {
      throw new RenderError(
        `${call.name}.${key}: ${raw.slice(0, 40)} would be read as another value by its schema. Give the tool, with the type of ${key}`,
      )
    }
    const tag = tags.openOf(syntax.parameter, key, attribute)
    if (!trial.names(tag, key))
      throw new RenderError(`${call.name}: the tag of a parameter cannot hold the key ${JSON.stringify(key)}`)
    text += (text === '' ? '' : between) + tag
    // Packed values have a newline at their edges only to keep one of their own.
    // Markup in a value, and its edges, are safe in a section.
    const isSection = grammar.cdata !== undefined && typeof value === 'string' && /[<&]|^\s|\s$/.test(value)
    if (isSection && raw.includes(CDATA_CLOSE))
      throw new RenderError(`${call.name}.${key}: the value holds ${CDATA_CLOSE}, which would end it`)
    const isPlain = grammar.layout === 'packed' && !/^[\r\n]|[\r\n]$/.test(raw)
    const newline = grammar.trim === 'newline' && !isPlain ? '\n' : ''
    const json = grammar.typing === 'attribute' && typeof value !== 'string'
    if (!isSection) values.push({ key, value: raw, newline, json, from: text.length })
    const body = isSection ? CDATA_OPEN + raw + CDATA_CLOSE : newline + raw + newline
    text += body + tags.closeOf(syntax.parameter)
  }
  if (values.length === 0 && grammar.typing === 'attribute' && grammar.layout !== 'packed') text += '\n'
  if (message === undefined) text += (grammar.layout === 'packed' ? '' : '\n') + tags.closeOf(syntax.call)
  const declared = new Set<string>()
  const known = propertySet(tool(call.name))
  const isWhole = [...known].every((key) => call.arguments[key] !== undefined)
  const missing = new Set([...Object.keys(call.arguments), ...known])
  for (const { from, ...value } of values) {
    declared.add(value.key)
    const isOdd =
      (grammar.closers === 'certain' && holdsTokenAtEdge(value.value)) ||
      (!value.json && holdsBrokenCloser(value.value, tags.closeOf(syntax.parameter), syntax.key?.[1]))
    const isParted = !isWhole && !value.json && mayHoldOther(value.value, grammar, tags, false)
    if (isOdd || isParted || !trial.holds(text, from, { call: call.name, ...value }, declared, missing)) {
      throw new RenderError(
        `${call.name}.${value.key}: the value holds markers of the format that would be read as such`,
      )
    }
    missing.delete(value.key)
  }
  return text
}

function written({ typing, syntax }: TaggedGrammar, value: unknown): { raw: string; attribute: string } {
  const isText = typeof value === 'string'
  const attribute = typing === 'attribute' ? valueAttribute(syntax, value) : ''
  return { raw: isText ? value : spacedJson(value), attribute }
}

function isSame(raw: string, types: ValueTypes, value: unknown): boolean {
  return spacedJson(JSON.parse(typedValue(raw, types).json)) === spacedJson(value)
}

/** A value as it was written: `newline` stands at both of its edges. */
interface Written {
  readonly call: string
  readonly key: string
  readonly value: string
  readonly newline: string
  /** Its tag says that it is JSON. */
  readonly json: boolean
}

/** Reads back what was written. */
class Trial {
  private readonly stops: Matcher<string>

  constructor(
    private readonly grammar: TaggedGrammar,
    private readonly tags: Tags,
    stops: readonly string[],
  ) {
    this.stops = new Matcher(stops.map((stop) => [stop, stop]))
  }

  /** Is this one tag, with this name? */
  names(tag: string, name: string): boolean {
    const read = this.tags.at(`${tag}\n${this.tags.closeOf(this.grammar.syntax.call)}`, 0)
    return typeof read === 'object' && !read.broken && read.name === name && read.length === tag.length
  }

  /** Does the value that begins at `from` of the call's text end where it should? */
  holds(
    text: string,
    from: number,
    { call, key, value, newline, json }: Written,
    before: ReadonlySet<string>,
    missing: ReadonlySet<string>,
  ): boolean {
    const cursor = new Cursor()
    const { message, syntax } = this.grammar
    const end = message === undefined ? `\n${this.tags.closeOf(syntax.blocks[0] ?? '')}\n` : (message.ends[0] ?? '')
    cursor.push(text.slice(from) + end)
    let read = ''
    const scanner = new DelimitedScanner(cursor, this.tags, this.stops, this.grammar).begin({
      sink: {
        text(piece) {
          read += piece
        },
      },
      json,
      // Closers that are named after them would be taken for their own.
      call,
      key,
      declares: () => true,
      // Whatever may be declared: only the keys that came before cannot begin a parameter.
      mayFollow: (key) => !before.has(key),
    })
    const close = this.tags.closeOf(this.grammar.syntax.parameter)
    const valueEnd = value.length + 2 * newline.length
    const ended = scanner.scan() && scanner.ending === 'parameter-end' && !scanner.loose && !scanner.isDoubled
    const isParted = scanner.ambiguousFrom >= 0
    if (scanner.leavesOpen || swallowsTag(value, missing, () => argumentTagsOf(this.grammar, this.tags, isParted)))
      return false
    return ended && scanner.endFrom === valueEnd && text.startsWith(close, from + valueEnd) && read === value
  }
}
