import { expect, it } from 'vitest'
import { hermes } from '../parsers/hermes.js'
import * as core from '../src/core.js'
import { parse, parseStream } from '../src/index.js'

const TEXT = 'On it. <tool_call>{"name": "f", "arguments": {"a": 1}}</tool_call>'

it('core reads with a format that is given, and says what to do about a name', () => {
  expect(core.parse(TEXT, { format: hermes })).toEqual(parse(TEXT, { format: 'hermes' }))
  expect(() => core.createParser({ format: 'hermes' })).toThrow(/expected a Format value/)
})

it('a web stream is read like the text, and is cancelled when nobody reads on', async () => {
  let cancelled = false
  const source = new ReadableStream<string>({
    pull: (controller) => controller.enqueue(TEXT),
    cancel: () => {
      cancelled = true
    },
  })
  Object.defineProperty(source, Symbol.asyncIterator, { value: undefined })
  const plain = { getReader: () => source.getReader() } as ReadableStream<string>
  for await (const event of parseStream(plain, { format: 'hermes' })) if (event.type === 'call-end') break
  expect(cancelled).toBe(true)
})

it('a source that breaks ends the text as cut off, then throws its error', async () => {
  async function* broken() {
    yield TEXT.slice(0, -20)
    throw new Error('connection lost')
  }
  const types: string[] = []
  const reading = (async () => {
    for await (const event of parseStream(broken(), { format: 'hermes' })) {
      types.push(event.type === 'end' ? event.status : event.type)
    }
  })()
  await expect(reading).rejects.toThrow('connection lost')
  expect(types.at(-1)).toBe('truncated')
})
