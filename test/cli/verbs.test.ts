import { beforeAll, describe, expect, it } from 'vitest'
import { guessWire, readWire } from '../../src/cli/input/read-wire.js'
import { toWire, WIRES, type Wire } from '../../src/cli/output/wire.js'
import { known } from '../../src/formats/unread-formats.js'
import { aboutModel, collect, createParser, formats, type ParseEvent } from '../../src/index.js'
import { hermesCall, useCommand } from './command.js'

/** A format that is known and not read. */
const unread = known.unread[0]?.id ?? 'none is left: let the tests of what is not read go'

const command = useCommand()
const json = (args: string[], input?: string) => JSON.parse(command.run(args, input).out)

describe('formats', () => {
  it('lists every format in 80 columns', () => {
    const { code, out } = command.run(['formats'])
    expect(code).toBe(0)
    for (const { id } of formats()) expect(out).toMatch(new RegExp(`^${id.replaceAll('.', '\\.')} `, 'm'))
    for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
    expect(json(['formats', '--json']).map(({ id }: { id: string }) => id)).toEqual(formats().map(({ id }) => id))
  })

  it('tells about one, by any of its names', () => {
    const { out } = command.run(['formats', 'hermes'])
    expect(out).toContain('<tool_call>\n{"name": "get_tide"')
    expect(command.run(['formats', 'qwen25']).out).toBe(out)
    expect(out).toMatch(/^ {2}vLLM +hermes, qwen3_json$/m)
    expect(json(['formats', 'hermes', '--json'])).toMatchObject({ id: 'hermes', flags: { smg: 'qwen' } })
  })
})

describe('detect', () => {
  const text = `Look:\n${hermesCall('f', {})}`

  it('tells the formats and where their calls begin', () => {
    const { code, out } = command.run(['detect'], text)
    expect(code).toBe(0)
    expect(out).toMatch(/^0\.8. {2}hermes\n {4}2:1 {6}<tool_call>\{"name":"f/)
    expect(json(['detect', '--json'], text)[0]).toMatchObject({ format: 'hermes', evidence: [{ from: 6 }] })
  })

  it('gives nothing for prose', () => {
    expect(command.run(['detect'], 'The tide is high.')).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringContaining('no format'),
    })
    expect(command.run(['detect', '--json'], 'The tide is high.')).toEqual({ code: 0, out: '[]\n', err: '' })
  })
})

describe('detect, where no format finds a call', () => {
  it('names the marks of one that is not read', () => {
    const { err } = command.run(['detect'], '<zq_tool_call>{"name": "f"}</zq_tool_call>')
    expect(err).toContain('<zq_tool_call> looks like the markup of a call, but belongs to no known format (1:1)')
  })
})

