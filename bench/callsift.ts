import { isDeepStrictEqual } from 'node:util'
import { createParser, type ParseResult, type ParserOptions, parse, RenderError, render } from '../src/index.js'
import { readStream, type Subject, sink, type Task, type Trial } from './subject.js'
import { chunksOf, flat, makeWorkload, type Workload } from './workloads.js'

/** The native text of a workload. Formats that cannot have prose before a call leave it out. */
export function textOf(format: string, workload: Workload): string {
  const { calls, content, damage = (text: string) => text } = workload
  // Formats that carry no types can only write a number for a parameter that is one.
  const tools = toolsOf(workload)
  try {
    return damage(flat(render(calls, { format, content, tools })))
  } catch (error) {
    if (!(error instanceof RenderError) || content === '') throw error
    return damage(flat(render(calls, { format, tools })))
  }
}

/** The library, as somebody uses it who imports the root. */
export const callsift: Subject = { prepare: (task) => prepared(task, task.format) }

/** The same by somebody who does not know the format. */
export const byAuto: Subject = { prepare: (task) => prepared(task, 'auto') }

function prepared(task: Task, format: string): Trial {
  const made = makeWorkload(task.workload)
  const text = textOf(task.format, made)
  const options = { format, limits: { calls: 100_000 }, tools: toolsOf(made) }
  const chunks = chunksOf(text, task.feed)
  if (task.feed === 'whole') {
    return {
      check: () => difference(parse(text, options), made),
      run: () => (sink.last = parse(text, options)),
    }
  }
  const run = (): unknown[] => readStream(createParser(options), chunks)
  return {
    check: () => difference({ toolCalls: run() } as ParseResult, made),
    run: () => (sink.last = run()),
  }
}

/** So many formats besides, each read in its own way, are read by the process before it is timed. */
const OTHERS = ['qwen3-coder', 'llama3', 'mistral', 'deepseek-v3.1', 'deepseek-v4', 'pythonic', 'qwen']
/** Milliseconds of reading all of them in turn. */
const TOGETHER = 400

/** The library in a process that reads eight formats with other options, as a proxy for several models does. */
export const amongOthers: Subject = {
  prepare(task: Task): Trial {
    const trial = prepared(task, task.format)
    const made = makeWorkload('turn')
    const tools = toolsOf(made)
    const others = OTHERS.map((format, i) => {
      const options = [{ coerce: true }, { separators: 'keep' }, { repair: false }, {}][i % 4]
      const chunks = chunksOf(textOf(format, made), 'tokens')
      return () => readStream(createParser({ format, tools, ...options } as ParserOptions), chunks)
    })
    return {
      check() {
        const wrong = trial.check()
        const end = performance.now() + TOGETHER
        while (performance.now() < end) for (const read of [trial.run, ...others]) read()
        return wrong
      },
      run: trial.run,
    }
  },
}

/** The tools of a workload, each parameter with its type: formats without types need them. */
export function toolsOf({ calls }: Workload): Record<string, object> {
  const tools: Record<string, object> = {}
  for (const { name, arguments: args } of calls) {
    const properties = Object.entries(args).map(([key, value]) => [
      key,
      { type: Array.isArray(value) ? 'array' : typeof value },
    ])
    tools[name] = { type: 'object', properties: Object.fromEntries(properties) }
  }
  return tools
}

function difference({ toolCalls, content }: ParseResult, made: Workload): string | undefined {
  const calls = toolCalls.map(({ name, arguments: args }) => ({ name, arguments: args }))
  if (!isDeepStrictEqual(calls, made.calls)) return 'other calls came out'
  if (made.calls.length === 0 && content !== undefined && content !== made.content) return 'other content came out'
  return undefined
}
