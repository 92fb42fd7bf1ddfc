import type { Format, Opener } from '../engine/format.js'
import { blocksOf } from '../engine/reasoning-blocks.js'
import type { Tool } from '../tools/tools-input.js'
import { callGrammar } from './call.js'
import {
  characters,
  choice,
  type FreeText,
  literal,
  NOTHING,
  type Node,
  optional,
  repeat,
  sequence,
  textWithout,
} from './node.js'
import { CONTENT } from './probe.js'
import { GrammarError } from './problem.js'
import { inSet } from './regular.js'
import { endMarker, sameStart } from './text-cuts.js'
import { type Shape, type TurnWire, turnWire } from './turn-wire.js'

/** What a turn may be. */
export interface Turn {
  readonly calls: 'none' | 'some' | 'required'
  /** No more than one call. */
  readonly once: boolean
  /** `may`: reasoning may stand before the rest; `open`: the prompt began it, so that the text begins inside; `no`. */
  readonly reasoning: 'may' | 'open' | 'no'
}

/**
 * The grammar of a turn of a format, with calls of these tools.
 * @param loosened takes what the schemas ask and the grammar does not hold to
 * @throws GrammarError if the format cannot write a tool, or is written in no way that is known
 */
export function turnGrammar(format: Format, tools: readonly Tool[], turn: Turn, loosened: Set<string>): Node {
  if (turn.calls !== 'none' && tools.length === 0) throw new GrammarError('there is no tool to call')
  return new TurnGrammar(format, tools, turn, loosened).node()
}

/** White space that models write behind their reasoning. */
const GAP = characters(' \\n', 0, 4)

/** A beginning of calls that is shorter than this stands in ordinary text too. */
const SHORTEST_TRIGGER = 4

class TurnGrammar {
  private readonly wire: TurnWire
  /** What the format's text holds nowhere but in its markup. */
  private readonly guards: readonly string[]
  private readonly call: Node

  constructor(
    private readonly format: Format,
    tools: readonly Tool[],
    private readonly turn: Turn,
    loosened: Set<string>,
  ) {
    this.wire = turnWire(format)
    this.guards = guardsOf(format, this.wire)
    this.call = choice(
      turn.calls === 'none' ? [NOTHING] : tools.map((tool) => callGrammar(format, this.wire.calls, tool, loosened)),
    )
  }

  node(): Node {
    const { plain, thinking } = this.wire
    const { reasoning } = this.turn
    const forms: Node[] = []
    if (reasoning !== 'open' || thinking === undefined)
      forms.push(...this.forms(plain).map((form) => this.started(form)))
    if (reasoning !== 'no' && thinking !== undefined) {
      const thought = this.textBefore(sameStart(thinking.calls, thinking.answer[0] + CONTENT))
      const rest = choice(this.forms(thinking))
      forms.push(
        reasoning === 'open' ? sequence(thought, rest) : this.started(sequence(literal(thinking.open), thought, rest)),
      )
    }
    return choice(forms)
  }

  /** All that a turn may be, from its start or from the end of its reasoning. */
  private forms(shape: Shape): Node[] {
    const withCalls = this.withCalls(shape.calls, shape !== this.wire.plain)
    if (this.turn.calls === 'required') return [withCalls]
    if (isFree(shape, this.wire)) return this.freeForms(shape, withCalls)
    const { answer, answerThenCalls } = shape
    const alone = sequence(literal(answer[0]), this.textBefore(answer[1]), literal(answer[1]))
    if (this.turn.calls === 'none') return [alone]
    if (answerThenCalls === undefined) return [alone, withCalls]
    const [before, behind] = answerThenCalls
    return [alone, withCalls, sequence(literal(before), this.textBefore(behind), this.withCalls(behind, false))]
  }

  /** Text that something follows. */
  private textBefore(follow: string): Node {
    const end = endMarker(follow)
    return textWithout(end === '' ? this.guards : [end, ...this.guards])
  }

  /** Calls behind a head, which ends with what begins calls wherever they stand. */
  private withCalls(head: string, hasGap: boolean): Node {
    const { calls } = this.wire
    const { begin } = calls.texts
    const lead = head.endsWith(begin)
      ? [literal(head.slice(0, head.length - begin.length)), hasGap ? GAP : NOTHING, calls.begin('')]
      : [literal(head)]
    const more = this.turn.once ? NOTHING : repeat(sequence(calls.join(''), this.call))
    return sequence(...lead, this.call, more, calls.tail(''))
  }

