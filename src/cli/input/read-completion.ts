import type { ParseEvent, ParserOptions, ToolsInput } from '../../index.js'
import { readTools } from '../../tools/schema.js'
import { say } from '../output/output.js'
import { type OptionSpecs, UsageError } from '../verb.js'
import { readCount } from './args.js'
import { type Exchange, exchangesOf } from './exchanges.js'
import { asObject, asText, type Fields } from './fields.js'
import type { KnownFormats } from './format-files.js'
import { chooseFormat, optionsFromFlags, type ParserValues } from './parser-flags.js'
import { readInput } from './read-input.js'
import { readToolsFile } from './read-json.js'
import { rescue } from './rescue.js'
import { AlreadyRead, type Rescued } from './rescued.js'

/** The options of every verb that reads one completion out of a file. */
export const INPUT_FLAGS = {
  raw: { type: 'boolean', help: 'read the file as plain text, whatever it looks like' },
  entry: {
    type: 'string',
    value: 'N',
    help: 'in a HAR file or a capture with several answers, use entry N; default the last that holds text',
  },
} as const satisfies OptionSpecs

/** A completion, and what is known of it from where it was found. */
export interface Completion extends Rescued {
  /** What to call the file in messages. */
  readonly name: string
  readonly text: string
  /** It was found in something a server made of it, and not in a file of its own. */
  readonly isRescued: boolean
}

/** What the flags say about where the completion is in the file. */
export interface InputValues {
  readonly raw: boolean
  readonly entry: string | undefined
}

/**
 * Reads the completion that a file holds: the raw text of a model, or what a server made of it (a saved completion, a dump of
 * server-sent events, an error with the rejected text), also in a HAR file or a capture. What it was found in is said.
 * @throws UsageError for a file that holds none, with what to do
 */
export async function readCompletion(file: string | undefined, values: InputValues): Promise<Completion> {
  const { name, text } = await readInput(file)
  try {
    return completionIn(name, text, values)
  } catch (error) {
    if (error instanceof UsageError)
      throw new UsageError(`${name}: ${error.message} (--raw reads the file as plain text)`)
    throw error
  }
}

/**
 * The completion in a text.
 * @throws UsageError for a text that holds none; AlreadyRead where the server has read its calls
 */
export function completionIn(name: string, text: string, { raw, entry }: InputValues): Completion {
  const plain: Completion = { name, text, chunks: [text], what: 'text', reason: 'stop', isRescued: false }
  if (raw) return plain
  const { answer, request, reading, what } = answerIn(text, readCount('--entry', entry))
  const found = rescue(answer)
  if (found === undefined && what === undefined) return plain
  const rescued = found ?? { ...plain, chunks: [answer] }
  say(`${name} is ${what === undefined ? '' : `${what}, `}${rescued.what} (--raw reads it as plain text)`)
  return { ...knownFrom(request, reading), ...rescued, name, text: rescued.chunks.join(''), isRescued: true }
}

/** The answer of a server in a text. `what` tells of the file that it is in, where it is in one. */
export interface FoundAnswer {
  readonly answer: string
  readonly what?: string | undefined
  readonly request?: Fields | undefined
  readonly reading?: Fields | undefined
}

/**
 * Finds the answer in a HAR file or a capture: the one that was asked for, else the last with a model's text in it, else the
 * last whose calls the server has read. Any other text is the answer itself.
 * @throws UsageError where there is none
 */
