import { parse } from '../src/index.js'
import { textOf, toolsOf } from './callsift.js'
import { type Subject, sink, type Task, type Trial } from './subject.js'
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

/** The least that a stream can do: put the text together, one event object for each chunk, and parse at the end. */
export const concatenate: Subject = {
  prepare(task) {
    const { text, chunks, args } = prepared(task)
    const places = placesOf(text, args)
    return trial(() => {
      let read = ''
      for (const delta of chunks) {
        sink.last = { type: 'arguments', index: 0, delta, from: read.length, to: read.length + delta.length }
        read += delta
      }
      // Reading a character makes one piece of it.
      read.charCodeAt(0)
      return args.map(
        (arg, i) =>
          JSON.parse(places === undefined ? arg : read.slice(places[i], (places[i] as number) + arg.length)) as unknown,
      )
    })
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
