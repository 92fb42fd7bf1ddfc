import type { Reading } from '../../engine/reading.js'
import type { Evidence, Repair } from '../../event/event.js'
import { mayWrap } from '../../fitting/wrapped-arguments.js'
import { noteExtra, noteExtraOfCall } from '../../recovery/extra-attributes.js'
import { mendPaddedName } from '../../recovery/padded-name.js'
import { quote } from '../../text/quote.js'
import type { Read } from '../../text/step.js'
import { toolOf } from '../../tools/schema.js'
import type { JsonSchema } from '../../tools/tools-input.js'
import { NO_TYPES, propertiesOf, subschema, type ValueTypes, valueTypes } from '../../tools/value-types.js'
import { isNullableString, isStringOnly } from '../../values/raw/typed.js'
import { type TreeFrame, treeFrame } from './tree-frame.js'
import { TreeLeaf } from './tree-leaf.js'
import { TreeLook } from './tree-look.js'
import { TreeSkip } from './tree-skip.js'
import type { TreeTag, TreeTags } from './tree-tags.js'
import { readWrapped } from './tree-wrapped.js'

export interface TreeHead {
  readonly from: number
  readonly evidence: Evidence
  readonly repairs: readonly Repair[]
}

/** Reads the tree of one call, from behind its tag to behind its close tag, and writes it as JSON while it comes. */
export class TreeCall {
  /** Offset behind it. */
  to = 0
  private readonly leaves: TreeLeaf
  private readonly look: TreeLook
  private frames: TreeFrame[] = []
  private root: JsonSchema | undefined
  private damage = ''

  constructor(
    private readonly reading: Reading,
    private readonly tags: TreeTags,
  ) {
    this.leaves = new TreeLeaf(reading, tags)
    this.look = new TreeLook(reading, tags)
  }

  /** The cursor stands at the call's tag. False: nothing can follow it, since the text or the model stopped. */
  *read(tag: TreeTag, { from, evidence, repairs }: TreeHead): Read<boolean> {
    const { cursor, out } = this.reading
    const at = cursor.offset
    const name = tag.name ?? ''
    out.open({
      name,
      nameFrom: at + tag.nameFrom,
      nameTo: at + tag.nameTo,
      from,
      evidence,
      nativeId: tag.id === '' ? undefined : tag.id,
    })
    this.root = toolOf(out.tools, out.name)?.parameters
    this.frames = [treeFrame('map', undefined, this.root)]
    for (const { kind, from, to, before, after } of repairs) out.repair(kind, from, to, before, after)
    this.damage = noteExtraOfCall(this.reading, tag, out.name)
    this.damage ||= mendPaddedName(this.reading, tag)
    cursor.at += tag.length
    out.json('{', cursor.offset, cursor.offset)
    if (this.damage !== '') return yield* this.skip(this.damage)
    for (;;) {
      const next = yield* this.look.next()
      if (next === 'end' || next === 'stop') return this.cut()
      if (next === undefined) return yield* this.skip('it holds text that belongs to no value')
      const goesOn = yield* this.take(next)
      if (goesOn === 'cut') return this.cut()
      if (this.damage !== '') return yield* this.skip(this.damage)
      if (goesOn === 'closed') return true
    }
  }

  private get top(): TreeFrame {
    return this.frames[this.frames.length - 1] as TreeFrame
  }

  private *take(tag: TreeTag): Read<'open' | 'closed' | 'cut'> {
    const { frames } = this
    const isOwnEnd = tag.isEnd && this.top.word !== undefined && tag.name === this.top.word
    if (isOwnEnd) {
      this.reading.cursor.at += tag.length
      this.write(this.top.kind === 'map' ? '}' : ']')
      const closed = frames.pop() as TreeFrame
      return yield* this.behindElement(closed)
    }
    if (tag.kind === 'value' && !tag.isEnd) {
      noteExtra(this.reading, tag)
      return yield* this.value(tag)
    }
    if (frames.length > 1 || tag.kind === 'value') this.damage = 'its tags do not close what they open'
    else return this.close(tag)
    return 'open'
  }