describe('match', () => {
  it('tells the format of a model, and the flags of engines', () => {
    const { code, out } = command.run(['match', 'Qwen/Qwen2.5-7B-Instruct'])
    expect(code).toBe(0)
    expect(out).toMatch(/^hermes\n {2}why +the name says "Qwen2.5"/)
    expect(out).toMatch(/^ {2}vLLM +--tool-call-parser hermes$/m)
    expect(out).toMatch(/^ {2}callsift parse FILE -f hermes$/m)
    expect(json(['match', 'qwq', '--json'])).toEqual(aboutModel('qwq').formats)
    const thinking = command.run(['match', 'Qwen/Qwen3.6-27B']).out
    expect(thinking).toMatch(/^ {2}vLLM +--tool-call-parser qwen3_coder --reasoning-parser qwen3$/m)
    expect(thinking).toMatch(/^ {2}callsift proxy --upstream URL -f qwen3-coder --start-in-reasoning$/m)
    expect(thinking).toMatch(/^ {2}careful +vLLM’s Rust frontend, unless told otherwise, uses qwen3_json/m)
    for (const line of thinking.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  })

  it('takes several names, with one answer each', () => {
    const names = ['Qwen/Qwen3-8B', unread, 'openai/whisper-large-v3', 'model-1']
    const { code, out } = command.run(['match', ...names])
    expect(code).toBe(1)
    for (const name of names) expect(out).toMatch(new RegExp(`^${name}$`, 'm'))
    const page = out.replace(/\s+/g, ' ')
    for (const said of ['knows but cannot read', 'writes no tool calls', 'says nothing']) expect(page).toContain(said)
    const answers = json(['match', ...names, '--json'])
    expect(answers.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      'read',
      'unread',
      'no-calls',
      'unknown',
    ])
    expect(command.run(['match', 'Qwen/Qwen3-8B', 'glm47']).code).toBe(0)
  })

  it('says of a format that it is not read yet, and what to do', () => {
    const { code, out, err } = command.run(['match', unread])
    expect(code).toBe(1)
    expect(out).toContain(`${unread}, not read yet`)
    expect(err).toContain('Let the engine parse its calls')
  })

  it('exits with 1 for a name that says nothing', () => {
    expect(command.run(['match', 'model-1'])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('says nothing'),
    })
    expect(command.run(['match', 'model-1', '--json'])).toMatchObject({ code: 1, out: '[]\n' })
  })
})

