// Stands for an inference server that hands on what the model wrote, unparsed: it gives every chat request the same reply, and
// every request that ends in the result of a tool another.
//   node examples/server.mjs [PORT]
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const calls = readFileSync(new URL('ferries.txt', import.meta.url), 'utf8')
const head = { id: 'chatcmpl-1', created: 0, model: 'demo' }

createServer(async (request, response) => {
  let body = ''
  for await (const piece of request) body += piece
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return response.writeHead(404).end()
  const { messages = [], stream = false } = JSON.parse(body)
  const content = messages.at(-1)?.role === 'tool' ? 'The page is open.' : calls
  if (!stream) {
    const message = { role: 'assistant', content }
    const reply = { ...head, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }] }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (delta, finish_reason) => {
    const chunk = { ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] }
    response.write(`data: ${JSON.stringify(chunk)}\n\n`)
  }
  for (let at = 0; at < content.length; at += 5) send({ content: content.slice(at, at + 5) }, null)
  send({}, 'stop')
  response.end('data: [DONE]\n\n')
}).listen(Number(process.argv[2] ?? 8000), '127.0.0.1')
