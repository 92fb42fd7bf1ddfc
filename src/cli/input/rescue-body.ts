import { UsageError } from '../verb.js'
import { asObject, asText, type Fields } from './fields.js'
import { joinTokens, tokensOf } from './rescue-tokens.js'
import { AlreadyRead, type Rescued } from './rescued.js'

/** The model text of a whole answer of a server; undefined if this is none. */
export function rescueBody(body: Fields): Rescued | undefined {
  const model = asText(body.model)
  const rescued = rescueError(body.error) ?? rescueChoices(body.choices) ?? rescueItems(body) ?? rescuePlain(body)
  return rescued === undefined || model === undefined ? rescued : { ...rescued, model }
}

/**
 * The rejected text of an error body: of llama.cpp in its message, of Groq in `failed_generation`.
 * @throws UsageError for an error of a server that carries no text
 */
export function rescueError(value: unknown): Rescued | undefined {
  const error = asObject(value)
  if (error === undefined || typeof error.message !== 'string') return undefined
  const rejected = asText(error.failed_generation)
  if (rejected !== undefined) {
    return { chunks: [rejected], what: 'an error with the text that the server rejected', reason: 'stop' }
  }
  const rescued = rescueRejected(error.message)
  if (rescued !== undefined) return rescued
  throw new UsageError(`this is a server’s error without the model’s text: ${error.message}`)
}

// llama.cpp: "Failed to parse input at pos 12: <tool_call>…" with the text from that place on, to its end.
const REJECTED = /^Failed to parse input at pos ([0-9]{1,12}): /

/** The text that llama.cpp refused, out of its message. */
export function rescueRejected(message: string): Rescued | undefined {
  const head = REJECTED.exec(message)
  if (head === null) return undefined
  const lost = head[1] === '0' ? '' : `; the ${head[1]} characters before it are missing`
  const chunks = [message.slice(head[0].length)]
  return { chunks, what: `an error of llama.cpp with the text that it rejected${lost}`, reason: 'stop' }
}

function rescueChoices(value: unknown): Rescued | undefined {
  if (!Array.isArray(value)) return undefined
  const choice = asObject(value[0])
  if (choice === undefined) return undefined
  const message = asObject(choice.message)
  const reason = choice.finish_reason === 'length' ? 'length' : 'stop'
  const others = value.length > 1 ? `, the first of ${value.length} choices` : ''
  const tokens = tokensOf(choice.logprobs)
  const chunks = joinTokens(tokens)
  const kind = message === undefined ? 'a completion' : 'a chat completion'
  if (chunks !== undefined) {
    return {
      chunks,
      what: `${kind}; its text was rebuilt from ${tokens.length} logprobs tokens${others}`,
      reason,
    }
  }
  if (message !== undefined) return rescueMessage(message, `${kind}${others}`, reason)
  return typeof choice.text === 'string' ? { chunks: [choice.text], what: `${kind}${others}`, reason } : undefined
}

function rescueMessage(message: Fields, what: string, reason: Rescued['reason']): Rescued | undefined {
  const content = contentOf(message.content)
  const blocks = Array.isArray(message.content) ? message.content.map(asObject) : []
  const used = blocks.filter((block) => block?.type === 'tool_use')
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls.length : used.length
  const thought = asText(message.reasoning_content) ?? asText(message.reasoning) ?? asText(message.thinking)
  if (calls > 0) throw new AlreadyRead(calls)
  if (content === undefined && thought !== undefined) {
    // The known failure: the call was eaten by the server's reasoning parser.
    return { chunks: [thought], what: `${what}; all of its text is reasoning`, reason, startInReasoning: true }
  }
  if (content === undefined) return message.role === undefined ? undefined : fail('this message has no text')
  const split = thought === undefined ? '' : '; the server split off its reasoning, which is left out'
  const rescued = { chunks: [content], what: `${what}${split}`, reason }
  return thought === undefined ? rescued : { ...rescued, startInReasoning: false }
}

/** A response, as the Responses API writes it whole. */
function rescueItems(body: Fields): Rescued | undefined {
  if (body.object !== 'response' || !Array.isArray(body.output)) return undefined
  const items = body.output.map(asObject)
  const calls = items.filter((item) => item?.type === 'function_call').length
  if (calls > 0) throw new AlreadyRead(calls)
  const texts = (type: string) => items.flatMap((item) => (item?.type === type ? [contentOf(item.content) ?? ''] : []))
  const message = { role: 'assistant', content: texts('message').join(''), reasoning: texts('reasoning').join('') }
  return rescueMessage(message, 'a response', body.status === 'incomplete' ? 'length' : 'stop')
}

function rescuePlain(body: Fields): Rescued | undefined {
  const message = asObject(body.message)
  const cut =
    body.done_reason === 'length' ||
    body.stop_reason === 'max_tokens' ||
    body.stop_type === 'limit' ||
    body.stopped_limit === true
  const reason = cut ? 'length' : 'stop'
  if (message?.role === 'assistant') return rescueMessage(message, 'a chat reply', reason)
  if (body.role === 'assistant' && 'content' in body) return rescueMessage(body, 'an assistant message', reason)
  const text = (value: unknown, what: string): Rescued | undefined =>
    typeof value === 'string' ? { chunks: [value], what, reason } : undefined
  if ('done' in body) return text(body.response, 'a reply of Ollama')
  if ('generation_settings' in body || 'tokens_predicted' in body)
    return text(body.content, 'a completion of llama.cpp')
  return text(body.completion, 'a record of JSON lines') ?? text(body.generated_text, 'a generated text')
}

function contentOf(content: unknown): string | undefined {
  if (!Array.isArray(content)) return asText(content)
  return asText(
    content
      .map((part) => asObject(part)?.text)
      .filter((part) => typeof part === 'string')
      .join(''),
  )
}

function fail(message: string): never {
  throw new UsageError(`${message}; there is nothing to parse`)
}
