import fc from 'fast-check'
import { createParser, type Format, formats } from '../../src/index.js'
import { noise, type Sample, samplesOf } from '../promises/texts.js'
import { workOn } from '../promises/work.js'

/** A text whose middle can be repeated: what a careless parser would read again and again. */
export interface Pump {
  readonly sample: Sample
  readonly middle: string
  readonly at: number
}

/** Pieces of a format's syntax to be repeated inside its texts. */
export function pumpsOf(format: Format): fc.Arbitrary<Pump> {
  return fc.record({
    sample: samplesOf(format),
    middle: noise(format).map((text) => text.slice(0, 24) || ' '),
    at: fc.nat({ max: 10_000 }),
  })
}

/** A piece of code that nests needs its depth; the repeated part has to be most of the text. */
const LENGTH = 1536
/** Twice the text may take a little more than twice the work: see promises/linear.test.ts. */
const RATIO = 2.5
/** A text without a call is read by every other format at its end: up to nine times its length for each of them. */
const MOST = 10 * formats().length

/** The text with its middle repeated up to about `length` characters more. */
export function pumped({ sample, middle, at }: Pump, length: number): string {
  const place = at % (sample.text.length + 1)
  const times = Math.ceil(length / middle.length)
  return sample.text.slice(0, place) + middle.repeat(times) + sample.text.slice(place)
}

/** What is wrong with the work on a pumped text, or undefined: twice the text is twice the work. */
export function notLinear(format: Format, pump: Pump): string | undefined {
  const options = { ...pump.sample.options, format }
  const [short, long] = [pumped(pump, LENGTH), pumped(pump, 2 * LENGTH)]
  const work = workOn(createParser, options, long)
  if (work > MOST * long.length) return `${work / long.length} characters at hand for each one of the text`
  const ratio = work / workOn(createParser, options, short)
  if (ratio <= RATIO || work <= 20 * long.length) return undefined
  // Twice more: a middle that came an even number of times may close what an odd number leaves open, which is other work, and a
  // look ahead of a thousand characters grows until the text is as long.
  const longer = workOn(createParser, options, pumped(pump, 4 * LENGTH))
  const further = Math.min(longer / work, workOn(createParser, options, pumped(pump, 8 * LENGTH)) / longer)
  return further > RATIO
    ? `twice the text took ${ratio.toFixed(2)} times the work, and at least ${further.toFixed(2)} times twice again`
    : undefined
}
