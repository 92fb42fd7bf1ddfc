import { isObject, type JsonObject } from '../wire/json.js'

/**
 * Adds what a client tells the model beside the conversation. At the beginning that is the one system message. Behind it many chat
 * templates refuse such a message (Qwen3.5, Gemma), or drop it without a word (gpt-oss, Qwen3-VL): there it goes along with the
 * user's words, in the tags in which agents write such reminders, and the prompt before it stays as it was.
 *
 * @example addSystemWords([{ role: 'user', content: 'Hi' }], 'Be brief.') // Hi, and <system-reminder>Be brief.</system-reminder>
 */
export function addSystemWords(messages: JsonObject[], words: unknown): void {
  if (words === '') return
  const [first, ...others] = messages
  const last = messages.at(-1)
  if (first === undefined) messages.push({ role: 'system', content: words })
  else if (first.role === 'system' && others.length === 0) first.content = joined(first.content, words)
  else if (last?.role === 'user') last.content = joined(last.content, reminder(words))
  else messages.push({ role: 'user', content: reminder(words) })
}

function reminder(words: unknown): unknown {
  if (!Array.isArray(words)) return `<system-reminder>\n${words}\n</system-reminder>`
  return [textPart('<system-reminder>'), ...words, textPart('</system-reminder>')]
}

/** Texts stay one text, with a paragraph between: not every server takes a list for every role. */
function joined(a: unknown, b: unknown): unknown {
  if (typeof a === 'string' && typeof b === 'string') return `${a}\n\n${b}`
  return [a, b].flatMap((content) => (Array.isArray(content) ? content.filter(isObject) : [textPart(content)]))
}

const textPart = (text: unknown): JsonObject => ({ type: 'text', text })
