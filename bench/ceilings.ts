import { parse } from '../src/index.js'
import { textOf, toolsOf } from './callsift.js'
import { readStream, type Subject, sink, type Task, type Trial } from './subject.js'
import { chunksOf, flat, makeWorkload } from './workloads.js'

function prepared({ format, workload, feed }: Task): { text: string; chunks: string[]; args: string[] } {
  const made = makeWorkload(workload)
  const text = textOf(format, made)
  const { toolCalls } = parse(text, { format, tools: toolsOf(made) })
  return { text, chunks: chunksOf(text, feed), args: toolCalls.map((call) => flat(call.argumentsText)) }
}

function trial(run: () => unknown): Trial {
  return { check: () => undefined, run: () => (sink.last = run()) }
}

/** What nobody can beat: the arguments alone, cut out already, in one piece. */
export const jsonParse: Subject = {
  prepare(task) {
    const { args } = prepared(task)
    return args.length === 0 ? undefined : trial(() => args.map((text) => JSON.parse(text) as unknown))
  },
}

/** An event of a parser that does nothing. */
interface Piece {
  type: 'arguments' | 'call-end'
  index: number
  delta: string
  from: number
  to: number
  call?: unknown
}

/**
 * The least that a parser behind this interface can do: put the text together, one event object for each chunk, and parse
 * the arguments at the end, which stand at `places` (where they do not stand in the text, they are given).
 */
export class Concatenation {
  private text = ''

  constructor(
    private readonly args: readonly string[],
    private readonly places: readonly number[] | undefined,
  ) {}

  push(delta: string): Piece[] {
    const from = this.text.length
    this.text += delta
    return [{ type: 'arguments', index: 0, delta, from, to: from + delta.length }]
  }

  end(): Piece[] {
    // Reading a character makes one piece of it.
    this.text.charCodeAt(0)
    return this.args.map((arg, index) => {
      const from = this.places?.[index] ?? 0
      const to = from + arg.length
      const json = this.places === undefined ? arg : this.text.slice(from, to)
      return { type: 'call-end', index, delta: '', from, to, call: JSON.parse(json) as unknown }
    })
  }
}

/** Concatenation, read as the library is read. */
export const concatenate: Subject = {
  prepare(task) {
    const { text, chunks, args } = prepared(task)
    const places = placesOf(text, args)
    return trial(() => readStream(new Concatenation(args, places), chunks))
  },
}

/** Where the arguments stand in a text that writes them as JSON; undefined for one that does not. */
function placesOf(text: string, args: readonly string[]): number[] | undefined {
  const places: number[] = []
  for (const arg of args) {
    const at = text.indexOf(arg, places[places.length - 1] ?? 0)
    if (at < 0) return undefined
    places.push(at)
  }
  return places
}

/** Looking at each character once. */
export const charCodes: Subject = {
  prepare(task) {
    const { text } = prepared(task)
    if (task.feed !== 'whole') return undefined
    return trial(() => {
      let quotes = 0
      for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === 0x22) quotes++
      return quotes
    })
  },
}

/** Looking for one character that is not there. */
export const indexOf: Subject = {
  prepare(task) {
    const { text } = prepared(task)
    return task.feed === 'whole' ? trial(() => text.indexOf('\u0007')) : undefined
  },
}
