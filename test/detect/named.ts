import { readdirSync } from 'node:fs'
import { detect, getFormat, type ParseResult, parse } from '../../src/index.js'
import { optionsOf, readCases } from '../support/case.js'

/**
 * What `detect` names first for a fixture: its own `format`; one that reads it `alike`; nothing, where its format finds no
 * call in it either (`no call`); or another one (`wrong`).
 */
export interface Named {
  readonly id: string
  readonly format: string
  readonly found: string | undefined
  readonly verdict: 'own' | 'alike' | 'no call' | 'wrong'
}

/** What is named first for every fixture in a folder. Each is given what its format was told, but for its own name. */
export function namedFixtures(folder: URL): Named[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readCases(new URL(file, folder)))
    .filter(({ format }) => format !== 'auto')
    .map((fixture) => {
      const { id: format } = getFormat(fixture.format)
      const { separators: _, ...options } = optionsOf(fixture)
      const found = detect(fixture.completion, options)[0]?.format
      const read = (format: string) => readingOf(parse(fixture.completion, { ...options, format }))
      const own = read(format)
      const verdict =
        found === undefined
          ? (own.isEmpty && 'no call') || 'wrong'
          : found === format
            ? 'own'
            : read(found).text === own.text
              ? 'alike'
              : 'wrong'
      return { id: fixture.id, format, found, verdict }
    })
}

/** How many of them are named right. */
export function rightOf(named: readonly Named[]): number {
  return named.filter(({ verdict }) => verdict !== 'wrong').length
}

/** All that a user is given of a text, in one string. */
function readingOf({ content, reasoning, toolCalls, incomplete, status }: ParseResult) {
  const calls = [...toolCalls, ...incomplete].map((call) => [call.name, call.arguments, call.status])
  return {
    isEmpty: calls.length === 0,
    text: JSON.stringify([content.trim(), reasoning.trim(), calls, status]),
  }
}