describe('convert', () => {
  const text = `<think>Look.</think>Here.${hermesCall('f', { a: [1, { b: null }], c: 'é' })}${hermesCall('g', {})}`

  it('turns every shape into every other without losing anything', () => {
    const calls = [
      { name: 'f', arguments: { a: [1, { b: null }], c: 'é' } },
      { name: 'g', arguments: {} },
    ]
    const parser = createParser({ format: 'hermes' })
    const events = [...parser.push(text), ...parser.end()]
    const head = { model: 'm', id: '1', callIds: 'keep' as const }
    // As files have it: without what JSON leaves out.
    const saved = (wire: Wire, events: readonly ParseEvent[]) => JSON.parse(JSON.stringify(toWire(wire, events, head)))
    for (const from of WIRES) {
      const message = saved(from, events)
      expect(guessWire(message)).toBe(from)
      for (const to of WIRES) {
        const next = saved(to, readWire(from, message).events)
        const result = collect(readWire(to, next).events)
        expect(result, `${from} to ${to}`).toMatchObject({ content: 'Here.', reasoning: 'Look.', status: 'complete' })
        expect(result.toolCalls, `${from} to ${to}`).toMatchObject(calls)
      }
    }
  })

  it('finds the shape out, and says so', () => {
    const message = command.run(['parse', '-f', 'hermes', '--to', 'anthropic'], text).out
    const { code, out, err } = command.run(['convert', '--to', 'langchain'], message)
    expect(code).toBe(0)
    expect(err).toBe('callsift: standard input looks like anthropic (name the shape with --from to be sure)\n')
    expect(JSON.parse(out)).toMatchObject({ content: 'Here.', tool_calls: [{ name: 'f' }, { name: 'g' }] })
    expect(command.run(['convert', '--from', 'anthropic', '--to', 'langchain'], message)).toEqual({
      code,
      out,
      err: '',
    })
  })

  it('keeps the ids of calls, and never makes a whole call of a broken one', () => {
    const message = (args: string) =>
      JSON.stringify({
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'x1', type: 'function', function: { name: 'f', arguments: args } }],
      })
    expect(json(['convert', '--to', 'anthropic'], message('{"a":1}')).content).toEqual([
      { type: 'tool_use', id: 'x1', name: 'f', input: { a: 1 }, caller: { type: 'direct' } },
    ])
    for (const args of ['{"a":', '[1]', '{"a":1}\\<truncated\\>', '"text"']) {
      const { code, out } = command.run(['convert', '--to', 'langchain'], message(args))
      expect(code, args).toBe(1)
      expect(JSON.parse(out)).toMatchObject({ tool_calls: [], invalid_tool_calls: [] })
      expect(json(['convert', '--to', 'json'], message(args)).incomplete).toMatchObject([{ id: 'x1', name: 'f' }])
    }
    expect(json(['convert', '--to', 'json'], message('')).toolCalls).toMatchObject([{ arguments: {} }])
    const cut = `Wait. <tool_call>{"name": "f", "arguments": {"a": "b`
    for (const wire of ['openai', 'responses', 'anthropic', 'ai-sdk', 'langchain']) {
      const { code, out } = command.run(['parse', '-f', 'hermes', '--to', wire], cut)
      expect(code, wire).toBe(1)
      expect(out, wire).toContain('Wait.')
      expect(out, wire).not.toContain('"f"')
    }
  })

  it('reads messages as their makers save them', () => {
    const call = { id: 'c', name: 'f', args: { a: 1 }, type: 'tool_call' }
    for (const [shape, value] of [
      ['langchain', { lc: 1, type: 'constructor', id: ['AIMessage'], kwargs: { content: 'Hi', tool_calls: [call] } }],
      ['langchain', { type: 'ai', data: { content: [{ type: 'text', text: 'Hi' }], tool_calls: [call] } }],
      [
        'responses',
        [
          { type: 'message', content: [{ type: 'output_text', text: 'Hi' }] },
          { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":1}' },
        ],
      ],
      [
        'anthropic',
        [
          { type: 'text', text: 'Hi' },
          { type: 'tool_use', id: 'c', name: 'f', input: { a: 1 } },
        ],
      ],
      [
        'ai-sdk',
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Hi' },
            { type: 'tool-call', toolCallId: 'c', toolName: 'f', input: { a: 1 } },
          ],
        },
      ],
      ['openai', { role: 'assistant', content: 'Hi', function_call: { name: 'f', arguments: '{"a":1}' } }],
    ] as const) {
      expect(collect(readWire(shape, value).events), JSON.stringify(value)).toMatchObject({
        content: 'Hi',
        toolCalls: [{ name: 'f', arguments: { a: 1 } }],
      })
    }
  })

  it('goes line by line', () => {
    const line = (id: number, content: string) => `${JSON.stringify({ id, role: 'assistant', content })}\n`
    const { code, out, err } = command.run(
      ['convert', '--jsonl', '--to', 'langchain'],
      `${line(1, 'a')}{"x": 1}\n${line(3, 'c')}`,
    )
    expect(code).toBe(1)
    expect(
      out
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text)),
    ).toMatchObject([
      { id: 1, content: 'a' },
      { id: 3, content: 'c' },
    ])
    expect(err).toMatch(/^callsift: standard input:2: this is no message in a known shape/)
  })

  it('says what is no message', () => {
    for (const [input, message] of [
      ['Hello', 'standard input:1:1: not JSON: expected a value, got H'],
      ['[1]', 'standard input: this is no message in a known shape'],
      ['{"a": 1}', 'standard input: this is no message in a known shape'],
    ] as const) {
      expect(command.run(['convert', '--to', 'json'], input)).toMatchObject({
        code: 2,
        err: expect.stringContaining(message),
      })
    }
    const args = ['convert', '--from', 'anthropic', '--to', 'json']
    expect(command.run(args, '7').err).toContain('expected a message in the shape anthropic, got 7')
    expect(command.run(args, '{"a": 1}').err).toContain('this is not a message in the shape anthropic')
    expect(command.run(args, '[{"type": "tool_use", "input": {}}]').err).toContain('call 0 has no name')
  })
})

