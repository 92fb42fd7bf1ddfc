import { isWord, NONE } from './character-set.js'
import type { Condition } from './pattern-node.js'
import type { Program } from './program.js'

/** Where a pattern was found, as offsets. */
export interface Found {
  readonly from: number
  readonly to: number
  /** Where the named groups begin and end, by the slots of the program; undefined where a group took no part. */
  readonly slots: Slots
}

type Slots = readonly (number | undefined)[]

/** An attempt at a match that goes on. */
class Thread {
  constructor(
    /** The instruction before which it waits. */
    readonly pc: number,
    readonly from: number,
    /** Where the match ends if it succeeds, once only a lookahead is left. */
    readonly to: number | undefined,
    readonly slots: Slots,
  ) {}
}

const NO_SLOTS: Slots = []

/**
 * Looks for the first match of a pattern, one character after the other, and finds the same one as a search that
 * backtracks: of those that begin first, the one that the pattern prefers.
 *
 * Its work for a character is bounded by the size of the pattern: there is one thread for each instruction at most, and of
 * two that meet the first goes on (Pike's machine).
 *
 *     const search = new Search(compile('<f=(?P<name>\\w+)>'))
 *     search.begin(0, NONE)
 *     for (const [at, character] of [...'<f=g>'].entries()) search.step(character.codePointAt(0), at + 1)
 *     search.found // { from: 0, to: 5, slots: [3, 4] }
 */
export class Search {
  /** The best match so far. It is final once nothing is open. */
  found: Found | undefined
  /** In the order of their priority. Those of the same beginning stand together, the earlier first. */
  private threads: Thread[] = []
  /** A thread waits before a condition that the next character decides. */
  private waits = false
  /** By instruction: the round in which a thread came there last. */
  private readonly rounds: Uint32Array
  private round = 0
  private before = NONE
  private at = 0
  private readonly open: Thread[] = []

  constructor(readonly program: Program) {
    this.rounds = new Uint32Array(program.instructions.length)
  }

  /** Looks for matches from an offset on. `before`: the code point before it, `NONE` at the start of the text. */
  begin(at: number, before: number): void {
    this.found = undefined
    if (this.threads.length > 0) this.threads = []
    this.at = at
    this.before = before
    this.round++
    this.waits = false
  }

  /** Some attempt goes on that would come before what was found. */
  get isOpen(): boolean {
    return this.threads.length > 0
  }

  /** Where the earliest match that may still come begins: the place that has been reached, if nothing has begun. */
  get earliest(): number {
    return this.threads[0]?.from ?? this.found?.from ?? this.at
  }

  /** Nothing has begun. */
  get isFresh(): boolean {
    return this.threads.length === 0 && this.found === undefined
  }

  /** Reads a code point, which ends at an offset. */
  step(code: number, to: number): void {
    const { begins } = this.program
    this.decide(code)
    // An attempt that fails at its first character need not be made.
    if (this.found === undefined && (code > 127 || begins[code] === 1)) this.start(code)
    const waiting = this.threads
    this.at = to
    this.before = code
    this.round++
    if (waiting.length === 0) return
    this.threads = []
    this.waits = false
    const { instructions } = this.program
    for (const { pc, from, to, slots } of waiting) {
      const instruction = instructions[pc]
      if (instruction?.op !== 'take' || !instruction.set.has(code)) continue
      if (this.follow(new Thread(pc + 1, from, to, slots), undefined)) return
    }
  }

  /** The text ends here. */
  end(): void {
    this.decide(NONE)
    if (this.found === undefined) this.start(NONE)
    this.threads = []
  }

  /** What was found counts, whatever may come. */
  settle(): void {
    this.threads = []
  }

  /** Lets threads go on whose condition the next character decides. */
  private decide(next: number): void {
    if (!this.waits) return
    const waiting = this.threads
    this.threads = []
    this.waits = false
    this.round++
    for (const thread of waiting) if (this.follow(thread, next)) break
  }

  /** Begins a match here. */
  private start(next: number): void {
    this.follow(new Thread(0, this.at, undefined, NO_SLOTS), next)
  }

  /**
   * Follows a thread to the instructions that need a character, in order of priority. True: it matched, so that no thread
   * behind it counts.
   * @param next the next character; undefined if it has not come
   */
  private follow(thread: Thread, next: number | undefined): boolean {
    const { open, rounds, round, at } = this
    const { instructions } = this.program
    open.push(thread)
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      const { pc, from, to, slots } = one
      if (rounds[pc] === round) continue
      rounds[pc] = round
      const instruction = instructions[pc] as (typeof instructions)[number]
      if (instruction.op === 'take') this.threads.push(one)
      else if (instruction.op === 'split') {
        open.push(new Thread(instruction.second, from, to, slots))
        open.push(new Thread(instruction.first, from, to, slots))
      } else if (instruction.op === 'jump') open.push(new Thread(instruction.to, from, to, slots))
      else if (instruction.op === 'end') open.push(new Thread(pc + 1, from, at, slots))
      else if (instruction.op === 'save') {
        const saved = [...slots]
        saved[instruction.slot] = at
        open.push(new Thread(pc + 1, from, to, saved))
      } else if (instruction.op === 'if') {
        const holds = this.holds(instruction.condition, next)
        if (holds === true) open.push(new Thread(pc + 1, from, to, slots))
        else if (holds === undefined) {
          this.waits = true
          this.threads.push(one)
        }
      } else {
        this.found = { from, to: to ?? at, slots }
        open.length = 0
        return true
      }
    }
    return false
  }

  /** Undefined: the next character decides. */
  private holds(condition: Condition, next: number | undefined): boolean | undefined {
    const { before } = this
    if (condition.test === 'start') return before === NONE
    if (condition.test === 'before') return condition.set.has(before) !== condition.isNegated
    if (next === undefined) return undefined
    if (condition.test === 'end') return next === NONE
    if (condition.test === 'behind') return condition.set.has(next) !== condition.isNegated
    return (isWord(before) !== isWord(next)) === (condition.test === 'edge')
  }
}