export function answerIn(text: string, entry?: number): FoundAnswer {
  const exchanges = exchangesOf(text)
  if (exchanges === undefined) {
    if (entry !== undefined) throw new UsageError('--entry is for HAR files and captures; this is neither')
    return { answer: text }
  }
  const { what, list, missing } = exchanges
  const asked = list.filter(({ request }) => isQuestion(request))
  const numbers = asked.map(({ number }) => number)
  // From the end: a long file has many answers, and each takes time to read.
  const found =
    entry === undefined
      ? (asked.findLast((exchange) => kindOf(exchange) === 'text') ??
        asked.findLast((exchange) => kindOf(exchange) === 'read'))
      : list.find(({ number }) => number === entry)
  if (found !== undefined) {
    const { answer, request, reading, number } = found
    const others =
      numbers.length > 1
        ? ` with ${numbers.length} answers of models (${shortly(numbers)}; --entry picks another): from entry ${number}`
        : ''
    return { answer, request, reading, what: what + others }
  }
  if (entry === undefined) throw new UsageError(`this is ${what} without a model’s answer: ${missing}`)
  throw new UsageError(
    `--entry ${entry}: no such answer in this file; the model’s answers are ${shortly(numbers) || 'none'}`,
  )
}

/** Whether a request is one to a model. */
function isQuestion(request: Fields | undefined): boolean {
  return request !== undefined && ('messages' in request || 'prompt' in request || 'input' in request)
}

const MOST_NUMBERS = 12

function shortly(numbers: readonly number[]): string {
  const shown = numbers.slice(-MOST_NUMBERS).join(', ')
  return numbers.length > MOST_NUMBERS ? `… ${shown}` : shown
}

/** Whether an answer holds a model's text, or its calls as the server has read them, or is of another kind. */
function kindOf({ answer }: Exchange): 'text' | 'read' | 'none' {
  try {
    return rescue(answer) === undefined ? 'none' : 'text'
  } catch (error) {
    if (error instanceof UsageError) return error instanceof AlreadyRead ? 'read' : 'none'
    throw error
  }
}

/** What request and reading tell of how a text is to be read. */
function knownFrom(request: Fields | undefined, reading: Fields | undefined): Partial<Rescued> {
  const tools = toolsOf(request?.tools)
  const format = asText(reading?.format)
  const options = asObject(reading?.options)
  return {
    ...(tools === undefined ? {} : { tools }),
    ...(format === undefined || format === 'auto' ? {} : { format }),
    ...(typeof reading?.startInReasoning === 'boolean' ? { startInReasoning: reading.startInReasoning } : {}),
    ...(options === undefined ? {} : { options }),
  }
}

/** The tools of a request, without those that are run by others and have no name of their own. */
function toolsOf(value: unknown): ToolsInput | undefined {
  if (!Array.isArray(value)) return undefined
  return value.filter((tool) => {
    try {
      readTools([tool])
      return true
    } catch (error) {
      if (error instanceof TypeError) return false
      throw error
    }
  }) as ToolsInput
}

/** How a completion is read, and by which of the formats that are known. */
export interface Reading {
  readonly formats: KnownFormats
  readonly options: ParserOptions & { readonly format: string }
}

/**
 * How a completion is read: as the flags say, else as its file tells, else by its model's name.
 * @throws UsageError for a format that nobody knows, for tools that are none, and for options of the file that are none
 */
export async function readingOf(
  found: Completion,
  values: Partial<ParserValues> & {
    readonly tools: string | undefined
    readonly format: string | undefined
    readonly model: string | undefined
  },
  formats: KnownFormats,
): Promise<Reading> {
  const tools = (await readToolsFile(values.tools)) ?? found.tools
  const named = values.format ?? (values.model === undefined ? found.format : undefined)
  const model = values.model ?? found.model
  const chosen = chooseFormat({ format: named, model, startInReasoning: found.startInReasoning }, formats)
  const options = {
    ...found.options,
    ...chosen,
    ...optionsFromFlags(values),
    ...(tools === undefined ? {} : { tools }),
  }
  try {
    formats.createParser(options)
  } catch (error) {
    // The flags have been looked at: it is what came with the file.
    if (error instanceof TypeError) throw new UsageError(`${found.name}: ${error.message}`)
    throw error
  }
  return { formats, options }
}

/** The events of a completion, in the chunks in which it came. */
export function eventsOf({ chunks, reason }: Completion, { formats, options }: Reading): ParseEvent[] {
  const parser = formats.createParser(options)
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end(reason)]
}
