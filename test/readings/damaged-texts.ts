import { existsSync } from 'node:fs'
import type { Format } from '../../src/index.js'
import { matrixOf } from '../damage/matrix.js'
import { type OfferedTool, TOOLS } from '../damage/shapes.js'
import { piecesOf } from '../promises/format-facts.js'
import { MUTATIONS, type Mutation, mutate } from '../promises/mutate.js'
import { type Case, optionsOf, readCases } from '../support/case.js'
import type { OddText } from './odd-texts.js'
import { briefReadingsOf } from './reading.js'

// A few damaged texts of every format, from its damage matrix and from its fixtures, for what they give to be written down.

/** So many texts of a format. */
const MOST = 15
/** So many of each kind are looked at to choose them. */
const CANDIDATES = 80
/** Longer ones are not easily looked at. */
const LONGEST = 500

/** Stands for the id of a fixture where the text is of the damage matrix. */
const MATRIX = 'damage'

/** The text that an id tells: `damage "…"`, with the tools of the matrix, or `hermes/own-one "…"`, with the options of that fixture. */
export function damagedText(format: string, id: string): OddText | undefined {
  const end = id.indexOf(' ')
  const source = id.slice(0, end)
  const text = JSON.parse(id.slice(end)) as string
  if (source === MATRIX) return { id, text, options: { format, tools: TOOLS as OfferedTool[] } }
  const fixture = fixturesOf(format).get(source)
  return fixture === undefined ? undefined : { id, text, options: optionsOf(fixture) }
}

/** Texts of a format that are read in ways of their own: none is `seen` yet, or they were seen least often. */
export function chooseDamaged(format: Format, seen: Map<string, number>): OddText[] {
  const ids = alternating(
    evenly(matrixOf(format).map(({ text }) => ({ text, id: `${MATRIX} ${JSON.stringify(text)}` }))),
    evenly(damagedFixtures(format)),
  )
  const rest = ids.flatMap((id) => damagedText(format.id, id) ?? []).map((odd) => ({ odd, way: wayOf(odd) }))
  const chosen: OddText[] = []
  const own = new Set<string>()
  const costOf = (way: string) => (own.has(way) ? 1000 : 0) + (seen.get(way) ?? 0)
  while (chosen.length < MOST && rest.length > 0) {
    const best = rest.reduce((a, b) => (costOf(b.way) < costOf(a.way) ? b : a))
    rest.splice(rest.indexOf(best), 1)
    chosen.push(best.odd)
    own.add(best.way)
    seen.set(best.way, (seen.get(best.way) ?? 0) + 1)
  }
  return chosen.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** What comes of a text, without its places and words. */
function wayOf({ text, options }: OddText): string {
  return briefReadingsOf(text, options)
    .filter((line) => !line.startsWith('held'))
    .join('\n')
    .replace(/"(?:[^"\\]|\\.)*"|\d+/g, '')
}

/** Each fixture damaged in one place. */
function damagedFixtures(format: Format): { id: string; text: string }[] {
  const pieces = piecesOf(format)
  return [...fixturesOf(format.id).values()].map(({ id, completion }) => {
    const chance = hash(id)
    const kind = MUTATIONS[chance % MUTATIONS.length] as Mutation['kind']
    const text = mutate(completion, pieces, [{ kind, at: chance >>> 4, piece: chance >>> 12 }])
    return { id: `${id} ${JSON.stringify(text)}`, text }
  })
}

function fixturesOf(format: string): Map<string, Case> {
  const file = new URL(`../../fixtures/${format}.jsonl`, import.meta.url)
  return new Map(existsSync(file) ? readCases(file).map((one) => [one.id, one]) : [])
}

/** The same ones of a list however others come and go. */
function evenly(all: readonly { id: string; text: string }[]): string[] {
  return all
    .filter(({ text }) => text.length <= LONGEST)
    .map(({ id }) => id)
    .sort((a, b) => hash(a) - hash(b))
    .slice(0, CANDIDATES)
}

function alternating(a: readonly string[], b: readonly string[]): string[] {
  const length = Math.max(a.length, b.length)
  return Array.from({ length }, (_, i) => [a[i], b[i]]).flatMap((pair) => pair.filter((id) => id !== undefined))
}

/** FNV-1a */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}
