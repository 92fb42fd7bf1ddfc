import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { createRegistry, formats } from '../../src/index.js'
import { toolsFor } from '../promises/calls.js'
import { markersOf, renderOf } from '../promises/format-facts.js'
import { isHard } from '../support/runs.js'

// I35: what a parser keeps does not grow with the text that it has handed on. Measured after a collection of garbage.

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const PLACE = 'zqplace'
const CHUNK = 4096
const CHUNKS = 512
/** Of all streams of a format together, each of 2 MB of text. */
const MOST = 900_000

/** Formats that keep the text of a call until its end, because what is still to come may make it text again. */
const KEEPS_CALL = ['qwen3-coder', 'deepseek-v3.2', 'deepseek-v4', 'gemma4', 'functiongemma']
/** Of what they keep. */
const MOST_KEPT = 2.5 * CHUNK * CHUNKS

const all = formats().map((format, turn) => ({ id: format.id, format, turn }))

// Half of the streams on each format, the others on the next one; a harder run tries all.
it.each(all)('$id keeps nothing of content, reasoning and over-long arguments', ({ format, turn }) => {
  const calls = [{ name: 'f', arguments: { a: PLACE } }]
  const tools = toolsFor(calls)
  const [before = ''] = (renderOf(format, calls, { tools }) ?? '').split(PLACE)
  const beginning = (markersOf(format)[0] ?? '{').slice(0, -1)
  const content = { start: '', words: 'The ferry leaves at eight. ' }
  const markers = { start: 'See ', words: `${beginning} and ` }
  const reasoning = { start: format.reasoning?.blocks[0]?.open ?? '', words: 'Let me see. ' }
  const longArguments = { start: before, words: 'The ferry leaves at eight. ' }
  const streams = [content, markers, reasoning, longArguments].filter((_, i) => isHard || (i + turn) % 2 === 0)
  // Alone, so that no other format reads the text at its end: that is behind what is measured.
  const { createParser } = createRegistry([format])
  const isKept = (stream: Stream) => stream === longArguments && KEEPS_CALL.includes(format.id)
  const expectBounded = (most: number, together: readonly Stream[]) => {
    if (together.length === 0) return
    const parsers = together.map(({ start, words }) => {
      const parser = createParser({ format, tools, limits: { argumentChars: 10_000 } })
      parser.push(start + chunkOf(words, -1))
      return { parser, words }
    })
    // All together, since a collection takes longer than what is measured.
    collectGarbage()
    const used = process.memoryUsage().heapUsed
    const handedOn = parsers.map(({ parser, words }) => {
      let events = 0
      for (let i = 0; i < CHUNKS; i++) events += parser.push(chunkOf(words, i)).length
      return events
    })
    collectGarbage()
    expect(process.memoryUsage().heapUsed - used, `events: ${handedOn}`).toBeLessThan(most)
    for (const { parser } of parsers) expect(parser.end().at(-1)?.type).toBe('end')
  }
  expectBounded(MOST_KEPT, streams.filter(isKept))
  expectBounded(
    MOST,
    streams.filter((stream) => !isKept(stream)),
  )
})

interface Stream {
  readonly start: string
  readonly words: string
}

/** A string of its own, in one piece: strings that are put together share their parts. */
function chunkOf(words: string, i: number): string {
  const text = `${words.repeat(Math.ceil(CHUNK / words.length)).slice(0, CHUNK - 8)} ${i} `
  return Buffer.from(text, 'utf8').toString('utf8')
}

it('would see a parser that keeps its text', () => {
  const kept: string[] = []
  collectGarbage()
  const used = process.memoryUsage().heapUsed
  for (let i = 0; i < CHUNKS; i++) kept.push(chunkOf('x', i))
  collectGarbage()
  // More than what the parsers may keep; garbage of other tests that goes meanwhile takes something off.
  expect(process.memoryUsage().heapUsed - used).toBeGreaterThan(1.3 * MOST)
  expect(kept).toHaveLength(CHUNKS)
})
