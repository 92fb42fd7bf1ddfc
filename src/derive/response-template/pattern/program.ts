import { CharacterSet } from './character-set.js'
import { type Condition, PatternError, type PatternNode, type RepeatNode } from './pattern-node.js'
import { readPattern } from './pattern-syntax.js'

/** A step of a program. Threads of lower priority take `second`. */
export type Instruction =
  | { readonly op: 'take'; readonly set: CharacterSet }
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'if'; readonly condition: Condition }
  /** The match ends here; what follows is looked at only. */
  | { readonly op: 'end' }
  | { readonly op: 'match' }

/** A pattern as a program of a Pike machine: threads in order of priority, one for each instruction at most. */
export interface Program {
  readonly instructions: readonly Instruction[]
  /** The slots in which named groups begin; they end in the slot behind. */
  readonly groups: ReadonlyMap<string, number>
  readonly node: PatternNode
  /** It can match nothing at all, wherever it is asked. */
  readonly isIdle: boolean
  /** It can match without taking any character: before or behind something, or at the start or end of the text. */
  readonly isPlace: boolean
  /** By code below 128: 1 for a character before which a match may begin. */
  readonly begins: Uint8Array
}

const MOST_INSTRUCTIONS = 5000

/**
 * Makes the program of a pattern of Python's `regex`.
 * @throws PatternError, which says where, for what no automaton can take
 */
export function compile(source: string): Program {
  return compileNode(readPattern(source))
}

/** The program of one of several literal texts: of two at the same place, the longer counts. */
export function compileLiterals(texts: readonly string[]): Program {
  const byLength = [...new Set(texts)].sort((a, b) => b.length - a.length)
  const options = byLength.map((text): PatternNode => {
    const items = [...text].map((character): PatternNode => {
      return { kind: 'set', set: CharacterSet.of(character.codePointAt(0) as number) }
    })
    return { kind: 'sequence', items }
  })
  const [only, another] = options
  return compileNode(only !== undefined && another === undefined ? only : { kind: 'choice', options })
}

function compileNode(node: PatternNode): Program {
  const compiler = new Compiler()
  compiler.add(node, true)
  compiler.instructions.push({ op: 'match' })
  const { instructions, groups } = compiler
  const begins = beginnings(instructions)
  return { instructions, groups, node, begins, isIdle: takesNothing(node, false), isPlace: takesNothing(node, true) }
}

/** The characters before which a match may begin. Conditions are taken to hold, and what they let through for any character. */
function beginnings(instructions: readonly Instruction[]): Uint8Array {
  const begins = new Uint8Array(128)
  const seen = new Set<number>()
  const open = [0]
  for (let pc = open.pop(); pc !== undefined; pc = open.pop()) {
    if (seen.has(pc)) continue
    seen.add(pc)
    const instruction = instructions[pc] as Instruction
    if (instruction.op === 'match') begins.fill(1)
    else if (instruction.op === 'take') {
      for (let code = 0; code < 128; code++) if (instruction.set.has(code)) begins[code] = 1
    } else if (instruction.op === 'split') open.push(instruction.first, instruction.second)
    else if (instruction.op === 'jump') open.push(instruction.to)
    // The end of the text is no character.
    else if (instruction.op !== 'if' || instruction.condition.test !== 'end') open.push(pc + 1)
  }
  return begins
}

class Compiler {
  readonly instructions: Instruction[] = []
  readonly groups = new Map<string, number>()

  /** @param isLast nothing of the pattern follows the node */
  add(node: PatternNode, isLast: boolean): void {
    const { instructions } = this
    if (instructions.length > MOST_INSTRUCTIONS) throw new PatternError('the pattern is too large', 0)
    if (node.kind === 'set') instructions.push({ op: 'take', set: node.set })
    else if (node.kind === 'sequence')
      for (const [i, item] of node.items.entries()) this.add(item, isLast && i === node.items.length - 1)
    else if (node.kind === 'choice') this.choice(node.options, isLast)
    else if (node.kind === 'repeat') this.repeat(node)
    else if (node.kind === 'group') this.group(node.item, node.name, isLast)
    else if (node.kind === 'condition') instructions.push({ op: 'if', condition: node.condition })
    else {
      if (!isLast) throw new PatternError('a lookahead of more than one character counts only at the end', node.at)
      instructions.push({ op: 'end' })
      this.add(node.item, false)
    }
  }

  private choice(options: readonly PatternNode[], isLast: boolean): void {
    const { instructions } = this
    const jumps: { op: 'jump'; to: number }[] = []
    for (const [i, option] of options.entries()) {
      if (i === options.length - 1) {
        this.add(option, isLast)
        break
      }
      const split: Instruction = { op: 'split', first: instructions.length + 1, second: 0 }
      instructions.push(split)
      this.add(option, isLast)
      const jump: Instruction = { op: 'jump', to: 0 }
      jumps.push(jump)
      instructions.push(jump)
      split.second = instructions.length
    }
    for (const jump of jumps) jump.to = instructions.length
  }

  private repeat({ item, min, max, isGreedy }: RepeatNode): void {
    const { instructions } = this
    for (let i = 0; i < min; i++) this.add(item, false)
    if (max === Number.POSITIVE_INFINITY) {
      const at = instructions.length
      const split = this.split()
      this.add(item, false)
      instructions.push({ op: 'jump', to: at })
      this.aim(split, isGreedy)
      return
    }
    const splits = []
    for (let i = min; i < max; i++) {
      splits.push(this.split())
      this.add(item, false)
    }
    for (const split of splits) this.aim(split, isGreedy)
  }

  private split(): { split: { first: number; second: number }; at: number } {
    const split = { op: 'split' as const, first: 0, second: 0 }
    this.instructions.push(split)
    return { split, at: this.instructions.length }
  }

  /** Goes on behind the split, or leaves to here: the greedy one goes on first. */
  private aim({ split, at }: { split: { first: number; second: number }; at: number }, isGreedy: boolean): void {
    const here = this.instructions.length
    split.first = isGreedy ? at : here
    split.second = isGreedy ? here : at
  }

  private group(item: PatternNode, name: string | undefined, isLast: boolean): void {
    if (name === undefined) {
      this.add(item, isLast)
      return
    }
    // A group that is repeated by copies has one pair of slots.
    const slot = this.groups.get(name) ?? 2 * this.groups.size
    this.groups.set(name, slot)
    this.instructions.push({ op: 'save', slot })
    this.add(item, false)
    this.instructions.push({ op: 'save', slot: slot + 1 })
  }
}

/** Can the node match without taking any character? `places`: where a condition holds, too. */
function takesNothing(node: PatternNode, places: boolean): boolean {
  const takes = (item: PatternNode) => takesNothing(item, places)
  if (node.kind === 'sequence') return node.items.every(takes)
  if (node.kind === 'choice') return node.options.some(takes)
  if (node.kind === 'repeat') return node.min === 0 || takes(node.item)
  if (node.kind === 'group') return takes(node.item)
  return places && node.kind !== 'set'
}
