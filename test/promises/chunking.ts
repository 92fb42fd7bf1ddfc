import { collect, type ParseEvent } from '../../src/index.js'
import { norm } from '../support/norm.js'
import { characters, chunkDifference, run } from '../support/run.js'
import { someCuts, tokens } from '../support/seeded.js'
import { chance, eventsOf, optionsOf, show, type TextPromise, type Trial, wholeEvents } from './trial.js'

/** Chunks and time order: the result never depends on how the text was cut, and nothing shown is taken back. */
export const chunking: readonly TextPromise[] = [
  { id: 'I1', says: 'any chunking gives the same events', check: sameInAnyChunks },
  { id: 'I2', says: 'parse is the fold of the one machine', check: parseIsTheFold },
  { id: 'I39', says: 'what a prefix has shown is never taken back', check: nothingTakenBack },
  { id: 'I43', says: 'the same chunks give the same events', check: sameAgain },
  { id: 'I30', says: 'parsers that run side by side do not see each other', check: sideBySide },
  { id: 'I36', says: 'no delta ends inside a surrogate pair', check: wholePairs },
]

function sameInAnyChunks(trial: Trial): string | undefined {
  const { create, text } = trial
  const random = chance(trial)
  const chunkings = [
    characters(text),
    ...someCuts(text, random, 6),
    tokens(text, random),
    tokens(text, random, 3),
    tokens(text, random, 40),
  ]
  return chunkDifference(create, optionsOf(trial), text, chunkings)
}

function parseIsTheFold(trial: Trial): string | undefined {
  const parsed = JSON.stringify(trial.parse(trial.text, optionsOf(trial)))
  const folded = JSON.stringify(collect(wholeEvents(trial)))
  return parsed === folded ? undefined : `parse gives ${parsed}\nand the events fold into ${folded}`
}

function nothingTakenBack(trial: Trial): string | undefined {
  const { create, text } = trial
  const random = chance(trial)
  const whole = norm(wholeEvents(trial))
  for (let k = 0; k < 8; k++) {
    const prefix = text.slice(0, Math.floor(random() * (text.length + 1)))
    const shown = norm(create(optionsOf(trial)).push(prefix))
    const wrong = shown.findIndex((event, i) => !continues(event, whole[i], i === shown.length - 1))
    if (wrong >= 0) {
      return `behind ${show(prefix)} there was ${show(shown[wrong])}, and in the end ${show(whole[wrong])}`
    }
  }
  return undefined
}

/** Is `later` the same event, or, for the last delta, one that goes on? */
function continues(event: ParseEvent, later: ParseEvent | undefined, last: boolean): boolean {
  if (later === undefined) return false
  // An argument that stands beside the others in the text, before them, comes behind them: the merged delta begins there.
  if (last && event.type === 'arguments' && later.type === 'arguments' && later.from <= event.from)
    return event.index === later.index && later.delta.startsWith(event.delta)
  if (last && event.type === later.type && event.from === later.from) {
    if (event.type === 'content' || event.type === 'reasoning')
      return (later as typeof event).text.startsWith(event.text)
  }
  return JSON.stringify(event) === JSON.stringify(later)
}

function sameAgain(trial: Trial): string | undefined {
  const chunks = tokens(trial.text, chance(trial))
  const once = JSON.stringify(run(trial.create, optionsOf(trial), chunks))
  const again = JSON.stringify(run(trial.create, optionsOf(trial), chunks))
  return once === again ? undefined : `first ${once}\nand then ${again}`
}

/** Three parsers fed in turn, the middle one with another text, against each of them alone. */
function sideBySide(trial: Trial): string | undefined {
  const { create, text } = trial
  const random = chance(trial)
  const texts = [text, `${text.slice(text.length >> 1)}${text}`, text]
  const streams = texts.map((one) => tokens(one, random))
  const alone = streams.map((chunks) => JSON.stringify(run(create, optionsOf(trial), chunks)))
  const parsers = streams.map(() => create(optionsOf(trial)))
  const events: ParseEvent[][] = streams.map(() => [])
  const longest = Math.max(...streams.map((chunks) => chunks.length))
  for (let i = 0; i < longest; i++) {
    for (const [p, parser] of parsers.entries()) {
      const chunk = streams[p]?.[i]
      if (chunk !== undefined) events[p]?.push(...parser.push(chunk))
    }
  }
  for (const [p, parser] of parsers.entries()) events[p]?.push(...parser.end())
  const wrong = events.findIndex((together, p) => JSON.stringify(together) !== alone[p])
  return wrong < 0 ? undefined : `parser ${wrong} gives ${show(events[wrong])}\nand alone ${alone[wrong]}`
}

function wholePairs(trial: Trial): string | undefined {
  const events = run(trial.create, optionsOf(trial), characters(trial.text))
  const pieces = [
    ...eventsOf(events, 'content').map(({ text, to }) => ({ text, next: trial.text.charCodeAt(to) })),
    ...eventsOf(events, 'reasoning').map(({ text, to }) => ({ text, next: trial.text.charCodeAt(to) })),
    ...eventsOf(events, 'arguments').map(({ delta, to }) => ({ text: delta, next: trial.text.charCodeAt(to) })),
  ]
  const cut = pieces.find(({ text, next }) => isHigh(text.charCodeAt(text.length - 1)) && (next & 0xfc00) === 0xdc00)
  return cut === undefined ? undefined : `a delta ends in half a pair: ${show(cut.text)}`
}

function isHigh(code: number): boolean {
  return (code & 0xfc00) === 0xd800
}
