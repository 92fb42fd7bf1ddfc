import { isObject, type JsonObject, objectsOf, readJson } from '../wire/json.js'
import { Problem } from '../wire/problem.js'
import { chatShape } from './upstream-chunk.js'

/** The clients' libraries read no more choices, and no more calls of one, than these. */
const MOST_INDEXES = 128

/**
 * A chunk of an upstream in a shape that every client can read: what is of another type than the wire says is left out, or
 * read as what it says. A sound one, as nearly all are, is handed back as it is.
 *
 * @example soundChunk({ choices: [{ index: 0, delta: null }] }) // { choices: [{ index: 0, delta: {} }] }
 */
export function soundChunk(chunk: JsonObject): JsonObject {
  return soundBody(chunk, 'delta')
}

/**
 * The same for a whole body.
 *
 * @example soundCompletion({ choices: [{ message: { content: 7 } }] }) // { choices: [{ index: 0, message: {} }] }
 */
export function soundCompletion(body: JsonObject): JsonObject {
  return soundBody(body, 'message')
}

type Part = 'delta' | 'message'

function soundBody(body: JsonObject, part: Part): JsonObject {
  let sound = body
  if (typeof body.error === 'string') sound = { ...sound, error: { message: body.error, type: 'upstream_error' } }
  for (const [key, fits] of HEAD) if (body[key] !== undefined && !fits(body[key])) sound = leftOut(sound, key)
  const { choices } = body
  if (choices === undefined && body.error !== undefined) return sound
  const before = Array.isArray(choices) ? choices : []
  const after = objectsOf(choices).map((choice) => soundChoice(choice, part))
  if (Array.isArray(choices) && sameItems(before, after)) return sound
  return { ...sound, choices: after }
}

const isText = (value: unknown): boolean => typeof value === 'string'
const isNumber = (value: unknown): boolean => typeof value === 'number'
/** What stands beside the choices, and is read by libraries that check it. */
const HEAD: readonly (readonly [string, (value: unknown) => boolean])[] = [
  ['id', isText],
  ['object', isText],
  ['model', isText],
  ['created', isNumber],
  ['usage', (value) => value === null || isObject(value)],
  ['error', (value) => value === null || isObject(value) || isText(value)],
]

function soundChoice(choice: JsonObject, part: Part): JsonObject {
  let sound = choice
  if (choice.index !== undefined && !isIndex(choice.index)) sound = { ...sound, index: 0 }
  const said = isObject(choice[part]) ? choice[part] : {}
  const message = soundMessage(said)
  if (message !== choice[part]) sound = { ...sound, [part]: message }
  const { finish_reason: finish, logprobs } = choice
  if (finish !== undefined && finish !== null && !isText(finish)) sound = leftOut(sound, 'finish_reason')
  if (logprobs !== undefined && logprobs !== null && !isObject(logprobs)) sound = leftOut(sound, 'logprobs')
  return sound
}

function soundMessage(message: JsonObject): JsonObject {
  let sound = message
  const { role, content, tool_calls: calls } = message
  if (role !== undefined && role !== null && !isText(role)) sound = leftOut(sound, 'role')
  const isContent = content === undefined || content === null || isText(content) || Array.isArray(content)
  if (!isContent) sound = leftOut(sound, 'content')
  for (const key of ['reasoning_content', 'reasoning', 'refusal', 'function_call']) {
    const value = message[key]
    const fits = key === 'function_call' ? isObject(value) : isText(value)
    if (value !== undefined && value !== null && !fits) sound = leftOut(sound, key)
  }
  if (calls === undefined || calls === null) return sound
  if (!Array.isArray(calls)) return leftOut(sound, 'tool_calls')
  const after = objectsOf(calls).flatMap((call, at) => soundCall(call, at))
  if (sameItems(calls, after)) return sound
  return after.length === 0 ? leftOut(sound, 'tool_calls') : { ...sound, tool_calls: after }
}

/** A piece of a call that the upstream has parsed. */
function soundCall(call: JsonObject, at: number): JsonObject[] {
  let sound = call
  const { index, id, type, function: part } = call
  if (index !== undefined && !isIndex(index)) sound = { ...sound, index: at }
  if (id !== undefined && id !== null && !isText(id)) sound = { ...sound, id: String(id) }
  if (type !== undefined && type !== null && !isText(type)) sound = { ...sound, type: 'function' }
  if (!isObject(part)) return []
  const fields = soundFunction(part)
  if (fields !== part) sound = { ...sound, function: fields }
  return [sound]
}

/** Some servers write arguments as an object. */
function soundFunction(part: JsonObject): JsonObject {
  let sound = part
  const { name, arguments: text } = part
  if (name !== undefined && name !== null && !isText(name)) sound = leftOut(sound, 'name')
  if (isObject(text)) return { ...sound, arguments: JSON.stringify(text) }
  if (text !== undefined && text !== null && !isText(text)) sound = leftOut(sound, 'arguments')
  return sound
}

function isIndex(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < MOST_INDEXES
}

function leftOut(object: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = object
  return rest
}

function sameItems(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.length === after.length && before.every((item, i) => item === after[i])
}

/**
 * A whole completion, for what the upstream answered with status 200.
 *
 * @throws Problem for what is none
 */
export function readCompletion(text: string): JsonObject {
  const body = readJson(text)
  if (!isObject(body))
    throw new Problem('upstream_invalid', 'the upstream answered with something that is neither a stream nor JSON')
  const completion = soundCompletion(chatShape(body, 'message'))
  if (objectsOf(completion.choices).length > 0) return completion
  const { error } = completion
  const said = isObject(error) && typeof error.message === 'string' ? error.message : ''
  throw new Problem('upstream_invalid', 'the upstream answered without a choice', undefined, said)
}
