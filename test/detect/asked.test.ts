import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createParser } from '../../src/core.js'
import { autoFormat } from '../../src/detect/auto.js'
import type { Format } from '../../src/engine/format.js'
import { formats } from '../../src/index.js'
import { readCases } from '../support/case.js'
import { run } from '../support/run.js'
import { isHard } from '../support/runs.js'

const fixtures = new URL('../../fixtures/', import.meta.url)
const files = readdirSync(fixtures).filter((file) => file.endsWith('.jsonl'))

/** The format, whose readers are asked whatever stands behind their markers. */
function alwaysAsked(format: Format): Format {
  const families = format.families.map((family) => ({
    ...family,
    openers: family.openers.map((opener) => ({ ...opener, mayBegin: undefined })),
  }))
  return { ...format, families }
}

/** A text, what comes of it first, and the same with its first marker away, or twice. One of them by turns; in a harder run all. */
function textsOf(text: string, turn: number): string[] {
  const marker = /^\W*\w+\W*/.exec(text)?.[0] ?? ''
  const rest = text.slice(marker.length)
  const all = [text, rest, `${marker} ${marker}\n${rest}`, text.slice(0, Math.floor((text.length * 3) / 8))]
  return isHard ? all : all.slice(turn % 4, (turn % 4) + 1)
}

describe('auto', () => {
  const own = autoFormat(formats())
  const asking = autoFormat(formats().map(alwaysAsked))

  it.each(files)('reads %s as if it asked each format at each of its markers', (file) => {
    for (const [i, { completion, tools, options }] of readCases(new URL(file, fixtures)).entries()) {
      for (const text of textsOf(completion, i)) {
        const chunks = i % 3 === 0 ? (text.match(/[\s\S]{1,9}/g) ?? []) : [text]
        const events = (format: Format) => run(createParser, { tools, ...options, format }, chunks)
        expect(events(own)).toEqual(events(asking))
      }
    }
  })
})
