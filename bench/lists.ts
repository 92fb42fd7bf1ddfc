import { createParser, getFormat } from '../src/index.js'
import { type ListText, listTexts, type Share } from '../test/promises/list-texts.js'
import { sink } from './subject.js'
import { flat } from './workloads.js'

/** Characters of a piece, by feed. */
const STEPS = { tokens: 4, characters: 1, whole: Number.POSITIVE_INFINITY }
type ListFeed = keyof typeof STEPS
const FEEDS = Object.keys(STEPS) as ListFeed[]

/** Characters of a list; it is held against one twice as long. */
export const LIST_LENGTH = 120_000
/** A reading is taken again for so many milliseconds, since the least of a few counts. */
const LEAST = 30

/** A list to time: which of the format's, and how it is fed. */
export interface ListTask {
  readonly name: string
  readonly feed: ListFeed
}

/** Lists of a format to time. `some` takes one of every lead or so, each in one feed, others for each seed; `all` takes all. */
export function listTasks(format: string, which: 'some' | 'all', seed: number): ListTask[] {
  const share: Share = which === 'all' ? { of: 1, turn: 0 } : { of: SPARSE, turn: seed }
  const lists = listTexts(getFormat(format), share)
  return lists.flatMap(({ name }, i) =>
    FEEDS.filter((_, k) => which === 'all' || (i + seed) % FEEDS.length === k).map((feed) => ({ name, feed })),
  )
}

/** More than a format has units, so that there is at most one for each lead. */
const SPARSE = 97

const made = new Map<string, ReadonlyMap<string, ListText>>()

function textsOf(format: string): ReadonlyMap<string, ListText> {
  const known = made.get(format) ?? new Map(listTexts(getFormat(format)).map((list) => [list.name, list]))
  made.set(format, known)
  return known
}

/** Milliseconds to read a list of so many characters. */
export function listTime(format: string, { name, feed }: ListTask, length: number): number {
  const list = textsOf(format).get(name)
  if (list === undefined) return Number.NaN
  const text = flat(list.text(length))
  const step = Math.min(STEPS[feed], text.length)
  let best = Number.POSITIVE_INFINITY
  for (let spent = 0, times = 0; times < 3 || spent < LEAST; times++) {
    const parser = createParser({ format, limits: { calls: 1_000_000 } })
    const start = performance.now()
    for (let at = 0; at < text.length; at += step)
      for (const event of parser.push(text.slice(at, at + step))) sink.last = event
    for (const event of parser.end()) sink.last = event
    const time = performance.now() - start
    best = Math.min(best, time)
    spent += time
  }
  return best
}
