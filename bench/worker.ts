import { amongOthers, byAuto, callsift } from './callsift.js'
import { charCodes, concatenate, indexOf, jsonParse } from './ceilings.js'
import { firstDelta, growthCost } from './growth.js'
import { type HostileReader, hostileTime } from './hostile.js'
import { type ListTask, listTime } from './lists.js'
import { type LiveFigure, liveFigure } from './live.js'
import { memoryOf } from './memory.js'
import { peers } from './peers.js'
import { streamTime } from './streams.js'
import { AMONG_OTHERS, BY_AUTO, type Subject, type Task, TooSlow, type Trial } from './subject.js'

/** What a worker can be asked for. Each answer is a number, or the word that says why there is none. */
export type Question =
  /**
   * Checks the result, and reads until that gets no faster, for so many milliseconds at most: `ok`, `none` (cannot do this),
   * `slow`, or `WRONG: ...`.
   */
  | { ask: 'warm'; task: Task; ms: number }
  /** Nanoseconds for one reading. */
  | { ask: 'time'; task: Task; ms: number }
  | { ask: 'growth'; format: string; read: number }
  | { ask: 'first'; format: string }
  | { ask: 'memory'; format: string; what: 'retained' | 'allocated' }
  | { ask: 'live'; format: string; what: LiveFigure }
  | { ask: 'hostile'; format: string; text: string; length: number; reader: HostileReader }
  | { ask: 'list'; format: string; list: ListTask; length: number }
  | { ask: 'stream'; format: string; kind: string; ms: number }

const subjects: Record<string, Subject> = {
  [AMONG_OTHERS]: amongOthers,
  [BY_AUTO]: byAuto,
  'JSON.parse': jsonParse,
  concatenate,
  charCodeAt: charCodes,
  indexOf,
  ...peers,
}

/** The side of a process of its own: answers one question after the other. */
export function serve(name: string): void {
  const subject = subjects[name] ?? callsift
  const trials = new Map<string, Trial | undefined>()
  const trialOf = (task: Task): Trial | undefined => {
    const key = JSON.stringify(task)
    if (!trials.has(key)) {
      trials.clear()
      trials.set(key, subject.prepare(task))
    }
    return trials.get(key)
  }
  process.on('message', (question: Question) => {
    void answer(question, trialOf)
      .catch((error: unknown) => `failed: ${error instanceof Error ? error.message : String(error)}`)
      .then((reply) => process.send?.(reply))
  })
}

async function answer(question: Question, trialOf: (task: Task) => Trial | undefined): Promise<number | string> {
  switch (question.ask) {
    case 'warm':
      return warm(trialOf(question.task), question.ms)
    case 'time':
      return timeOf(trialOf(question.task), question.ms)
    case 'growth':
      return growthCost(question.format, question.read)
    case 'first':
      return firstDelta(question.format)
    case 'memory':
      return memoryOf(question.format, question.what)
    case 'live':
      return liveFigure(question.format, question.what)
    case 'hostile':
      return hostileTime(question.format, question.text, question.length, question.reader)
    case 'list':
      return listTime(question.format, question.list, question.length)
    case 'stream':
      return streamTime(question.format, question.kind, question.ms)
  }
}

async function warm(trial: Trial | undefined, ms: number): Promise<string> {
  if (trial === undefined) return 'none'
  try {
    const wrong = await trial.check()
    if (wrong !== undefined) return `WRONG: ${wrong}`
  } catch (error) {
    if (error instanceof TooSlow) return 'slow'
    return `WRONG: it throws: ${error instanceof Error ? error.message : String(error)}`.slice(0, 120)
  }
  const start = performance.now()
  const end = start + ms
  let best = Number.POSITIVE_INFINITY
  // A busy machine looks like code that gets no faster, and so does code that waits for its compiler: half of the time is read in any case.
  for (let idle = 0; (idle < 3 || performance.now() < start + ms / 2) && performance.now() < end; ) {
    const time = await timeOf(trial, ms / 20)
    idle = time < 0.97 * best ? 0 : idle + 1
    best = Math.min(best, time)
  }
  return 'ok'
}

/** Runs for about so many milliseconds, at least once. */
async function timeOf(trial: Trial | undefined, ms: number): Promise<number> {
  if (trial === undefined) return Number.NaN
  const start = performance.now()
  let now = start
  let times = 0
  let batch = 1
  do {
    for (let i = 0; i < batch; i++) {
      const result = trial.run()
      if (result instanceof Promise) await result
    }
    times += batch
    now = performance.now()
    if (now - start < ms / 8) batch *= 2
  } while (now - start < ms)
  return ((now - start) * 1e6) / times
}