  /** Ends the call, at its own close tag or at what shows that this is missing. */
  private close(tag: TreeTag): 'open' | 'closed' {
    const { cursor, out } = this.reading
    const { call } = this.tags.syntax
    const isOwn = tag.kind === 'call' && tag.isEnd
    if (tag.kind === 'call' && !tag.isEnd && this.top.count === 0) return this.again(tag)
    if (isOwn) cursor.at += tag.length
    else if (!out.settings.repair || (tag.kind === 'block' && !tag.isEnd)) {
      this.damage = 'it is not closed'
      return 'open'
    } else out.repair('missing-closer', cursor.offset, cursor.offset, '', this.tags.closeOf(call))
    this.write('}')
    // Which keys came twice is not known from what was read.
    out.countKeys(Number.POSITIVE_INFINITY)
    out.close('complete', cursor.offset, '')
    this.end()
    return 'closed'
  }

  /** A call opens where the first value should: its own tag once more, or damage. */
  private again(tag: TreeTag): 'open' {
    const { cursor, out } = this.reading
    const from = cursor.offset
    if (tag.name !== out.name || !out.settings.repair) this.damage = 'another call opens inside it'
    else {
      cursor.at += tag.length
      out.repair('surplus-opener', from, cursor.offset, cursor.since(from), '')
    }
    return 'open'
  }

  /** JSON that stands for what is read up to here. */
  private write(json: string, from = this.reading.cursor.offset): void {
    this.reading.out.json(json, from, this.reading.cursor.offset)
  }

  /** A value, whose tag stands at the cursor. */
  private *value(tag: TreeTag): Read<'open' | 'cut'> {
    const { top, frames } = this
    const { cursor, out } = this.reading
    const { item } = this.tags.syntax
    const at = cursor.offset
    const isElement = top.kind === 'list'
    const name = tag.name ?? ''
    this.damage = mendPaddedName(this.reading, tag)
    if (isElement ? !this.isElement(tag) : tag.name === undefined)
      this.damage = isElement ? 'a list holds something else' : 'a value has no name'
    else if (top.seen.has(name) && this.isUntyped(name, top)) this.damage = `${quote(name)} came twice`
    if (this.damage !== '') return 'open'
    if (frames.length > out.settings.depth) {
      out.tooDeep(at)
      this.damage = 'it is nested too deep'
      return 'open'
    }
    const schema = subschema(top.schema, this.root, isElement ? top.count : name)
    const key = isElement ? '' : `${JSON.stringify(name)}:`
    if (!isElement) top.seen.add(name)
    top.last = name
    if (frames.length === 1 && top.count === 0 && (yield* this.wraps(tag, name))) return yield* this.wrapped(tag, name)
    cursor.at += tag.length
    out.json(`${top.count++ === 0 ? '' : ','}${key}`, at + tag.nameFrom, at + tag.nameTo)
    if (this.tags.syntax.value !== undefined) return yield* this.wired(tag, schema)
    return yield* this.typed(name, schema, item ?? '')
  }

  /** Is this first value named like all arguments together (`arguments`), and no tree? */
  private *wraps(tag: TreeTag, name: string): Read<boolean> {
    const { cursor, out } = this.reading
    if (this.tags.syntax.value !== undefined || !out.settings.repair || !mayWrap(name, out.tools, out.name))
      return false
    cursor.at += tag.length
    const child = yield* this.look.child()
    cursor.at -= tag.length
    return child === undefined || child.isEnd
  }

  private *wrapped(tag: TreeTag, name: string): Read<'open' | 'cut'> {
    const { top } = this
    const { last: key, word: outer, seen } = top
    const keys = (top.keys ??= propertiesOf(top.schema, this.root))
    const read = yield* readWrapped(this.reading, this.leaves, this.look, tag, name, { key, outer, seen, keys })
    top.count += read.count
    this.damage ||= this.leaves.damage
    return read.end
  }

  private isElement(tag: TreeTag): boolean {
    const { value, item } = this.tags.syntax
    return value === undefined ? tag.name === item : tag.name === undefined
  }

