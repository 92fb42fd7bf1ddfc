import type { ParseEvent, Parser, ParserOptions } from '../../index.js'
import type { EndReason } from '../../text/cursor.js'
import { quoted } from '../output/screen-text.js'
import { UsageError } from '../verb.js'
import { didYouMean } from './args.js'
import { asObject, type Fields } from './fields.js'
import type { KnownFormats } from './format-files.js'
import { knownFormat } from './parser-flags.js'
import { faultOf, type Line, objectIn } from './read-lines.js'

/** What bounds one `callsift serve`. */
export interface ServeLimits {
  /** Most streams that are open at once. */
  readonly streams: number
  /** Most characters of all open streams together (UTF-16 units). */
  readonly text: number
}

/** The answer to one line. */
export type ServeAnswer = { stream?: string; events: ParseEvent[] } | { stream?: string; error: string }

interface OpenStream {
  readonly parser: Parser
  /** Characters that were pushed. */
  length: number
}

const OPS = ['open', 'push', 'end', 'close']
const REASONS: readonly EndReason[] = ['stop', 'length', 'abort']
const LONGEST_ID = 256

/**
 * Answers the lines of `callsift serve --stdio`, each with one object. What is wrong with a line is its answer; the streams
 * stay as they were.
 *
 * @example createServing({ streams: 1, text: 100 }, await readFormats([]))({ number: 1, text: '{"op": "open", "stream": "a"}' }) // { stream: 'a', events: [] }
 */
export function createServing(limits: ServeLimits, formats: KnownFormats): (line: Line) => ServeAnswer {
  const streams = new Map<string, OpenStream>()
  let kept = 0

  function streamOf(id: string): OpenStream {
    const stream = streams.get(id)
    if (stream !== undefined) return stream
    throw new UsageError(
      `there is no stream ${quoted(id)}; open it first: {"op": "open", "stream": ${quoted(id)}, "options": {"format": "hermes"}}`,
    )
  }
  function drop(id: string): void {
    kept -= streamOf(id).length
    streams.delete(id)
  }
  function run(op: unknown, id: string, fields: Fields): ParseEvent[] {
    switch (op) {
      case 'open': {
        if (streams.has(id))
          throw new UsageError(`the stream ${quoted(id)} is already open; end or close it, or use another id`)
        if (streams.size >= limits.streams)
          throw new UsageError(`${limits.streams} streams are open already (--max-streams); end or close some`)
        streams.set(id, { parser: formats.createParser(optionsOf(fields.options, formats)), length: 0 })
        return []
      }
      case 'push': {
        const stream = streamOf(id)
        const { text } = fields
        if (typeof text !== 'string')
          throw new UsageError('"text" is missing, or not a string: {"op": "push", "stream": "…", "text": "…"}')
        if (kept + text.length > limits.text)
          throw new UsageError(
            `the open streams hold ${kept} characters, and the limit is ${limits.text} (--text-limit); end or close some`,
          )
        stream.length += text.length
        kept += text.length
        return stream.parser.push(text)
      }
      case 'end': {
        const { parser } = streamOf(id)
        const reason = fields.reason ?? 'stop'
        if (!REASONS.includes(reason as EndReason))
          throw new UsageError(`"reason" is ${JSON.stringify(reason).slice(0, 40)}; it takes ${REASONS.join(', ')}`)
        drop(id)
        return parser.end(reason as EndReason)
      }
      case 'close':
        drop(id)
        return []
      default: {
        const near = typeof op === 'string' ? didYouMean(op, OPS) : ''
        throw new UsageError(
          `"op" is ${JSON.stringify(op)?.slice(0, 40) ?? 'missing'}; it takes ${OPS.join(', ')}${near}`,
        )
      }
    }
  }

  return (line) => {
    let stream: string | undefined
    try {
      const fields = objectIn(line, '{"op": "open", "stream": "1"}')
      if (typeof fields.stream === 'string' && fields.stream.length <= LONGEST_ID) stream = fields.stream
      if (stream === undefined)
        throw new UsageError(
          `"stream" is missing, or not a string of at most ${LONGEST_ID} characters: it is the id that you choose for a stream`,
        )
      return { stream, events: run(fields.op, stream, fields) }
    } catch (error) {
      return { ...(stream === undefined ? {} : { stream }), error: `line ${line.number}: ${faultOf(error)}` }
    }
  }
}

/** The parser's options, with the format by its name, else by the model's, else by the text. */
function optionsOf(value: unknown, { getFormat, formatForModel }: KnownFormats): ParserOptions {
  const given = asObject(value ?? {})
  if (given === undefined) throw new UsageError('"options" is not an object such as {"format": "hermes", "tools": […]}')
  const { model, format, ...options } = given
  if (format !== undefined && typeof format !== 'string') throw new UsageError('"format" is not a format’s name')
  if (format !== undefined) return { ...options, format: knownFormat(format, getFormat) }
  const [match] = typeof model === 'string' ? formatForModel(model) : []
  if (match === undefined) return { ...options, format: 'auto' }
  const { startInReasoning } = match
  return { ...(startInReasoning === undefined ? {} : { startInReasoning }), ...options, format: match.format }
}
