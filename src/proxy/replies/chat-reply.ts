import { randomId } from '../../adapters/message/call-ids.js'
import type { SourceReason } from '../../adapters/message/finish.js'
import { type ChatMessageOptions, createChatDeltas } from '../../adapters/openai/chat-deltas.js'
import { toChatCompletion, toChatMessage } from '../../adapters/openai/openai.js'
import type { ChatDelta } from '../../adapters/openai/openai-shape.js'
import { writeServerSentEvent } from '../../adapters/sse/sse.js'
import type { ParseEvent } from '../../event/event.js'
import { isObject, type JsonObject, objectsOf, without } from '../wire/json.js'
import { type Problem, problemBody } from '../wire/problem.js'
import type { Reading } from './reading.js'
import type { StreamRewriter } from './rewriter.js'
import { type Parts, readParts, sourceReason } from './upstream-chunk.js'

/** Fields of a delta that are read here; all others pass. */
const READ_FIELDS = ['role', 'content', 'reasoning_content', 'reasoning', 'tool_calls', 'function_call']

/** Data as it came. It may have come in several lines. */
function verbatim(data: string): string {
  return data.includes('\n') ? writeServerSentEvent({ data }) : `data: ${data}\n\n`
}

/** One choice of a stream: an upstream's choice in, choices to send out; the same one if nothing in it changes. */
interface ChoiceStream {
  take(choice: JsonObject): JsonObject[]
  /** The upstream has said all, without ending the choice: its end. Nothing where it has ended. */
  close(): JsonObject[]
  /** The upstream has died: the text that was held back. No call comes out, and no finish reason. */
  cut(): JsonObject[]
  /** What the upstream has said is to be corrected: its next answer follows. */
  again(): void
  readonly ended: boolean
}

/**
 * Rewrites a stream of chat completions: text becomes content, reasoning and calls, and everything else (ids, usage,
 * logprobs, fields that are not known here) passes as it is, in the chunk in which it came or the next one that goes out.
 *
 * @example createChatStream(reading).push(chunk, data) // 'data: {…}\n\n'
 */
export function createChatStream(reading: Reading): StreamRewriter {
  const choices = new Map<unknown, ChoiceStream>()
  const created = Math.floor(Date.now() / 1000)
  let envelope: JsonObject = {
    id: `chatcmpl-${randomId(24)}`,
    object: 'chat.completion.chunk',
    created,
    model: reading.model,
  }
  let failed = false
  let begun = false

  function streamOf(index: unknown): ChoiceStream {
    let stream = choices.get(index)
    if (stream === undefined) {
      stream = createChoiceStream(index, reading)
      choices.set(index, stream)
    }
    return stream
  }
  const write = (pieces: JsonObject[]): string =>
    pieces.map((piece) => `data: ${JSON.stringify({ ...envelope, choices: [piece] })}\n\n`).join('')
  function close(death?: Problem): string {
    if (envelope.usage !== undefined) envelope = without(envelope, ['usage'])
    const open = failed ? [] : [...choices.values()]
    return open.map((choice) => write(death === undefined ? choice.close() : choice.cut())).join('')
  }

  return {
    push(chunk, data) {
      const list = objectsOf(chunk.choices)
      if (list.length === 0) {
        failed ||= isObject(chunk.error)
        return verbatim(data)
      }
      envelope = chunk
      begun = true
      if (list.length > 1) return list.map((choice) => write(streamOf(choice.index ?? 0).take(choice))).join('')
      const [choice = {}] = list
      const pieces = streamOf(choice.index ?? 0).take(choice)
      // What is sent as it came, as most text is, need not be written anew.
      return pieces.length === 1 && pieces[0] === choice ? verbatim(data) : write(pieces)
    },
    close: () => close(),
    again() {
      begun = false
      for (const choice of choices.values()) choice.again()
    },
    end(death) {
      const last = close(death)
      const error = failed || death === undefined ? '' : `data: ${JSON.stringify(problemBody(death, 'chat'))}\n\n`
      return `${last}${error}data: [DONE]\n\n`
    },
    get begun() {
      return failed || begun
    },
    get failed() {
      return failed
    },
    get whole() {
      return failed || (choices.size > 0 && [...choices.values()].every(({ ended }) => ended))
    },
  }
}

