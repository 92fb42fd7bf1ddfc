import { type FindCloser, messageStart } from './last-closer.js'
import { isQuoted } from './quoted.js'
import type { Place } from './unread.js'

/** An object that holds calls as the message of a chat API does. */
const MESSAGE = /^\{[^\n]{0,400}?"(tool_calls|function_call)"\s{0,4}:\s{0,4}[[{]/
/** The beginning of such a message that holds text: `{"role": "assistant", "content": …` */
const TEXT_MESSAGE = /^\{\s{0,20}"role"\s{0,4}:\s{0,4}"assistant"\s{0,4},\s{0,20}"content"\s{0,4}:/
const KEYS = ['"tool_calls"', '"function_call"']
const WRAPPER = /^\s{0,40}```\w{0,20}\s{0,8}/
/** At most so many objects are looked at. */
const MOST_OBJECTS = 16

/** May an object that holds calls as the message of a chat API does stand in a text? */
export function mayHoldMessage(text: string): boolean {
  return KEYS.some((key) => text.includes(key))
}

/** A line that is the message of a chat API, `{"role": …, "tool_calls": […]}`; in a fence only where that opens the text. */
export function chatMessage(text: string, start: number): Place | undefined {
  const wrapped = WRAPPER.exec(text)?.[0].length ?? -1
  let at = text.indexOf('{', start)
  for (let tried = 0; at >= 0 && tried < MOST_OBJECTS; tried++) {
    const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
    const [, key] = ((line.trim() === '' || at === wrapped) && MESSAGE.exec(text.slice(at, at + 600))) || []
    if (key !== undefined && (at === wrapped || !isQuoted(text, at))) {
      const message = `an object with "${key}", like a message of a chat API, is not a call of this format`
      return { from: at, to: at + 1, message }
    }
    at = text.indexOf('\n{', at) + 1 || -1
  }
  return undefined
}

/** Content that is the message of a chat API instead of its text, beside calls that were read. */
export function textMessage(text: string, closer: FindCloser): Place | undefined {
  if (!text.includes('"role"')) return undefined
  const from = messageStart(text, closer)
  const length = TEXT_MESSAGE.exec(text.slice(from, from + 200))?.[0].length
  if (length === undefined) return undefined
  return {
    from,
    to: from + length,
    message: 'the content is an object like a message of a chat API, not its text alone',
  }
}
