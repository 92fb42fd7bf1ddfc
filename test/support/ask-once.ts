import type { FindOtherFormat, ReadOfText } from '../../src/engine/session.js'
import { createParser, createRegistry, type Format, type ParserOptions } from '../../src/index.js'
import type { Create } from './run.js'
import { isHard } from './runs.js'

/** As much is remembered as the promises ask about the texts of one format. */
const MOST_KEPT = 5000

/**
 * Parsers that remember between them what other formats find in a text. A parser that found no call asks every format about
 * its whole text at the end, which costs more than all the rest, and says the same however the text was cut: a text that is
 * read in a hundred ways is asked about once for each rest that its readings leave. That the answer depends on nothing else
 * is what I2 (against `parse`, which remembers nothing) and I42 hold.
 */
export function askingOnce(create: Create): Create {
  const asking: Create = (options) => {
    const parser = create(options)
    // Its own business, so that nothing else may ask; parsers that are broken on purpose have none.
    const find: FindOtherFormat | undefined = Reflect.get(parser, 'findOtherFormat')
    if (find === undefined) return parser
    const remembered: FindOtherFormat = (text, read) => {
      const answers = answersOf(asking)
      const key = `${keyOf(options, read)} ${text}`
      if (!answers.has(key)) {
        if (answers.size === MOST_KEPT) answers.clear()
        answers.set(key, find(text, read))
      }
      return answers.get(key)
    }
    Reflect.set(parser, 'findOtherFormat', remembered)
    return parser
  }
  return asking
}

type Answers = Map<string, ReturnType<FindOtherFormat>>

/** What was answered to whom. Mutation runs empty all maps of this kind, so that no mutant is answered by another one. */
const answered = new WeakMap<Create, Answers>()

function answersOf(create: Create): Answers {
  const answers = answered.get(create) ?? new Map()
  answered.set(create, answers)
  return answers
}

/**
 * For texts of which each takes long: every fourth is read as usual, by turns, the others where no other format is registered
 * that could be asked about them. A harder run asks about all.
 */
export function askingByTurns(format: Format, turn: number): Create {
  return isHard || turn % 4 === 0 ? createParser : createRegistry([format]).createParser
}

/** All that an answer depends on beside the text. What is made of functions is the same only if it is the same object. */
function keyOf({ format, tools, startInReasoning, callsInReasoning }: ParserOptions, read: ReadOfText): string {
  const chosen = typeof format === 'string' ? format : numberOf(format)
  const { repair } = read.settings
  return JSON.stringify([chosen, numberOf(tools), startInReasoning, callsInReasoning, repair, read.format, read.called])
}

const numbers = new WeakMap<object, number>()

function numberOf(value: Format | ParserOptions['tools']): number {
  if (value === undefined) return 0
  const known = numbers.get(value)
  if (known !== undefined) return known
  const number = ++last
  numbers.set(value, number)
  return number
}
let last = 0
