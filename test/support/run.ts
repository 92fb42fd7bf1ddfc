import type { ParseEvent, Parser, ParserOptions } from '../../src/index.js'
import { askingOnce } from './ask-once.js'
import { norm } from './norm.js'
import { isHard, isQuick } from './runs.js'

/** Makes parsers: `createParser` itself, or a broken stand-in that a checker has to see through. */
export type Create = (options: ParserOptions) => Parser

/** All events of one fresh parser that is fed the chunks and then ended. */
export function run(create: Create, options: ParserOptions, chunks: Iterable<string>): ParseEvent[] {
  const parser = create(options)
  const events: ParseEvent[] = []
  for (const chunk of chunks) for (const event of parser.push(chunk)) events.push(event)
  return events.concat(parser.end())
}

/** The text in single UTF-16 code units: surrogate pairs are cut too. */
export function characters(text: string): string[] {
  return text.split('')
}

/** The text in two pieces, cut at every place; at a few places where tests have to be quick. */
export function everyCut(text: string): Generator<string[]> {
  return cutsOf(text, isQuick ? 1 + Math.floor(text.length / 4) : 1, 0)
}

/** The text in two pieces, cut at the even places or, for an odd `turn`, at the odd ones; at every place in a harder run. */
export function everySecondCut(text: string, turn: number): Generator<string[]> {
  return isHard || isQuick ? everyCut(text) : cutsOf(text, 2, turn % 2)
}

function* cutsOf(text: string, step: number, from: number): Generator<string[]> {
  for (let i = from; i <= text.length; i += step) yield [text.slice(0, i), text.slice(i)]
}

/**
 * What the first chunking that gives other events than the whole text gives instead; undefined if all agree.
 * @example chunkDifference(createParser, { format: 'hermes' }, 'text', everyCut('text')) // undefined
 */
export function chunkDifference(
  create: Create,
  options: ParserOptions,
  text: string,
  chunkings: Iterable<readonly string[]>,
): string | undefined {
  const createAlike = askingOnce(create)
  const whole = norm(run(createAlike, options, [text])).map((event) => JSON.stringify(event))
  for (const chunks of chunkings) {
    const events = norm(run(createAlike, options, chunks)).map((event) => JSON.stringify(event))
    const length = Math.max(whole.length, events.length)
    for (let i = 0; i < length; i++) {
      if (whole[i] !== events[i]) {
        return `chunks ${show(chunks)}: event ${i} is\n  ${events[i]}\nand of the whole text\n  ${whole[i]}`
      }
    }
  }
  return undefined
}

function show(chunks: readonly string[]): string {
  if (chunks.length > 12 && chunks.every((chunk) => chunk.length === 1)) return 'of one character each'
  return JSON.stringify(chunks)
}
