import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { collect, createParser, formats, parse, type ParseEvent } from '../src/index.js'

const dir = new URL('../../shared/cases/', import.meta.url)
const known = new Set(formats().map((format) => format.id))

interface Case {
  id: string
  format: string
  completion: string
  tools?: never
  options?: object
  content: string
  reasoning: string
  finish: string
  calls: { name: string; arguments: unknown; nativeId?: string }[]
}

function shape(result: ReturnType<typeof parse>, calls: Case['calls']) {
  return {
    content: result.content.trim(),
    reasoning: result.reasoning.trim(),
    finish: result.status,
    calls: result.toolCalls.map((call, i) => ({
      name: call.name,
      arguments: call.arguments,
      ...(calls[i]?.nativeId === undefined ? {} : { nativeId: call.nativeId }),
    })),
  }
}

export function norm(events: ParseEvent[]): ParseEvent[] {
  const out: ParseEvent[] = []
  for (const event of events) {
    const last = out[out.length - 1]
    if (last?.type === 'content' && event.type === 'content') out[out.length - 1] = { ...last, text: last.text + event.text, to: event.to }
    else if (last?.type === 'reasoning' && event.type === 'reasoning')
      out[out.length - 1] = { ...last, text: last.text + event.text, to: event.to }
    else if (last?.type === 'arguments' && event.type === 'arguments' && last.index === event.index)
      out[out.length - 1] = { ...last, delta: last.delta + event.delta, to: event.to }
    else out.push(event)
  }
  return out
}

describe.skipIf(!existsSync(dir))('cases beside the project', () => {
  for (const file of existsSync(dir) ? readdirSync(dir) : []) {
    for (const line of readFileSync(new URL(file, dir), 'utf8').split('\n').filter(Boolean)) {
      const c = JSON.parse(line) as Case
      if (!known.has(c.format)) continue
      const options = { format: c.format, tools: c.tools, ...c.options }
      it(c.id, () => {
        const expected = {
          content: c.content.trim(),
          reasoning: c.reasoning.trim(),
          finish: c.finish,
          calls: c.calls.map(({ name, arguments: args, nativeId }) => ({ name, arguments: args, ...(nativeId === undefined ? {} : { nativeId }) })),
        }
        expect(JSON.parse(JSON.stringify(shape(parse(c.completion, options), c.calls)))).toEqual(JSON.parse(JSON.stringify(expected)))
        const run = (chunks: string[]) => {
          const parser = createParser(options)
          return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()]
        }
        const whole = norm(run([c.completion]))
        expect(collect(whole).status).toBe(c.finish)
        expect(norm(run([...Array(c.completion.length).keys()].map((i) => c.completion[i] as string)))).toEqual(whole)
        if (c.completion.length < 3000)
          for (let i = 0; i <= c.completion.length; i++) {
            const cut = norm(run([c.completion.slice(0, i), c.completion.slice(i)]))
            if (JSON.stringify(cut) !== JSON.stringify(whole)) expect({ cut: i, events: cut }).toEqual({ cut: i, events: whole })
          }
      })
    }
  }
})
