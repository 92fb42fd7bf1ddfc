import type { Family, FamilyReader, Opener } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import type { Read } from '../../text/step.js'
import { BareCalls } from './bare-calls.js'
import type { BareJsonGrammar } from './bare-json-grammar.js'

/**
 * A family whose calls others of the same format may follow, with a separator in between, as objects follow one another:
 * `<function=f>{…}</function>; {"name": …}`. `further`: how those are read, and which markers may follow a separator.
 */
export function thenCalls(family: Family, further: BareJsonGrammar): Family {
  return {
    ...family,
    create: (reading: Reading) => new ThenCalls(reading, family.create(reading), new BareCalls(reading, further)),
  }
}

// A class, as all readers are: a generator that is a closure gets a hidden class with each parser, which only a full
// collection frees, and with it all that the parser held. (Llama's prose in tokens: 24 µs, and 13 with the class.)
class ThenCalls implements FamilyReader {
  readonly expects: string

  constructor(
    private readonly reading: Reading,
    private readonly first: FamilyReader,
    private readonly calls: BareCalls,
  ) {
    this.expects = first.expects ?? 'a call'
  }

  opens(opener: Opener, from: number): ReturnType<FamilyReader['opens']> {
    return this.first.opens(opener, from)
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { reading } = this
    const read = yield* this.first.read(opener, from)
    if (read && reading.lastCallTo > from && reading.lastCallTo === reading.cursor.offset)
      yield* this.calls.readFurther(false)
    return read
  }
}
