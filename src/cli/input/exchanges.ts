import { findJsonFault } from '../../explain/json-place.js'
import { UsageError } from '../verb.js'
import { asObject, asText, type Fields, objectsOf, parseObject } from './fields.js'
import { harText } from './har-text.js'

/** An answer of a server, with what it was asked. */
export interface Exchange {
  /** Its place in the file, from 1. */
  readonly number: number
  /** The body of the answer, as it came. */
  readonly answer: string
  /** The body of the request. */
  readonly request: Fields | undefined
  /** How the proxy read it, where the file is a capture. */
  readonly reading?: Fields | undefined
}

/** A file of exchanges. */
export interface Exchanges {
  /** What it is, for a sentence that begins with its name and `is`. */
  readonly what: string
  readonly list: readonly Exchange[]
  /** Why there may be fewer answers than one expects. */
  readonly missing: string
}

const CAPTURE = /^\{\s{0,40}"type"\s{0,8}:\s{0,8}"callsift-capture"/
const HAR = /^\{\s{0,40}"log"\s{0,8}:\s{0,8}\{/
const IN_HAR = /"(?:creator|entries)"\s{0,8}:/

/**
 * The exchanges of a file, where it is a HAR file (of a browser, mitmproxy and others) or a capture of `callsift proxy
 * --record`; undefined for any other text.
 * @throws UsageError for such a file that is not whole, and for a capture of a later version
 * @example exchangesOf('{"log": {"entries": []}}')?.list // []
 */
export function exchangesOf(text: string): Exchanges | undefined {
  const start = text.trimStart()
  const isCapture = CAPTURE.test(start.slice(0, 100))
  if (!isCapture && !(HAR.test(start.slice(0, 100)) && IN_HAR.test(start.slice(0, 4000)))) return undefined
  const whole = parseObject(start)
  if (whole === undefined) {
    const fault = findJsonFault(start)
    const kind = isCapture ? 'a capture' : 'a HAR file'
    throw new UsageError(
      `this is ${kind} that is incomplete: line ${fault?.line}, column ${fault?.column}: ${fault?.message}. Save it again, or copy the answer out of it`,
    )
  }
  return isCapture ? ofCapture(whole) : ofHar(whole)
}

function ofCapture(capture: Fields): Exchanges {
  if (capture.version !== 1)
    throw new UsageError(
      `this capture has version ${String(capture.version).slice(0, 20)}, but only version 1 is known here: update callsift`,
    )
  const asked = asObject(asObject(capture.request)?.body)
  const reading = asObject(capture.reading)
  const cut = capture.cut === true ? ', cut at --record-limit' : ''
  // What the upstream was asked is in the shape of chat completions, whichever wire the client speaks.
  const list = objectsOf(capture.upstream).map(({ text, body }, i): Exchange => {
    const request = { tools: asked?.tools, ...asObject(body) }
    return { number: i + 1, answer: asText(text) ?? '', request, reading }
  })
  const { problem, ending, status } = asObject(capture.log) ?? {}
  const why = [asText(problem) ?? asText(ending), status === undefined ? undefined : `status ${String(status)}`]
  return {
    what: `a capture of callsift proxy${cut}`,
    list,
    missing: `the request ended with: ${why.filter((word) => word !== undefined).join(', ')}`.slice(0, 300),
  }
}

function ofHar(har: Fields): Exchanges {
  const entries = objectsOf(asObject(har.log)?.entries)
  let empty = 0
  const list = entries.flatMap((entry, i): Exchange[] => {
    const answer = harText(asObject(asObject(entry.response)?.content))
    const asked = asText(asObject(asObject(entry.request)?.postData)?.text)
    const request = asked === undefined ? undefined : parseObject(asked)
    if (answer === undefined) {
      if (request !== undefined) empty++
      return []
    }
    return [{ number: i + 1, answer, request }]
  })
  const without =
    empty === 0
      ? ''
      : ` ${empty} requests with JSON have no answer in it: export it with content, after their streams have ended`
  return {
    what: 'a HAR file',
    list,
    missing: `none of its ${entries.length} entries holds one.${without}`,
  }
}
