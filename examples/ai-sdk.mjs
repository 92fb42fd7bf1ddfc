// An agent of the AI SDK on a server that returns raw text, such as vLLM or llama.cpp without a parser of their own.
//   node examples/ai-sdk.mjs [BASE_URL [MODEL]]        Default: examples/server.mjs, which stands for one.
// In a project of your own: npm install ai@6 @ai-sdk/openai-compatible@2 (on Node 22 and later ai@7 and 3 as well).
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { jsonSchema, stepCountIs, streamText, tool, wrapLanguageModel } from 'ai'
import { createToolMiddleware } from 'callsift/ai-sdk'

const [baseURL = 'http://localhost:8000/v1', name = 'demo'] = process.argv.slice(2)
const server = createOpenAICompatible({ name: 'local', baseURL })

// `auto` reads any format; name the model's own where you know it (npx callsift match MODEL). If the server's template does not
// tell the model of its tools, add toolsIn: 'prompt'.
const middleware = createToolMiddleware({ format: 'auto', failedCalls: 'report' })

const path = { type: 'string' }
const { fullStream } = streamText({
  model: wrapLanguageModel({ model: server(name), middleware }),
  prompt: 'Write the page with the next ferries from Stavanger, and open it.',
  stopWhen: stepCountIs(5),
  tools: {
    write_file: tool({
      description: 'Writes a file',
      inputSchema: jsonSchema({ type: 'object', properties: { path, content: path }, required: ['path', 'content'] }),
      execute: ({ path, content }) => `${content.length} characters written to ${path}`,
    }),
    open_page: tool({
      description: 'Opens a page in the browser',
      inputSchema: jsonSchema({ type: 'object', properties: { path }, required: ['path'] }),
      execute: ({ path }) => `${path} is open`,
    }),
  },
})

for await (const part of fullStream) {
  if (part.type === 'text-delta') process.stdout.write(part.text)
  if (part.type === 'tool-call') console.log(`\n${part.toolName}`, part.input)
  if (part.type === 'tool-result') console.log(`→ ${part.output}`)
  if (part.type === 'error') throw part.error
}
console.log()
