import type { Format, JsonSchema } from '../../src/index.js'
import { type Call, isTypeless, writesTrees } from '../promises/format-facts.js'
import { type OfferedTool, type Shape, TOOLS, textOf } from './shapes.js'

/** A stretch of rendered text that is no markup: what the model says with it. */
export interface Hole {
  readonly kind: 'name' | 'key' | 'value'
  readonly from: number
  readonly to: number
}

const MARK = 'zqmark'
const NUMBER = 918273

/** Where the names, keys and values of a shape stand in its text. */
export function holesOf(format: Format, { calls, text, written }: Shape): Hole[] {
  if (written === undefined) return holesIn(format, calls, text)
  const { word, value } = written
  const plain = text.replace(value, () => word)
  const at = plain.indexOf(word)
  const more = value.length - word.length
  const moved = (place: number) => (place > at ? place + more : place)
  return holesIn(format, written.calls, plain).map(({ kind, from, to }) => ({ kind, from: moved(from), to: moved(to) }))
}

/**
 * Where the names, keys and values of calls stand in their text. Each is found by rendering the calls with another word or
 * number in its place: what differs is the value, and what stays is markup.
 */
function holesIn(format: Format, calls: readonly Call[], text: string): Hole[] {
  const holes = calls.flatMap((call, i) => {
    const having = (other: Call) => calls.map((one, k) => (k === i ? other : one))
    const renamed = changed(format, having({ ...call, name: MARK }), { [call.name]: MARK }, {})
    return [...wordHoles('name', text, renamed, call.name), ...argumentHoles(format, call, having, text)]
  })
  return holes.sort((a, b) => a.from - b.from)
}

function argumentHoles(format: Format, call: Call, having: (other: Call) => Call[], text: string): Hole[] {
  return Object.entries(call.arguments).flatMap(([key, value]) => {
    const entries = Object.entries(call.arguments)
    const other = entries.map(([k, v]) => [k === key ? MARK : k, v] as const)
    const renamed = changed(format, having({ ...call, arguments: Object.fromEntries(other) }), {}, { [key]: MARK })
    const put = (v: unknown) => changed(format, having({ ...call, arguments: { ...call.arguments, [key]: v } }), {}, {})
    // A raw value is data to its end; where values have a grammar, its brackets and quotes are markup like any other.
    const isRaw = isTypeless(format) && !writesTrees(format)
    const inner = isRaw ? wholeHoles(value, put, text) : valueHoles(value, put, text)
    return [...wordHoles('key', text, renamed, key), ...inner]
  })
}

/** The calls as text, with tools that have the changed names. */
function changed(
  format: Format,
  calls: readonly Call[],
  names: Record<string, string>,
  keys: Record<string, string>,
): string {
  const tools: OfferedTool[] = TOOLS.map(({ name, inputSchema }) => ({
    name: names[name] ?? name,
    inputSchema: { type: 'object', properties: rekeyed(inputSchema, keys) },
  }))
  const text = textOf(format, calls, tools)
  if (text === undefined) throw new Error(`${format.id} does not write ${JSON.stringify(calls)}`)
  return text
}

function rekeyed(schema: JsonSchema, keys: Record<string, string>): Record<string, JsonSchema> {
  const properties = (schema as { properties?: Record<string, JsonSchema> }).properties ?? {}
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [keys[key] ?? key, value]))
}

/** Every place of a word that stands as it is. */
function wordHoles(kind: 'name' | 'key', text: string, marked: string, word: string): Hole[] {
  const holes: Hole[] = []
  let at = 0
  const parts = marked.split(MARK)
  for (const part of parts.slice(0, -1)) {
    at += part.length
    if (text.slice(at, at + word.length) !== word) throw new Error(`${word} is not at ${at} of ${text}`)
    holes.push({ kind, from: at, to: at + word.length })
    at += word.length
  }
  if (holes.length === 0) throw new Error(`${word} is not found in ${text}`)
  return holes
}

type Put = (value: unknown) => string

/** Leaves of a value, and the keys of its objects. */
function valueHoles(value: unknown, put: Put, text: string): Hole[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, i) => valueHoles(item, (v) => put(value.map((one, k) => (k === i ? v : one))), text))
  }
  if (typeof value !== 'object' || value === null) return wholeHoles(value, put, text)
  const entries = Object.entries(value)
  return entries.flatMap(([key, inner], i) => {
    const having = (k: string, v: unknown) => put(Object.fromEntries(entries.map((one, n) => (n === i ? [k, v] : one))))
    return [...wordHoles('key', text, having(MARK, inner), key), ...valueHoles(inner, (v) => having(key, v), text)]
  })
}

/** A value as one stretch: what stands where another stands in the other text. */
function wholeHoles(value: unknown, put: Put, text: string): Hole[] {
  for (const [other, word] of othersFor(value)) {
    const marked = put(other)
    let from = marked.indexOf(word)
    let to = from + word.length
    if (typeof other === 'object') {
      from = marked.lastIndexOf('{', from)
      to = marked.indexOf('}', to) + 1
    }
    if (from >= 0 && text.startsWith(marked.slice(0, from)) && text.endsWith(marked.slice(to))) {
      return [{ kind: 'value', from, to: text.length - (marked.length - to) }]
    }
  }
  throw new Error(`${JSON.stringify(value)} is not found in ${text}`)
}

/** What can stand in a value's place, and the word to look for. Python puts a string with an apostrophe in double quotes. */
function othersFor(value: unknown): (readonly [unknown, string])[] {
  if (typeof value === 'number') return [[NUMBER, String(NUMBER)]]
  if (typeof value === 'object') return [[{ [MARK]: NUMBER }, MARK]]
  return [MARK, `${MARK}'`].map((word) => [word, word])
}