describe('render', () => {
  it('writes what parse reads back', () => {
    const calls = [
      { name: 'f', arguments: { a: [1, 'é"\n'] } },
      { name: 'g', arguments: {} },
    ]
    const forms = [calls, { calls }, { toolCalls: calls, content: '' }]
    const texts = forms.map((form) => command.run(['render', '-f', 'hermes'], JSON.stringify(form)).out)
    for (const text of [texts[0], texts[2]] as string[]) {
      expect(text.endsWith('</tool_call>')).toBe(true)
      expect(json(['parse', '-f', 'hermes'], text).toolCalls).toMatchObject(calls)
    }
    const message = command.run(['parse', '-f', 'hermes', '--to', 'openai'], `<think>T</think>C${texts[0]}`).out
    const again = command.run(['render', '-f', 'hermes'], message).out
    expect(json(['parse', '-f', 'hermes'], again)).toMatchObject({ reasoning: 'T', toolCalls: calls })
    expect(again).toContain('</think>C')
    const parts = ['--content', 'Say: ', '--reasoning', 'Hm']
    const { out } = command.run(['render', '-f', 'hermes', ...parts], JSON.stringify(calls))
    expect(out.startsWith('<think>Hm</think>Say: ')).toBe(true)
  })

  it('refuses what cannot be expressed or must not be run', () => {
    const refused = (input: unknown, ...args: string[]) => {
      const { code, out, err } = command.run(['render', '-f', 'hermes', ...args], JSON.stringify(input))
      expect({ code, out }).toEqual({ code: 2, out: '' })
      return err
    }
    expect(refused({ name: 'f', arguments: {} }, '--content', 'a <tool_call>')).toContain(
      'standard input: the content holds <tool_call>',
    )
    expect(refused([{ arguments: {} }])).toContain(
      'call 0: expected {"name": "…", "arguments": {…}}, got {"arguments":{}}',
    )
    expect(refused({ name: 'f', arguments: '{"a":' })).toContain('call 0 (f) is malformed')
    expect(command.run(['render', '-f', 'auto'], '[]').err).toContain('--format is missing')
  })

  it('goes line by line into a file that parse reads', () => {
    const lines = [
      { id: 1, calls: [{ name: 'f', arguments: {} }] },
      { id: 2, name: 'g', arguments: { a: 1 } },
      { id: 3, name: 7 },
    ]
    const { code, out, err } = command.run(
      ['render', '--jsonl', '-f', 'hermes'],
      lines.map((line) => JSON.stringify(line)).join('\n'),
    )
    expect(code).toBe(1)
    expect(err).toMatch(/^callsift: standard input:3: call 0: expected/)
    const parsed = command
      .run(['parse', '--jsonl', '-f', 'hermes'], out)
      .out.trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(parsed).toMatchObject([
      { id: 1, toolCalls: [{ name: 'f' }] },
      { id: 2, toolCalls: [{ name: 'g', arguments: { a: 1 } }] },
    ])
  })
})

describe('grammar', () => {
  const tools = 'grammar-tools.json'
  beforeAll(() =>
    command.write(tools, JSON.stringify([{ name: 'f', parameters: { properties: { a: { pattern: 'x' } } } }])),
  )

  it('writes each notation, and tells what is left open', () => {
    const { code, out, err } = command.run(['grammar', '-f', 'hermes', '--tools', tools])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ type: 'structural_tag' })
    expect(err).toContain('not enforced: f/properties/a: pattern')
    const choice = ['--tool-choice', 'f', '--no-reasoning']
    expect(command.run(['grammar', '-f', 'hermes', '--tools', tools, '--to', 'gbnf', ...choice]).out).toMatch(
      /^root ::= "<tool_call>/,
    )
    expect(command.run(['grammar', '-f', 'hermes', '--tools', tools, '--to', 'lark', ...choice]).out).toMatch(
      /^start: "<tool_call>/,
    )
  })

  it('says what is missing, and what cannot be written', () => {
    expect(command.run(['grammar', '--tools', tools])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--format is missing'),
    })
    expect(command.run(['grammar', '-f', 'hermes'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--tools is missing'),
    })
    expect(command.run(['grammar', '-f', 'hermes', '--tools', tools, '--tool-choice', 'g'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no tool is named "g"'),
    })
  })
})
