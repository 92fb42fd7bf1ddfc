import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import type { Format } from '../../src/index.js'
import { createParser } from '../../src/index.js'
import { type Damaged, matrixOf, UNDAMAGED } from '../damage/matrix.js'
import { type OfferedTool, TOOLS, textOf } from '../damage/shapes.js'
import type { Create } from '../support/run.js'
import { type Attempt, type MadePromise, resultOf } from './attempt.js'
import { show } from './trial.js'

/** A call that cannot be read does not take what stands behind its end with it. */
export const boundedDamage: readonly MadePromise[] = [
  {
    id: 'I47',
    says: 'a whole call behind a damaged one is delivered, and the text around it is content',
    attempts: (format) => fc.constantFrom(...damagesOf(format)).map((damaged) => attemptOf(format, damaged)),
  },
]

const BETWEEN = 'Now the next one.'
const BEHIND = 'That was all.'
const NEXT = { name: 'get_weather', arguments: { city: 'Oslo' } }

const matrices = new Map<Format, readonly Damaged[]>()

/**
 * Damages that leave the end of the call alone. Without its closers, or with an odd number of quotes, it is not known where
 * the call ends.
 */
function damagesOf(format: Format): readonly Damaged[] {
  const known =
    matrices.get(format) ?? matrixOf(format).filter((damaged) => damaged.way !== UNDAMAGED && keepsEnd(damaged))
  matrices.set(format, known)
  return known
}

function keepsEnd({ piece, way, shape, at }: Damaged): boolean {
  const isCloser = /^<\/|end|^[}\])]|```$/.test(piece) || shape.text.slice(at + piece.length).trim() === ''
  const isQuoted = /["'`]/.test(piece) || /quotes/.test(way)
  const makesCloser = way === 'swapped for its like' && (piece.startsWith('<') || /^[[{(]/.test(piece))
  return !isCloser && !isQuoted && !makesCloser
}

function attemptOf(format: Format, damaged: Damaged): Attempt {
  const tail = tailOf(format, damaged.shape.text)
  const text = tail === undefined ? undefined : damaged.text + tail
  return {
    text,
    input: { ...damaged, shape: damaged.shape.name },
    check: (create) => (text === undefined || tail === undefined ? undefined : lost(create, format, text, tail)),
  }
}

/** What follows, as far as it is read behind the undamaged call. Behind calls without a marker no text may stand. */
function tailOf(format: Format, whole: string): string | undefined {
  const next = textOf(format, [NEXT]) ?? ''
  const tails = [`\n${BETWEEN}\n${next}\n${BEHIND}`, `\n${BETWEEN}\n${next}`]
  return tails.find((tail) => lost(createParser, format, whole + tail, tail) === undefined)
}

/** What of the tail did not come out. */
function lost(create: Create, format: Format, text: string, tail: string): string | undefined {
  const { toolCalls, content } = resultOf(create, { format, tools: TOOLS as OfferedTool[] }, text)
  const found = toolCalls.filter((call) => isDeepStrictEqual({ name: call.name, arguments: call.arguments }, NEXT))
  if (found.length !== 1) return `the call behind the damage came ${found.length} times of ${show(text)}`
  const missing = [BETWEEN, BEHIND].find((prose) => tail.includes(prose) && !content.includes(prose))
  return missing === undefined ? undefined : `${show(missing)} is not in the content of ${show(text)}`
}
