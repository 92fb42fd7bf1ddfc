import { readAll } from '../../proxy/wire/read-all.js'
import { readUpstream, type UpstreamBase } from '../../proxy/wire/route.js'
import { readStream } from '../../text/read-stream.js'
import { UsageError } from '../verb.js'

/** A tool that does nothing, and a question that asks for it: what engines are asked where nobody says what. */
export const TOOL = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Tells the weather of a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
} as const
export const QUESTION =
  'What is the weather in Paris? Call the tool get_weather for the city Paris, and say nothing else.'
/** Enough for the call, and for some reasoning before it. */
export const MOST_TOKENS = 1024

/**
 * The URL of an engine, as the command is given it.
 * @throws UsageError for what is none
 */
export function readEngineUrl(url: string): UpstreamBase {
  try {
    return readUpstream(url)
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message.replace(/^upstream/, 'the URL'))
    throw error
  }
}

/** The text of an answer, of at most so many bytes. */
export async function textOf({ body }: Response, most: number): Promise<string> {
  return body === null ? '' : new TextDecoder().decode(await readAll(readStream(body), most))
}

/** Why a request has failed: `fetch` says that it did, and its cause says why. */
export function whyFailed(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}
