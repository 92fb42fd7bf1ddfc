import { collect } from '../../event/collect.js'
import type { ParseEvent, ParseResult } from '../../index.js'
import { UsageError } from '../verb.js'
import { isUrl, type Question, questionIn } from './ask-engine.js'
import { parseObject } from './fields.js'
import type { KnownFormats } from './format-files.js'
import { MessageEvents } from './message-events.js'
import type { ParserValues } from './parser-flags.js'
import { answerIn, completionIn, eventsOf, type InputValues, readingOf } from './read-completion.js'
import { readInput } from './read-input.js'
import { guessWire, readWire } from './read-wire.js'
import { endReason, gather } from './rescue-stream.js'
import { AlreadyRead } from './rescued.js'

/** One side of a comparison: what came of a completion. */
export interface Side {
  readonly name: string
  /** Who read it: a format, or the server. */
  readonly reader: string
  /** The raw text, where there is any. */
  readonly text?: string | undefined
  readonly status: ParseResult['status']
  readonly content: string
  readonly reasoning: string
  readonly toolCalls: readonly object[]
  /** Calls that are not to be run. */
  readonly incomplete: readonly object[]
}

/** The text of a side before it is read. */
export interface SideText {
  readonly name: string
  readonly text: string
}

export type SideValues = InputValues & ParserValues

/**
 * The texts of both sides: files are read, engines are asked. Of an engine and a file that holds a request (a capture, a HAR
 * file) the engine is asked that request.
 * @throws UsageError for a file that cannot be read, and for an engine that does not answer
 */
export async function readSides(
  places: readonly [string, string],
  entry: number | undefined,
  ask: (url: string, question: Question | undefined, nth: number) => Promise<string>,
): Promise<[SideText, SideText]> {
  const files = await Promise.all(places.map((place) => (isUrl(place) ? undefined : readInput(place))))
  const held = files.find((file) => file !== undefined)
  // Looked for where an engine is asked: a HAR file may be long.
  const question = () => (held === undefined ? undefined : questionIn(answerIn(held.text, entry).request))
  let nth = 0
  const sides: SideText[] = []
  // One after the other: two names may lead to one engine.
  for (const [i, place] of places.entries())
    sides.push(files[i] ?? { name: place, text: await ask(place, question(), nth++) })
  return sides as [SideText, SideText]
}

/**
 * Reads a side: the model's text with the parser, and where the server has read the calls already, what it made of them.
 * @throws UsageError for what holds no answer
 */
export async function readSide({ name, text }: SideText, values: SideValues, formats: KnownFormats): Promise<Side> {
  try {
    const found = completionIn(name, text, values)
    return sideOf(name, eventsOf(found, await readingOf(found, values, formats)), found.text)
  } catch (error) {
    if (error instanceof AlreadyRead) {
      const { answer } = answerIn(text, values.entry === undefined ? undefined : Number(values.entry))
      return { ...sideOf(name, readByServer(answer)), reader: 'the server' }
    }
    if (error instanceof UsageError) throw new UsageError(`${name}: ${error.message}`)
    throw error
  }
}

function sideOf(name: string, events: readonly ParseEvent[], text?: string): Side {
  const { format, status, content, reasoning, toolCalls, incomplete } = collect(events)
  const plain = (calls: ParseResult['toolCalls']) =>
    calls.map((call) => ({
      name: call.name,
      arguments: call.status === 'complete' ? call.arguments : call.argumentsText,
    }))
  const calls = { toolCalls: plain(toolCalls), incomplete: plain(incomplete) }
  return { name, reader: format, text, status, content, reasoning, ...calls }
}

/** What a server has made of a completion: a whole message, or the events of a stream. */
function readByServer(answer: string): ParseEvent[] {
  const body = parseObject(answer)
  const wire = guessWire(body)
  if (body !== undefined && wire !== undefined) return [...readWire(wire, body).events]
  const { content, reasoning, calls, finish } = gather(answer)
  const message = new MessageEvents()
  message.reasoning(reasoning.join(''))
  message.content(content.join(''))
  for (const call of calls.values()) message.call(call)
  return message.end(endReason(finish), 'openai')
}
