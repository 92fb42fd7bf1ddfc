import type { Format } from '../engine/format.js'
import { type CallWire, callWire } from './call-wire.js'
import { attempt, CONTENT, KEYS, NAMES, STRINGS, THOUGHT, type Write, writer } from './probe.js'
import { around, cutAt } from './text-cuts.js'

/** What stands before and behind a text. */
export type Around = readonly [before: string, behind: string]

/** How a format writes a turn. */
export interface TurnWire {
  readonly calls: CallWire
  /** Without reasoning, and with it, if the format has any. */
  readonly plain: Shape
  readonly thinking: (Shape & { readonly open: string }) | undefined
}

/** What may stand in a turn, at its start or behind the text of its reasoning. */
export interface Shape {
  /** Up to the name of the first call. */
  readonly calls: string
  /** Around an answer alone. */
  readonly answer: Around
  /** Around an answer that calls follow, up to the first name; undefined if it cannot stand there. */
  readonly answerThenCalls: Around | undefined
}

/**
 * Learns how a format writes turns, from what its `render` makes of words that stand for what a turn may hold.
 * @throws GrammarError if it is in no way that is known
 */
export function turnWire(format: Format): TurnWire {
  let wire = wires.get(format)
  if (wire === undefined) {
    const write = writer(format)
    const [plain, thinking] = [shapeOf(write, format.id), thinkingOf(write, format.id)]
    wire = { calls: callWire(format, write), plain, thinking }
    wires.set(format, wire)
  }
  return wire
}

/** To learn a format is to render it some thirty times. */
const wires = new WeakMap<Format, TurnWire>()

const CALLS = [{ name: NAMES[0], arguments: { [KEYS[0]]: STRINGS[0] } }]

function shapeOf(write: Write, id: string): Shape {
  const cut = (text: string, word: string): Around =>
    cutAt(text, word, `${id}: how turns are written could not be worked out`)
  const both = attempt(() => write({ calls: CALLS, content: CONTENT }))
  return {
    calls: cut(write({ calls: CALLS }), NAMES[0])[0],
    answer: cut(write({ content: CONTENT }), CONTENT),
    answerThenCalls: both === undefined ? undefined : around(cut(both, NAMES[0])[0], CONTENT),
  }
}

function thinkingOf(write: Write, id: string): TurnWire['thinking'] {
  let open = ''
  const behindThought: Write = (parts) => {
    const text = write({ ...parts, reasoning: THOUGHT })
    const cut = cutAt(text, THOUGHT, `${id}: how reasoning is written could not be worked out`)
    open = cut[0]
    return cut[1]
  }
  if (attempt(() => behindThought({ content: CONTENT })) === undefined) return undefined
  return { ...shapeOf(behindThought, id), open }
}
