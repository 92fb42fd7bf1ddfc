import { RenderError } from '../format.js'

/** Keys of which every call object has one, in either quote, or written with escapes. */
const CALL_KEY = /(["'])(?:name|function|tool_calls)\1|\\u00/

/**
 * Content as it stands. Throws a `RenderError` where an object in it may be read as a call without a marker.
 * @example noBareCalls('{"name": "f", "arguments": {}}') // throws
 */
export function noBareCalls(content: string): string {
  if (content.includes('{') && CALL_KEY.test(content)) {
    throw new RenderError('the content holds an object that may be read as a call')
  }
  return content
}