  /** Calls in free text: behind the marker that begins them, or, where that is ordinary text, at the start. */
  private freeForms({ answer }: Shape, withCalls: Node): Node[] {
    const lead = literal(answer[0])
    const { trigger, isLine } = this.trigger()
    if (trigger === undefined) {
      const first = this.wire.calls.texts.begin.trimStart().charAt(0)
      const text = optional(sequence(characters(`^${inSet(first)} \\n\\t\\r`, 1, 1), textWithout(this.guards)))
      return this.turn.calls === 'none' ? [sequence(lead, text)] : [sequence(lead, text), withCalls]
    }
    const without = this.guards.filter((guard) => !guard.startsWith(trigger) && !trigger.startsWith(guard))
    if (this.turn.calls === 'none') return [sequence(lead, textWithout([trigger, ...without]))]
    const { calls } = this.wire
    // Behind calls that no marker ends, text would be read as more of them.
    const isLast = this.turn.once || calls.texts.tail.trim() === ''
    const isSingle = this.turn.once || (!isLast && isBlock(calls.texts))
    const more = isSingle ? NOTHING : repeat(sequence(calls.join(''), this.call))
    const block = sequence(trimmed(calls.begin('')), this.call, more, calls.tail(''))
    const most = isLast ? 1 : Number.POSITIVE_INFINITY
    if (!isLine) return [sequence(lead, { kind: 'free', trigger, without, block, most })]
    // A marker that counts at the start of a line alone.
    const line: FreeText = {
      kind: 'free',
      trigger: `\n${trigger}`,
      without,
      block: sequence(literal('\n'), block),
      most,
    }
    return [sequence(lead, line), sequence(lead, block, isLast ? NOTHING : line)]
  }

  /** The longest marker of the format that begins its calls; all that begins them, where that is telling. */
  private trigger(): { trigger: string | undefined; isLine: boolean } {
    const text = this.wire.calls.texts.begin.trimStart()
    const openers = openersOf(this.format).filter(({ marker }) => text.startsWith(marker))
    const [longest] = openers.sort((one, other) => other.marker.length - one.marker.length)
    if (longest !== undefined) return { trigger: longest.marker, isLine: longest.where === 'line-start' }
    return { trigger: text.length < SHORTEST_TRIGGER ? undefined : text, isLine: false }
  }

  /** A turn whose first words may stand in the prompt: the header of its first message. */
  private started(node: Node): Node {
    const { channels } = this.format
    return changedStart(node, (text) => {
      const said = channels === undefined ? [] : [channels.role, channels.inPrompt ?? channels.role]
      const starts = said.map((said) => channels?.start + said).filter((start) => text.startsWith(start))
      return choice([literal(text), ...starts.map((start) => literal(text.slice(start.length)))])
    })
  }
}

/** Does an answer stand where calls stand, without any mark around it? */
function isFree({ answer, calls }: Shape, wire: TurnWire): boolean {
  const { begin } = wire.calls.texts
  return (
    answer[1] === '' && calls.endsWith(begin) && calls.slice(0, calls.length - begin.length).trim() === answer[0].trim()
  )
}

/** Are calls blocks of their own, so that several of them are several blocks? */
function isBlock({ begin, join, tail }: { begin: string; join: string; tail: string }): boolean {
  const start = begin.trimStart()
  return (
    join.startsWith(tail) && join.endsWith(start) && join.slice(tail.length, join.length - start.length).trim() === ''
  )
}

function trimmed(node: Node): Node {
  return changedStart(node, (text) => literal(text.trimStart()))
}

/** The same with another literal in the place of the one that it begins with. */
function changedStart(node: Node, change: (text: string) => Node): Node {
  if (node.kind === 'literal') return change(node.text)
  const [first, ...rest] = node.kind === 'sequence' ? node.parts : []
  return first?.kind === 'literal' ? sequence(change(first.text), ...rest) : node
}

/** The markers that may open a call where they stand in text. */
function openersOf(format: Format): Pick<Opener, 'marker' | 'where'>[] {
  const openers = format.families.flatMap(({ openers }) => openers)
  const marked = openers.filter(({ bare, prefix }) => bare !== true && prefix !== true)
  return marked.map(({ marker, where }) => ({ marker: marker.trimStart(), where }))
}

/** The format's markers that its calls hold, and those of its reasoning: text that holds one would be read as more than text. */
function guardsOf(format: Format, { calls: { texts } }: TurnWire): string[] {
  const written = `${texts.begin}${texts.join}`
  const openers = openersOf(format).flatMap(({ marker, where }) =>
    where === undefined && written.includes(marker) ? [marker] : [],
  )
  const blocks = blocksOf(format).filter(({ isWorded }) => isWorded !== true)
  return [...new Set([...openers, ...blocks.flatMap(({ open, close }) => [open, close])])]
}
