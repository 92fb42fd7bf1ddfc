import { isDeepStrictEqual } from 'node:util'
import { hermesProtocol, qwen3CoderProtocol } from '@ai-sdk-tool/parser'
import { JSONParser } from '@streamparser/json'
import { parse as parseRiver } from 'jsonriver'
import { LLMStreamParser } from 'llm-stream-parser'
import { parse as parsePartial } from 'partial-json'
import { textOf, toolsOf } from './callsift.js'
import { patiently, type Subject, sink, type Task, type Trial } from './subject.js'
import { chunksOf, flat, makeWorkload } from './workloads.js'

type Call = { name: string; arguments: unknown }

/** Reads completions of two of the formats, as a middleware of the AI SDK. */
const aiSdkToolParser: Subject = {
  prepare({ format, workload, feed }) {
    const protocol =
      format === 'hermes' ? hermesProtocol() : format === 'qwen3-coder' ? qwen3CoderProtocol() : undefined
    if (protocol === undefined) return undefined
    const made = makeWorkload(workload)
    const text = textOf(format, made)
    const tools = Object.entries(toolsOf(made)).map(([name, inputSchema]) => ({
      type: 'function' as const,
      name,
      inputSchema,
    }))
    const chunks = chunksOf(text, feed)
    const run = async (): Promise<Call[]> => {
      const calls: Call[] = []
      const add = (part: { type: string }): void => {
        if (part.type !== 'tool-call') return
        const { toolName, input } = part as { type: string; toolName: string; input: string }
        calls.push({ name: toolName, arguments: JSON.parse(input) })
      }
      if (feed === 'whole') {
        for (const part of protocol.parseGeneratedText({ text, tools })) add(part)
        return calls
      }
      const parser = protocol.createStreamParser({ tools })
      const source = new ReadableStream({
        start: (controller) => controller.enqueue({ type: 'text-start', id: '1' }),
        // Many at a time: the time of the stream itself is not to be measured.
        pull: feeder(chunks),
      })
      for await (const part of source.pipeThrough(parser)) {
        sink.last = part
        add(part)
      }
      return calls
    }
    return checkedTrial(run, made.calls)
  },
}

function feeder(chunks: readonly string[]): (controller: ReadableStreamDefaultController<unknown>) => void {
  const source = patiently(chunks)
  return (controller) => {
    for (let i = 0; i < 64; i++) {
      const { value, done } = source.next()
      if (done === true) {
        controller.enqueue({ type: 'text-end', id: '1' })
        controller.enqueue({ type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage: {} })
        controller.close()
        return
      }
      controller.enqueue({ type: 'text-delta', id: '1', delta: value })
    }
  }
}

/** Reads tags out of a stream, and gives their text. */
const llmStreamParser: Subject = {
  prepare({ format, workload, feed }) {
    if (format !== 'hermes') return undefined
    const made = makeWorkload(workload)
    const chunks = chunksOf(textOf(format, made), feed)
    const run = (): Call[] => {
      const calls: Call[] = []
      const parser = new LLMStreamParser({ maxBufferSize: 64 * 1024 * 1024 })
      parser.addSimpleTags(['tool_call'])
      parser.on('tag_completed', (tag) => {
        calls.push(JSON.parse(tag.content) as Call)
      })
      parser.on('tag_content_update', (_name, text) => {
        sink.last = text
      })
      for (const chunk of patiently(chunks)) parser.parse(chunk)
      parser.finalize()
      return calls
    }
    return checkedTrial(run, made.calls)
  },
}

type Run = (text: string, chunks: readonly string[]) => unknown

/** Parsers of JSON that comes in pieces. They get the arguments alone. */
function jsonPeer(read: Run): Subject {
  return {
    prepare({ workload, feed }: Task) {
      const { calls } = makeWorkload(workload)
      if (calls.length === 0) return undefined
      const texts = calls.map((call) => flat(JSON.stringify(call.arguments)))
      const chunks = texts.map((text) => chunksOf(text, feed))
      const run = async (): Promise<unknown[]> => {
        const values: unknown[] = []
        for (let i = 0; i < texts.length; i++) values.push(await read(texts[i] as string, chunks[i] as string[]))
        return values
      }
      return checkedTrial(
        run,
        calls.map((call) => call.arguments),
      )
    },
  }
}

const partialJson = jsonPeer((text, chunks) => {
  if (chunks.length === 1) return parsePartial(text)
  let read = ''
  let value: unknown
  for (const chunk of patiently(chunks)) {
    read += chunk
    value = sink.last = parsePartial(read)
  }
  return value
})

const jsonRiver = jsonPeer(async (_text, chunks) => {
  let value: unknown
  async function* source(): AsyncGenerator<string> {
    yield* patiently(chunks)
  }
  for await (value of parseRiver(source())) sink.last = value
  return value
})

const streamParserJson = jsonPeer((_text, chunks) => {
  let value: unknown
  const parser = new JSONParser({ paths: ['$', '$.*'], emitPartialTokens: true, emitPartialValues: true })
  parser.onValue = (info) => {
    value = sink.last = info.value
  }
  for (const chunk of patiently(chunks)) parser.write(chunk)
  return value
})

function checkedTrial(run: () => unknown, expected: unknown): Trial {
  return {
    async check() {
      const got = await run()
      return isDeepStrictEqual(JSON.parse(JSON.stringify(got)), expected) ? undefined : 'something else came out'
    },
    async run() {
      sink.last = await run()
    },
  }
}

/** Other people's parsers, by package. */
export const peers: Record<string, Subject> = {
  '@ai-sdk-tool/parser': aiSdkToolParser,
  'llm-stream-parser': llmStreamParser,
  'partial-json': partialJson,
  jsonriver: jsonRiver,
  '@streamparser/json': streamParserJson,
}

/** Those that read nothing but JSON. */
export const JSON_PEERS = ['partial-json', 'jsonriver', '@streamparser/json'] as const
