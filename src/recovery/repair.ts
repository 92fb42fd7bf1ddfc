import { jsonrepair } from 'jsonrepair'
import type { CallShape } from '../engine/call-shape.js'
import type { Reading } from '../engine/reading.js'
import type { Matcher } from '../text/matcher.js'
import { isObject } from '../tools/is-object.js'
import { quotedStrings, stringsIn } from './quoted-strings.js'

/** Longer payloads are not mended as a whole: the repair library is not linear in time. */
const LONGEST_REPAIR = 65_536
/** The repair library recurses. */
const DEEPEST_REPAIR = 200

interface CallValue {
  name: string
  arguments: Record<string, unknown>
}

/**
 * The last step for a block that is closed but cannot be read: mends its payload as a whole. The result must be call
 * objects, and hold exactly the words of the source: nothing lost, nothing made up. True if calls were delivered.
 */
export function repairCalls(
  reading: Reading,
  shape: CallShape,
  span: string,
  from: number,
  boundary: Matcher<unknown>,
): boolean {
  const payload = payloadOf(span, boundary)
  const calls = mendCalls(payload.text, shape)
  if (calls === undefined) return false
  const { out } = reading
  const at = from + payload.from
  const to = at + payload.text.length
  for (const [i, call] of calls.entries()) {
    // Where each of several calls stands, the repair does not tell: all of it is the first one's.
    const begin = i === 0 ? at : to
    out.open({ name: call.name, nameFrom: begin, nameTo: to, from: i === 0 ? from : to, evidence: reading.evidence })
    out.repair('mended-payload', at, to, payload.text, JSON.stringify(call))
    out.json(JSON.stringify(call.arguments), begin, to)
    out.close('complete', to, '')
  }
  return true
}

/** The text between the markers of a block. */
function payloadOf(span: string, boundary: Matcher<unknown>): { text: string; from: number } {
  let from = 0
  while (boundary.at(span, from, true)) from = boundary.end + spaceAt(span, boundary.end)
  const to = boundary.find(span, from, true)
  return { text: span.slice(from, to).trimEnd(), from }
}

function spaceAt(text: string, from: number): number {
  let i = from
  while (i < text.length && text.charCodeAt(i) <= 32) i++
  return i - from
}

/** Call objects read from damaged JSON, or undefined where mending it would lose or invent something. */
export function mendCalls(payload: string, shape: CallShape): CallValue[] | undefined {
  if (payload.length > LONGEST_REPAIR || deepest(payload) > DEEPEST_REPAIR) return undefined
  // No key is made up, so a payload without the keys of a call cannot become one: most damage need not be mended to know.
  const holds = (keys: readonly string[]) => keys.some((key) => payload.includes(key))
  if (shape.nameIsKey !== true && !(holds(shape.nameKeys) && holds(shape.argumentKeys))) return undefined
  const strings = quotedStrings(payload)
  if (strings === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(jsonrepair(protectEscapes(payload)))
  } catch {
    return undefined
  }
  // The library takes some strings apart, even of sound JSON: ["["] becomes ["", [""]].
  if (!isSame(strings, stringsIn(value)) || wordsOf(payload) !== wordsOf(JSON.stringify(value))) return undefined
  const calls: CallValue[] = []
  for (const item of Array.isArray(value) ? value : [value]) {
    const call = callOf(item, shape)
    if (call === undefined) return undefined
    calls.push(call)
  }
  return calls.length > 0 ? calls : undefined
}

function callOf(value: unknown, shape: CallShape): CallValue | undefined {
  if (!isObject(value)) return undefined
  if (shape.nameIsKey === true) return namedBy(value)
  const key = shape.nameKeys.find((name) => Object.hasOwn(value, name))
  const name = key === undefined ? undefined : value[key]
  const argumentsKey = shape.argumentKeys.find((name) => Object.hasOwn(value, name) && value[name] !== null)
  const given = argumentsKey === undefined ? undefined : value[argumentsKey]
  if (typeof name !== 'string' || name === '' || !isObject(given)) return undefined
  const known = new Set<string | undefined>([key, argumentsKey, 'type', ...shape.idKeys])
  return Object.keys(value).every((name) => known.has(name)) ? { name, arguments: given } : undefined
}

/** `{"f": {"a": 1}}` */
function namedBy(value: Record<string, unknown>): CallValue | undefined {
  const [[name, given] = ['', undefined], ...others] = Object.entries(value)
  return others.length === 0 && name !== '' && isObject(given) ? { name, arguments: given } : undefined
}

/** The repair library would turn `"\d+"` into `"d+"`. */
function protectEscapes(text: string): string {
  let out = ''
  let from = 0
  for (let i = text.indexOf('\\'); i >= 0 && i + 1 < text.length; i = text.indexOf('\\', i + 2)) {
    if ('"\\/bfnrtu\''.includes(text[i + 1] as string)) continue
    out += `${text.slice(from, i)}\\\\`
    from = i + 1
  }
  return out + text.slice(from)
}

function deepest(text: string): number {
  let depth = 0
  let most = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x7b || code === 0x5b) most = Math.max(most, ++depth)
    else if (code === 0x7d || code === 0x5d) depth--
  }
  return most
}

/** Object keys that are numbers come first, whatever their place in the text: the order of strings tells nothing. */
function isSame(a: readonly string[], b: readonly string[]): boolean {
  const sorted = [...b].sort()
  return a.length === b.length && [...a].sort().every((text, i) => text === sorted[i])
}

/** Letters and digits in order: what a repair may neither lose nor add to. Literals count in their JSON spelling. */
function wordsOf(text: string): string {
  return text
    .replace(/\b(True|False|None)\b/g, (word) => (word === 'None' ? 'null' : word.toLowerCase()))
    .replace(/\\[nrtbf]/g, '')
    .replace(/[^\p{L}\p{N}]/gu, '')
}
