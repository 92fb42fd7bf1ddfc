import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFormats } from '../../src/cli/input/format-files.js'
import { createServing, type ServeLimits } from '../../src/cli/input/serve-lines.js'
import { mergeEvents } from '../../src/event/merge-events.js'
import { createParser, type ParseEvent } from '../../src/index.js'
import { hermesCall, useCommand } from './command.js'

const command = useCommand()

const known = await readFormats([])

/** A serving that takes objects, and raw lines. */
function serving(limits: Partial<ServeLimits> = {}) {
  const answer = createServing({ streams: 10, text: 1000, ...limits }, known)
  let number = 0
  return (line: unknown) => {
    const text = typeof line === 'string' ? line : JSON.stringify(line)
    return answer({ number: ++number, text }) as { stream?: string; events: ParseEvent[]; error?: string }
  }
}

const TEXTS = [
  `Hi ${hermesCall('f', { a: '🌊' })}`,
  '<think>Hm.</think>Bye.',
  `a${hermesCall('g', {})}b<tool_call>{"na`,
]

describe('callsift serve', () => {
  it('reads many streams at once, each as a parser of its own would', () => {
    const ask = serving()
    const events = TEXTS.map((): ParseEvent[] => [])
    TEXTS.forEach((_, i) => {
      expect(ask({ op: 'open', stream: `s${i}`, options: { format: 'hermes' } })).toEqual({
        stream: `s${i}`,
        events: [],
      })
    })
    for (let at = 0; at < 100; at++) {
      TEXTS.forEach((text, i) => {
        const piece = text.slice(at, at + 1)
        if (piece !== '') events[i]?.push(...ask({ op: 'push', stream: `s${i}`, text: piece }).events)
      })
    }
    TEXTS.forEach((text, i) => {
      events[i]?.push(...ask({ op: 'end', stream: `s${i}`, reason: 'length' }).events)
      const parser = createParser({ format: 'hermes' })
      expect(mergeEvents(events[i] ?? [])).toEqual(mergeEvents([...parser.push(text), ...parser.end('length')]))
    })
  })

  it('takes the format by the model’s name, and tools', () => {
    const ask = serving()
    ask({ op: 'open', stream: 'a', options: { model: 'Qwen/Qwen3-8B', tools: [{ name: 'g' }] } })
    ask({ op: 'push', stream: 'a', text: TEXTS[0] })
    expect(ask({ op: 'end', stream: 'a' }).events.at(-1)).toMatchObject({ type: 'end', format: 'hermes' })
  })

  it('answers what is wrong with what to do, and the streams stay as they were', () => {
    const ask = serving({ streams: 2, text: 20 })
    ask({ op: 'open', stream: 'a', options: { format: 'hermes' } })
    ask({ op: 'push', stream: 'a', text: 'Hello' })
    for (const [line, error] of [
      ['{"op": ', 'not JSON at column 8'],
      ['[]', 'not a JSON object'],
      ['['.repeat(100_000), 'not JSON'],
      [{ op: 'push', text: '' }, '"stream" is missing'],
      [{ op: 'push', stream: 'x'.repeat(257), text: '' }, '"stream" is missing'],
      [{ op: 'puhs', stream: 'a' }, 'did you mean push?'],
      [{ op: 'push', stream: 'a', text: 5 }, '"text" is missing'],
      [{ op: 'push', stream: 'a', text: 'x'.repeat(16) }, '--text-limit'],
      [{ op: 'push', stream: 'b', text: '' }, 'there is no stream "b"; open it first'],
      [{ op: 'end', stream: 'a', reason: 'done' }, '"reason" is "done"; it takes stop, length, abort'],
      [{ op: 'open', stream: 'a' }, 'is already open'],
      [{ op: 'open', stream: 'b', options: { format: 'hermse' } }, 'Near names: hermes'],
      [{ op: 'open', stream: 'b', options: { format: { id: 'x' } } }, 'not a format’s name'],
      [{ op: 'open', stream: 'b', options: { tools: 5 } }, 'tools: a number'],
      [{ op: 'open', stream: 'b', options: [] }, '"options" is not an object'],
      [{ op: 'close', stream: '__proto__' }, 'there is no stream'],
    ] as const) {
      expect(ask(line).error, String(error)).toContain(error)
    }
    ask({ op: 'open', stream: 'b' })
    expect(ask({ op: 'open', stream: 'c' }).error).toContain('2 streams are open already (--max-streams)')
    expect(ask({ op: 'close', stream: 'b' })).toEqual({ stream: 'b', events: [] })
    expect(ask({ op: 'open', stream: 'c' }).events).toEqual([])
    expect(ask({ op: 'push', stream: 'a', text: 'x'.repeat(15) }).events).toMatchObject([{ type: 'content' }])
    expect(ask({ op: 'push', stream: 'c', text: 'x' }).error).toContain('--text-limit')
    ask({ op: 'end', stream: 'a' })
    expect(ask({ op: 'push', stream: 'c', text: 'x'.repeat(20) }).error).toBeUndefined()
  })

  it('answers each line of standard input with one of its own, and bounds their length', () => {
    const long = JSON.stringify({ op: 'push', stream: 'a', text: 'x'.repeat(600_000) })
    const input = `{"op": "open", "stream": "a"}\n${long}\n\n{"op": "push", "stream": "a", "text": "Hi"}\n\u00ff{}`
    const { code, out, err } = command.run(['serve', '--stdio', '--line-limit', '300000'], input)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { stream: 'a', events: [] },
      { error: 'line 2: longer than 300000 bytes' },
      { stream: 'a', events: [] },
      { error: expect.stringContaining('line 5: not JSON at column 1') },
    ])
    expect(command.run(['serve', '--stdio'])).toEqual({ code: 0, out: '', err: '' })
    expect(command.run(['serve'])).toMatchObject({ code: 2, err: expect.stringContaining('--stdio is missing') })
  })
})

const python = spawnSync('python3', ['--version']).status === 0
it.skipIf(!python)(`the client in Python reads a call${python ? '' : ' (skipped: there is no python3)'}`, () => {
  const { status, stdout, stderr } = spawnSync(
    'python3',
    [resolve('examples/serve.py'), process.execPath, command.file],
    {
      encoding: 'utf8',
      env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
    },
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('call: get_tide {"port": "Brest 🌊"}\nstatus: complete\n')
})
