// What every runtime has to do with the installed package: read a completion that comes as bytes, and answer as the proxy.
// `runtimes.ts` and `node24.mjs` run it beside the package.
import { parseStream } from 'callsift'
import { createProxyHandler } from 'callsift/proxy'

const TEXT = 'Én.\n<tool_call>{"name": "f", "arguments": {"a": "Bodø"}}</tool_call>'

/** Throws if anything is not as it should be. */
export async function smoke() {
  const events = []
  for await (const event of parseStream(inPieces(new TextEncoder().encode(TEXT)), { format: 'hermes' }))
    events.push(event)
  const content = events.map((event) => (event.type === 'content' ? event.text : '')).join('')
  const calls = events.flatMap((event) => (event.type === 'call-end' ? [event.call] : []))
  same(
    JSON.stringify([content.trim(), calls.map((call) => [call.status, call.name, call.arguments])]),
    SEEN,
    'parseStream',
  )

  const handler = createProxyHandler({
    upstream: 'http://upstream.example/v1',
    format: 'hermes',
    fetch: async () => reply(),
  })
  const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }]
  const body = JSON.stringify({ model: 'm', messages: [], tools, stream: true })
  const url = 'http://127.0.0.1/v1/chat/completions'
  const headers = { 'content-type': 'application/json' }
  const answer = await handler(new Request(url, { method: 'POST', body, headers }))
  same(String(answer.status), '200', 'the status of the proxy')
  const lines = (await answer.text()).split('\n\n').filter((line) => line !== '')
  same(lines.pop(), 'data: [DONE]', 'the end of the stream')
  const choices = lines.map((line) => JSON.parse(line.slice('data: '.length)).choices[0])
  const deltas = choices.flatMap(({ delta }) => delta.tool_calls ?? [])
  const sent = [
    choices.map(({ delta }) => delta.content ?? '').join(''),
    deltas.map((delta) => delta.function.name ?? '').join(''),
    JSON.parse(deltas.map((delta) => delta.function.arguments ?? '').join('')),
    choices.at(-1).finish_reason,
  ]
  same(JSON.stringify(sent), '["Én.","f",{"a":"Bodø"},"tool_calls"]', 'the stream of the proxy')
  return 'ok'
}

const SEEN = '["Én.",[["complete","f",{"a":"Bodø"}]]]'

function same(seen, expected, what) {
  if (seen !== expected) throw new Error(`${what}: ${seen}, not ${expected}`)
}

/** Bytes three by three, so that characters are cut. */
function inPieces(bytes) {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close()
      else controller.enqueue(bytes.slice(at, (at += 3)))
    },
  })
}

/** The stream of an engine that has left the calls in the text. */
function reply() {
  const chunk = (delta, finish_reason = null) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`
  const pieces = [...(TEXT.match(/[\s\S]{1,4}/g) ?? []).map((content) => chunk({ content })), chunk({}, 'stop')]
  const body = new TextEncoder().encode(`${pieces.join('')}data: [DONE]\n\n`)
  return new Response(inPieces(body), { headers: { 'content-type': 'text/event-stream' } })
}