function createChoiceStream(index: unknown, reading: Reading): ChoiceStream {
  let turn = reading.openTurn(index)
  const encoder = createChatDeltas(wireOptions(reading))
  let mode: 'text' | 'native' | 'ended' = 'text'
  let begun = false
  let logprobs: JsonObject | undefined // of tokens whose text is held back

  function piece(delta: ChatDelta): JsonObject {
    const own = logprobs ?? null
    logprobs = undefined
    return { index, delta, finish_reason: null, logprobs: own }
  }
  /** Opens the message with its role, unless that was done. */
  function begin(): JsonObject[] {
    if (begun) return []
    begun = true
    return [piece({ role: 'assistant', content: null })]
  }
  const send = (deltas: ChatDelta[]): JsonObject[] => (deltas.length === 0 ? [] : [...begin(), ...deltas.map(piece)])
  const sendEvents = (events: ParseEvent[]): JsonObject[] => (events.length === 0 ? [] : send(encoder.push(events)))

  function goNative(choice: JsonObject): JsonObject[] {
    mode = choice.finish_reason ? 'ended' : 'native'
    return [...sendEvents(turn.release()), choice]
  }
  function finish(reason: SourceReason, rest: JsonObject): JsonObject[] {
    mode = 'ended'
    const said = sendEvents(turn.end(reason))
    if (reading.retry?.correction !== undefined) return said
    const before = [...said, ...begin(), ...send(encoder.close())]
    const finishReason = encoder.finish(reason)
    reading.finished(finishReason)
    const own = logprobs ?? null
    const facts = encoder.facts()
    const told = facts === undefined ? {} : { callsift: facts }
    return [...before, { ...rest, index, delta: {}, finish_reason: finishReason, logprobs: own, ...told }]
  }

  const stream: ChoiceStream = {
    take(choice) {
      if (mode === 'ended' && reading.retry?.correction !== undefined) return []
      if (mode === 'native' && choice.finish_reason) mode = 'ended'
      if (mode !== 'text') return [countNative(choice, reading)]
      const delta = isObject(choice.delta) ? choice.delta : {}
      const parts = readParts(delta)
      // Text in one delta with calls stands in front of them, and may be a call itself.
      if (parts.native.length > 0 && parts.text !== '' && !turn.called) {
        const said = stream.take({ ...choice, delta: without(delta, ['tool_calls']), finish_reason: null })
        const called = { ...choice, delta: { tool_calls: delta.tool_calls }, logprobs: null }
        return [...said, ...stream.take(called)]
      }
      if (parts.native.length > 0 || isObject(delta.function_call)) {
        if (!turn.called) return goNative(countNative(choice, reading))
        reading.tally.nativeCallsLeftOut += parts.native.length
      }
      logprobs = joinLogprobs(logprobs, choice.logprobs)
      const out: JsonObject[] = []
      if (delta.role !== undefined) out.push(...begin())
      if (parts.reasoningKey !== undefined) {
        turn.reasoningApart()
        out.push(...send([{ [parts.reasoningKey]: parts.reasoning }]))
      }
      const others = otherFields(delta)
      if (others !== undefined) out.push(...send([others as ChatDelta]))
      if (parts.text !== '') {
        reading.text(parts.text)
        out.push(...sendEvents(turn.push(parts.text)))
      }
      if (choice.finish_reason === null || choice.finish_reason === undefined)
        return isUnchanged(out, choice, delta) ? [choice] : out
      return [...out, ...finish(sourceReason(choice.finish_reason), without(choice, ['delta', 'message']))]
    },
    close() {
      if (mode === 'ended') return []
      if (mode === 'text') return finish('stop', {})
      mode = 'ended'
      reading.finished('tool_calls')
      return [{ index, delta: {}, finish_reason: 'tool_calls', logprobs: null }]
    },
    again() {
      mode = 'text'
      logprobs = undefined
      turn = reading.openTurn(index)
    },
    cut() {
      const wasText = mode === 'text'
      mode = 'ended'
      return wasText ? [...sendEvents(turn.cut()), ...send(encoder.close())] : []
    },
    get ended() {
      return mode === 'ended'
    },
  }
  return stream
}