  /** Where the schema has the types, it alone tells what a key that comes twice means. */
  private isUntyped(name: string, { schema }: TreeFrame): boolean {
    return this.tags.syntax.value === undefined && this.typesOf(subschema(schema, this.root, name)).size === 0
  }

  private typesOf(schema: JsonSchema | undefined): ValueTypes {
    return schema === undefined ? NO_TYPES : valueTypes(schema, this.root)
  }

  /** A value whose tag says what it is. */
  private *wired(tag: TreeTag, schema: JsonSchema | undefined): Read<'open' | 'cut'> {
    const word = this.tags.syntax.value as string
    if (tag.type === 'dict' || tag.type === 'list') {
      this.open(tag.type === 'dict' ? 'map' : 'list', word, schema)
      return 'open'
    }
    if (tag.type !== 'raw' && tag.type !== 'json') {
      this.damage = 'a value does not say what it is'
      return 'open'
    }
    const types = this.typesOf(schema)
    return yield* this.leaf(word, tag.type === 'raw' ? 'text' : 'json', types)
  }

  /** A value that the schema types: a tree, if one begins here and the schema does not want text. */
  private *typed(name: string, schema: JsonSchema | undefined, item: string): Read<'open' | 'cut'> {
    const types = this.typesOf(schema)
    if (types.size > 0 && (isStringOnly(types) || isNullableString(types)))
      return yield* this.leaf(name, 'schema', types)
    const child = yield* this.look.child()
    const isTree = child !== undefined && !child.isEnd && child.kind === 'value'
    const isEmpty = child?.isEnd === true && child.name === name
    if (isTree) {
      const isList = types.has('array') || (types.size === 0 && child.name === item)
      if (!isList || child.name === item) this.open(isList ? 'list' : 'map', name, schema)
      else {
        // `<guests><name>…</name></guests><guests>…`: each is an element.
        this.write('[')
        this.open('map', name, subschema(schema, this.root, 0), true)
      }
      return 'open'
    }
    if (isEmpty && !types.has('string') && (types.has('array') || types.has('object'))) {
      this.open(types.has('array') ? 'list' : 'map', name, schema)
      return 'open'
    }
    return yield* this.leaf(name, 'schema', types)
  }

  private open(kind: TreeFrame['kind'], word: string, schema: JsonSchema | undefined, repeats = false): void {
    this.write(kind === 'map' ? '{' : '[')
    this.frames.push(treeFrame(kind, word, schema, repeats))
  }

  /** Behind an element of a list that has no tag of its own: the next element has the same key. */
  private *behindElement({ repeats, word = '', schema }: TreeFrame): Read<'open' | 'cut'> {
    if (!repeats) return 'open'
    const { cursor } = this.reading
    const next = yield* this.look.next()
    if (typeof next !== 'object' || next.isEnd || next.kind !== 'value' || next.name !== word) {
      this.write(']')
      return 'open'
    }
    cursor.at += next.length
    this.write(',')
    this.open('map', word, schema, true)
    return 'open'
  }

  private *leaf(word: string, as: 'text' | 'json' | 'schema', types: ValueTypes): Read<'open' | 'cut'> {
    const { last: key, word: outer, seen } = this.top
    const keys = (this.top.keys ??= propertiesOf(this.top.schema, this.root))
    const read = yield* this.leaves.read(word, as, types, { key, outer, seen, keys })
    this.damage ||= this.leaves.damage
    return read
  }

  /** The rest of a call that cannot be read. */
  private *skip(why: string): Read<boolean> {
    const { reading } = this
    const skip = new TreeSkip(reading, this.tags)
    if (!skip.scan()) yield skip
    reading.out.close('malformed', reading.cursor.offset, why)
    this.end()
    return skip.ending === 'tag'
  }

  private cut(): false {
    this.reading.closeCut()
    this.end()
    return false
  }

  private end(): void {
    this.to = this.reading.cursor.offset
    this.reading.lastCallTo = this.to
  }
}
