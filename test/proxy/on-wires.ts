import { readServerSentEvents } from '../../src/adapters/sse/sse.js'
import { isObject, type JsonObject, objectsOf } from '../../src/proxy/wire/json.js'
import { chatRequest, TOOLS } from './both.js'

const flat = TOOLS.map(({ function: { name, parameters } }) => ({ type: 'function', name, parameters }))
const ANTHROPIC = TOOLS.map(({ function: { name, parameters } }) => ({ name, input_schema: parameters }))
/** The same request on each wire: its path and its body. */
export const REQUESTS: Record<string, [string, JsonObject]> = {
  chat: ['/v1/chat/completions', chatRequest()],
  responses: ['/v1/responses', { model: 'm', input: 'Hi', tools: flat }],
  messages: [
    '/v1/messages',
    { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }], tools: ANTHROPIC },
  ],
}

/** What a reply says, in the same words on each wire. */
export interface Reply {
  text: string
  calls: { name: unknown; input: string }[]
  facts: JsonObject | undefined
}

const facts = (holder: unknown) => (isObject(holder) && isObject(holder.callsift) ? holder.callsift : undefined)

/** What a whole reply says. */
export function whole(wire: string, body: JsonObject): Reply {
  if (wire === 'chat') {
    const [choice = {}] = objectsOf(body.choices)
    const message = choice.message as JsonObject
    const calls = objectsOf(message.tool_calls).map(({ function: called }) => called as JsonObject)
    return {
      text: String(message.content ?? ''),
      calls: calls.map(({ name, arguments: input }) => ({ name, input: String(input) })),
      facts: facts(choice),
    }
  }
  if (wire === 'responses') {
    const calls = objectsOf(body.output).filter(
      ({ type, status }) => type === 'function_call' && status === 'completed',
    )
    const list = calls.map(({ name, arguments: input }) => ({ name, input: String(input) }))
    return { text: String(body.output_text), calls: list, facts: facts(body) }
  }
  const blocks = objectsOf(body.content)
  const calls = blocks.filter(({ type }) => type === 'tool_use')
  return {
    text: blocks.map(({ text = '' }) => String(text)).join(''),
    calls: calls.map(({ name, input }) => ({ name, input: JSON.stringify(input) })),
    facts: facts(body),
  }
}

/** What a streamed reply says. */
export async function streamed(wire: string, response: Response): Promise<Reply> {
  const events: JsonObject[] = []
  for await (const { data } of readServerSentEvents(response.body as ReadableStream<Uint8Array>))
    if (data !== '[DONE]') events.push(JSON.parse(data))
  if (wire === 'responses') return whole(wire, events.at(-1)?.response as JsonObject)
  const reply: Reply = { text: '', calls: [], facts: undefined }
  const add = (text: unknown) => {
    const last = reply.calls.at(-1)
    if (last !== undefined && typeof text === 'string') last.input += text
  }
  for (const event of events) {
    const delta = (wire === 'chat' ? objectsOf(event.choices)[0]?.delta : event.delta) as JsonObject | undefined
    reply.facts = facts(wire === 'chat' ? objectsOf(event.choices)[0] : event) ?? reply.facts
    reply.text += String((wire === 'chat' ? delta?.content : delta?.text) ?? '')
    for (const { function: part } of objectsOf(delta?.tool_calls)) {
      const { name, arguments: text } = part as JsonObject
      if (name !== undefined) reply.calls.push({ name, input: '' })
      add(text)
    }
    const block = event.content_block as JsonObject | undefined
    if (block?.type === 'tool_use') reply.calls.push({ name: block.name, input: '' })
    add(delta?.partial_json)
  }
  return reply
}
