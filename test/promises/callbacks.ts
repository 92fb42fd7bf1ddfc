import fc from 'fast-check'
import type { Format, ParseEvent, Parser } from '../../src/index.js'
import type { Create } from '../support/run.js'
import type { Attempt, MadePromise } from './attempt.js'
import { toolsFor } from './calls.js'
import { type Call, renderOf } from './format-facts.js'
import { show } from './trial.js'

/** What the caller's own function does wrong ends the parser, and is never taken for the end of a text. */
export const callbacks: readonly MadePromise[] = [
  {
    id: 'I48',
    says: 'a generateId that throws reaches the caller and leaves the parser closed',
    attempts: (format) => fc.integer({ min: 1, max: 3 }).map((n) => attemptOf(format, n, 'throws')),
  },
  {
    id: 'I48',
    says: 'ids that are empty, no strings or given twice are refused the same way',
    attempts: (format) =>
      fc
        .tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom<Fault>('empty', 'a number', 'given twice'))
        .map(([n, fault]) => attemptOf(format, n, fault)),
  },
]

type Fault = 'throws' | 'empty' | 'a number' | 'given twice'

const BOOM = new Error('the caller failed')

/** The fault happens at the last of `n` calls; ids given twice need two. */
function attemptOf(format: Format, n: number, fault: Fault): Attempt {
  const count = fault === 'given twice' ? n + 1 : n
  const calls: Call[] = Array.from({ length: count }, (_, i) => ({ name: 'f', arguments: { city: `Bergen ${i}` } }))
  const text = renderOf(format, calls, { tools: toolsFor(calls) })
  return {
    text,
    input: { n, fault },
    check: (create) => (text === undefined ? undefined : problemWith(create, format, calls, text, fault)),
  }
}

function problemWith(
  create: Create,
  format: Format,
  calls: readonly Call[],
  text: string,
  fault: Fault,
): string | undefined {
  const generateId = ({ index }: { index: number }): string => {
    if (index < calls.length - 1) return fault === 'given twice' ? 'same' : `id_${index}`
    if (fault === 'throws') throw BOOM
    return fault === 'empty' ? '' : fault === 'a number' ? (7 as unknown as string) : 'same'
  }
  const parser = create({ format, tools: toolsFor(calls), generateId })
  const thrown = thrownBy(() => [...parser.push(text), ...parser.end()])
  if (thrown === undefined) return `an id that ${fault} was taken, and nobody heard of it: ${show(text)}`
  if (fault === 'throws' && thrown !== BOOM) return `the caller's own error became ${String(thrown)}`
  return stillOpen(parser)
}

/** A closed parser refuses more text, and does not call what it read complete. */
function stillOpen(parser: Parser): string | undefined {
  if (thrownBy(() => parser.push(' more')) === undefined) return 'it takes more text behind the error'
  let events: ParseEvent[] = []
  thrownBy(() => {
    events = parser.end()
    return events
  })
  const end = events.find((event) => event.type === 'end')
  return end?.type === 'end' && end.status === 'complete' ? 'it says complete behind the error' : undefined
}

function thrownBy(act: () => unknown): unknown {
  try {
    act()
    return undefined
  } catch (error) {
    return error
  }
}
