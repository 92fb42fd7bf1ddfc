import { CALL_SHAPE, type CallShape } from '../engine/call-shape.js'
import { type Family, type RenderCall, RenderError } from '../engine/format.js'
import { bareJson } from '../families/bare-json/bare-json.js'
import { type JsonCallsGrammar, jsonCalls } from '../families/json-calls/json-calls.js'
import { listOrObject } from '../families/json-calls/list-or-object.js'
import { loneCall } from '../families/json-calls/lone-call.js'
import { objectsOnly } from '../families/json-calls/objects-only.js'
import type { ReadCallHead } from '../families/name-json/call-head.js'
import { nameJson } from '../families/name-json/name-json.js'
import { pythonLiteral } from '../families/pythonic/pythonic-text.js'
import { spaceEnd } from '../text/characters.js'
import { WAIT } from '../text/cursor.js'
import { spacedJson } from '../values/json/spaced-json.js'
import {
  AS_IT_COMES,
  behind,
  type Context,
  type DescribedCalls,
  framesOf,
  inside,
  isSpecial,
  openersOf,
  othersIn,
  spellable,
} from './described-calls.js'
import { DescriptionError } from './description-error.js'
import type { BareJsonDescription, CallKeys, JsonCallsDescription } from './format-description.js'

export function describedJsonCalls(calls: JsonCallsDescription, context: Context): DescribedCalls {
  const { block, call, list = false, keys, spaces = {}, opensBefore, where = 'anywhere' } = calls
  const { at, description } = context
  if (block === undefined && call === undefined) throw new DescriptionError(`${at}: expected a block or a call`)
  if (list && (block === undefined || call !== undefined))
    throw new DescriptionError(`${at}.list: a list stands in a block, and its calls have no markers of their own`)
  const shape = shapeOf(keys)
  const blockFrame = framesOf(block)
  const callFrame = framesOf(call)
  const open = [...blockFrame.open, ...callFrame.open]
  const close = [...blockFrame.close, ...callFrame.close]
  const families: Family[] = []
  if (block !== undefined && call !== undefined) {
    families.push(
      nameJson({ section: blockFrame, sectionless: 'native', call: callFrame, head: objectHead, shape, where }),
    )
  } else {
    const others = othersIn(description, calls)
    const isShared = others.some((other) => openersOf(other).some((opener) => open.includes(opener)))
    const isBare = others.some(({ family }) => family === 'bare-json')
    const grammar: JsonCallsGrammar = { open, close, shape, where, dropStrays: !isShared && close.every(isSpecial) }
    const family = jsonCalls(calls.one === true ? { ...grammar, payloads: 'one' } : grammar)
    if (opensBefore === 'objects') families.push(objectsOnly(family))
    else if (opensBefore === undefined) families.push(family)
    else families.push(listOrObject(family, opensBefore === 'list' ? 'lists' : 'either'))
    const [closer] = callFrame.close
    // Of calls in a list the opener alone tells where they stand.
    if (call !== undefined && closer !== undefined && keys === undefined && isSpecial(closer) && !isBare)
      families.push(loneCall(call.open, closer))
  }
  const write = objectWriter(keys, context)
  return {
    families,
    streams: AS_IT_COMES,
    ...spellable(open, close),
    write(content, all) {
      const objects = all.map((one, i) => inside(call, write(one, i), spaces.inCall))
      const text = list ? `[${objects.join(', ')}]` : objects.join(spaces.between ?? '')
      return behind(content, spaces, inside(block, text, spaces.inBlock), where)
    },
  }
}

export function describedBareJson(calls: BareJsonDescription, context: Context): DescribedCalls {
  const { family: _, keys, ...grammar } = calls
  const { where, lists = false, separators = '' } = calls
  const write = objectWriter(keys, context)
  const others = othersIn(context.description, calls)
  // What may follow a call and its separator.
  const again = others.filter(({ family }) => family === 'json-calls').flatMap(openersOf)
  const pythonLists = others.some((other) => other.family === 'pythonic' && other.bare !== 'never')
  return {
    families: [bareJson({ ...grammar, shape: shapeOf(keys), again, pythonLists })],
    streams: AS_IT_COMES,
    write(content, all) {
      const objects = all.map(write)
      if (objects.length > 1 && !lists && separators === '') throw new RenderError('a text of this format has one call')
      const text = objects.length > 1 && lists ? `[${objects.join(', ')}]` : objects.join(separators.charAt(0))
      return behind(content, {}, text, where === 'anywhere' ? 'line-start' : where)
    },
  }
}

/** What the header of a call is that is an object with its name. */
const objectHead: ReadCallHead = (text) => {
  const from = spaceEnd(text, 0)
  if (from === text.length) return WAIT
  if (text[from] !== '{') return 'text'
  return { name: '', from, to: from, length: from, separated: false, body: 'call object' }
}

/** The shape of objects with these keys. */
export function shapeOf(keys: CallKeys = {}): CallShape {
  return {
    nameKeys: keys.name ?? CALL_SHAPE.nameKeys,
    argumentKeys: keys.arguments ?? CALL_SHAPE.argumentKeys,
    idKeys: keys.id ?? CALL_SHAPE.idKeys,
    nested: keys.nested !== 'never',
    ...(keys.nameIsKey === true ? { nameIsKey: true } : {}),
    ...(keys.arguments === undefined ? {} : { nativeKey: keys.arguments[0] as string }),
  }
}

/** Writes the object of a call. */
export function objectWriter(
  keys: CallKeys = {},
  { ids, description }: Context,
): (call: RenderCall, index: number) => string {
  const { nameKeys, argumentKeys, idKeys } = shapeOf(keys)
  const write = description.objects === 'python' ? pythonLiteral : spacedJson
  return (call, index) => {
    const args = keys.argumentsAre === 'string' ? spacedJson(call.arguments) : call.arguments
    if (keys.nameIsKey === true) return write({ [call.name]: args })
    const named = { [nameKeys[0] as string]: call.name, [argumentKeys[0] as string]: args }
    const whole = keys.nested === 'written' ? { type: 'function', function: named } : named
    const id = ids.written(call, index)
    // Before the arguments: where these lose their brace, it is no argument.
    return write(id === undefined ? whole : { [idKeys[0] as string]: id, ...whole })
  }
}