/** Is what goes out just what came in: a delta with nothing but text? */
function isUnchanged(out: JsonObject[], choice: JsonObject, delta: JsonObject): boolean {
  const [one] = out
  if (one === undefined || out.length > 1 || one.logprobs !== (choice.logprobs ?? null)) return false
  const sent = one.delta as JsonObject
  for (const key in delta) if (key !== 'content' && delta[key] !== null) return false
  for (const key in sent) if (key !== 'content') return false
  return sent.content === delta.content
}

function countNative(choice: JsonObject, { tally, finished }: Reading): JsonObject {
  const { native } = readParts(choice.delta)
  tally.nativeCalls += native.filter(({ id }) => typeof id === 'string').length
  if (typeof choice.finish_reason === 'string') finished(choice.finish_reason)
  return choice
}

function otherFields(delta: JsonObject): JsonObject | undefined {
  let others: JsonObject | undefined
  for (const key in delta) {
    if (READ_FIELDS.includes(key) || delta[key] === null) continue
    others ??= {}
    others[key] = delta[key]
  }
  return others
}

function joinLogprobs(held: JsonObject | undefined, next: unknown): JsonObject | undefined {
  if (!isObject(next)) return held
  if (held === undefined) return next
  const content = [...objectsOf(held.content), ...objectsOf(next.content)]
  return { ...held, ...next, content }
}

/**
 * Rewrites the whole body of a chat completion, choice by choice. Choices whose calls the upstream has parsed stay as
 * they are.
 *
 * @example rewriteChatBody(JSON.parse(text), reading)
 */
export function rewriteChatBody(body: JsonObject, reading: Reading): JsonObject {
  if (!Array.isArray(body.choices)) return body
  return {
    ...body,
    choices: body.choices.map((choice) => (isObject(choice) ? rewriteChoice(choice, reading) : choice)),
  }
}

function rewriteChoice(choice: JsonObject, reading: Reading): JsonObject {
  const { message } = choice
  if (!isObject(message) || !(typeof message.content === 'string' || Array.isArray(message.content))) {
    reading.tally.nativeCalls += readParts(message).native.length
    if (typeof choice.finish_reason === 'string') reading.finished(choice.finish_reason)
    return choice
  }
  const parts = readParts(message)
  const turn = reading.openTurn(choice.index)
  if (parts.reasoning !== '') turn.reasoningApart()
  reading.text(parts.text)
  const before = turn.push(parts.text)
  // As in a stream, calls of the text and of the upstream are never mixed: those of the text stand first.
  const isNative = parts.native.length > 0 && !turn.called
  if (isNative) {
    reading.tally.nativeCalls += parts.native.length
    reading.finished(String(choice.finish_reason))
    if (parts.text === '') return choice
    const { tool_calls: _, ...said } = toChatMessage([...before, ...turn.release()], wireOptions(reading))
    return { ...choice, message: { ...message, ...said, ...reasoningOf(parts, said) } }
  }
  reading.tally.nativeCallsLeftOut += parts.native.length
  const reason = sourceReason(choice.finish_reason)
  const events = [...before, ...turn.end(reason)]
  const envelope = { model: reading.model, id: '', created: 0, reason }
  const [read] = toChatCompletion(events, { ...wireOptions(reading), ...envelope }).choices
  if (read === undefined) return choice
  const { message: parsed, finish_reason, callsift } = read
  reading.finished(finish_reason)
  const rewritten = { ...without(message, ['tool_calls', 'content']), ...parsed, ...reasoningOf(parts, parsed) }
  return { ...choice, message: rewritten, finish_reason, ...(callsift && { callsift }) }
}

function wireOptions({ callOptions, reasoningKey }: Reading): ChatMessageOptions {
  return { ...callOptions, reasoningKey }
}

/** The reasoning that the upstream has split off, and behind it that of the text. */
function reasoningOf({ reasoningKey: key, reasoning }: Parts, parsed: { [Key in ReasoningKey]?: string }): JsonObject {
  return key === undefined ? {} : { [key]: reasoning + (parsed[key] ?? '') }
}
type ReasoningKey = NonNullable<Parts['reasoningKey']>
