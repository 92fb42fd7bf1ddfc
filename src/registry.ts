import { collect } from './collect.js'
import type { ParseEvent, ParseResult } from './event.js'
import type { Format, RenderCall } from './format.js'
import type { ParserOptions } from './options.js'
import { renderFormat } from './render.js'
import { readTools, type ToolsInput } from './schema.js'
import { type Parser, Session } from './session.js'

/** A set of formats, by id and alias, and what can be done with them. */
export interface Registry {
  formats(): readonly Format[]
  /** The format of this id, alias or engine flag. Throws a RangeError that lists near names. */
  getFormat(idOrAlias: string): Format
  createParser(options: ParserOptions): Parser
  parse(text: string, options: ParserOptions): ParseResult
  parseStream(source: TextSource, options: ParserOptions): AsyncGenerator<ParseEvent, void>
  parseBatches(source: TextSource, options: ParserOptions): AsyncGenerator<ParseEvent[], void>
  render(calls: readonly RenderCall[], options: RenderOptions): string
}

/** Text that comes in chunks, from a model or over a network. */
export type TextSource = AsyncIterable<string> | ReadableStream<string>

export interface RenderOptions {
  format: string | Format
  content?: string | undefined
  reasoning?: string | undefined
  tools?: ToolsInput | undefined
}

/** Makes a registry of formats. Two formats with the same id or alias are an error. */
export function createRegistry(formats: readonly Format[]): Registry {
  const byName = new Map<string, Format>()
  for (const format of formats) {
    if (byName.get(format.id)?.id === format.id) throw new RangeError(`two formats have the id ${JSON.stringify(format.id)}`)
    byName.set(format.id, format)
  }
  for (const format of formats) {
    for (const name of [...format.aliases, ...Object.values(format.flags)]) {
      if (name !== 'auto' && !byName.has(name)) byName.set(name, format)
    }
  }

  function getFormat(idOrAlias: string): Format {
    const format = byName.get(idOrAlias)
    if (format !== undefined) return format
    const near = nearNames(String(idOrAlias), [...byName.keys()])
    throw new RangeError(
      `unknown format ${JSON.stringify(idOrAlias)}. ${near.length > 0 ? `Near names: ${near.join(', ')}` : `Formats: ${formats.map(({ id }) => id).join(', ')}`}`,
    )
  }

  function createParser(options: ParserOptions): Parser {
    const format = options?.format
    if (format === undefined) {
      throw new TypeError(`options.format: missing. Expected a format's id (${formats.map(({ id }) => id).join(', ')}), a Format value or 'auto'`)
    }
    return new Session(typeof format === 'string' ? getFormat(format) : format, options)
  }

  async function* parseBatches(source: TextSource, options: ParserOptions): AsyncGenerator<ParseEvent[], void> {
    const parser = createParser(options)
    try {
      for await (const chunk of chunksOf(source)) {
        const events = parser.push(chunk)
        if (events.length > 0) yield events
      }
    } catch (error) {
      // The source broke: what is known of its text comes out first, marked as cut.
      yield parser.end('abort')
      throw error
    }
    yield parser.end()
  }

  return {
    formats: () => formats,
    getFormat,
    createParser,
    parse(text, options) {
      const parser = createParser(options)
      const events = parser.push(text)
      return collect([...events, ...parser.end()])
    },
    parseBatches,
    async *parseStream(source, options) {
      for await (const events of parseBatches(source, options)) yield* events
    },
    render(calls, { format, content = '', reasoning = '', tools }) {
      return renderFormat(typeof format === 'string' ? getFormat(format) : format, calls, { content, reasoning }, readTools(tools))
    },
  }
}

async function* chunksOf(source: TextSource): AsyncGenerator<string, void> {
  if (Symbol.asyncIterator in source) {
    yield* source
    return
  }
  const reader = (source as ReadableStream<string>).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Names that a typing error could have meant, nearest first. */
function nearNames(name: string, names: readonly string[]): string[] {
  const wanted = plain(name)
  const scored = names.map((other) => ({ other, distance: editDistance(wanted, plain(other)) }))
  const near = scored.filter(({ other, distance }) => distance <= 2 || plain(other).includes(wanted) || wanted.includes(plain(other)))
  return near.sort((a, b) => a.distance - b.distance).slice(0, 5).map(({ other }) => other)
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 3 || a.length > 60) return 99
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}
