import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { rescue } from '../../src/cli/input/rescue.js'
import { parse } from '../../src/index.js'
import { hermesCall, useCommand } from './command.js'

const command = useCommand()
const text = `<think>Look.</think>Here it is.\n${hermesCall('get_tide', { harbour: 'Stavanger', days: 3 })}`
const cut = `Wait. <tool_call>{"name": "write_file", "arguments": {"path": "a.txt", "content": "begin`

describe('parse of one text', () => {
  it('writes the result as JSON, as the library gives it', () => {
    command.write('reply.txt', text)
    const { code, out, err } = command.runAlone(['parse', 'reply.txt', '--format', 'hermes'])
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(parse(text, { format: 'hermes' }))))
    expect(out).toContain('\n  "content"')
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })

  it('reads standard input, named - or not named', () => {
    const args = ['parse', '--format', 'hermes']
    const named = command.runAlone([...args, '-'], text)
    expect(JSON.parse(named.out).toolCalls).toHaveLength(1)
    expect(command.run(args, text).out).toBe(named.out)
  })

  it('exits with 1 for what is cut off, and hands over no call', () => {
    const { code, out } = command.runAlone(['parse', '-f', 'hermes'], cut)
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ status: 'truncated', toolCalls: [], incomplete: [{ name: 'write_file' }] })
  })

  it('leaves a byte order mark out and reads UTF-16', () => {
    const args = ['parse', '-f', 'hermes', '--to', 'json']
    const plain = command.run(args, text).out
    expect(command.run(args, `\ufeff${text}`).out).toBe(plain)
    expect(command.run(args, Buffer.from(`\ufeff${text}`, 'utf16le')).out).toBe(plain)
  })

  it('gives the options of the parser to it', () => {
    command.write(
      'tools.json',
      JSON.stringify([{ name: 'f', input_schema: { properties: { n: { type: 'integer' } } } }]),
    )
    const call = hermesCall('f', { n: '10' })
    const args = ['parse', '-f', 'hermes', '--tools', 'tools.json']
    const first = (args: string[], input = call) => JSON.parse(command.run(args, input).out)
    expect(first(args).toolCalls[0].arguments).toEqual({ n: '10' })
    expect(first([...args, '--coerce']).toolCalls[0].arguments).toEqual({ n: 10 })
    expect(first([...args, '--tool-choice', 'none']).toolCalls).toEqual([])
    expect(first(args, hermesCall('g', {})).toolCalls[0].known).toBe(false)
    expect(first(['parse', '-f', 'hermes', '--start-in-reasoning'], 'I see.</think>Done.').reasoning).toBe('I see.')
    const drafted = `<think>${call}`
    expect(first(['parse', '-f', 'hermes'], drafted).toolCalls).toHaveLength(1)
    expect(first(['parse', '-f', 'hermes', '--calls-in-reasoning', 'never'], drafted).toolCalls).toEqual([])
    const comma = call.replace('"10"', '"10",')
    expect(first(['parse', '-f', 'hermes', '--no-repair'], comma).toolCalls).toEqual([])
    const damaged = '<tool_call>{"name": , !!}</tool_call>'
    expect(first(['parse', '-f', 'hermes'], damaged).content).toBe(damaged)
    expect(first(['parse', '-f', 'hermes', '--damaged', 'drop'], damaged).content).toBe('')
    expect(first(['parse', '-f', 'hermes', '--limit-calls', '1'], call + call).toolCalls).toHaveLength(1)
    const long = hermesCall('f', { text: 'x'.repeat(50) })
    expect(first(['parse', '-f', 'hermes', '--limit-argument-chars', '20'], long).toolCalls).toEqual([])
    const two = command.run(['parse', '-f', 'hermes', '--parallel-calls', 'false'], call + call)
    expect(JSON.parse(two.out).toolCalls).toHaveLength(1)
    expect(first([...args, '--validate']).toolCalls[0].issues).toMatchObject([{ path: 'n', received: '"10"' }])
    expect(first(args).toolCalls[0].issues).toBeUndefined()
    const refused = first([...args, '--trust', 'cautious'], hermesCall('g', {}))
    expect(refused).toMatchObject({ toolCalls: [], status: 'malformed', incomplete: [{ name: 'g' }] })
    expect(refused.notes.map((note: { code: string }) => note.code)).toContain('refused-call')
    const deep = hermesCall('f', { a: [[[[1]]]] })
    expect(first(['parse', '-f', 'hermes', '--limit-depth', '3'], deep).toolCalls).toEqual([])
  })

  it('takes the format from the model, else from the text, and says so', () => {
    const byModel = command.run(['parse', '--model', 'Qwen/Qwen2.5-7B-Instruct'], text)
    expect(byModel.err).toContain('format hermes (the name says "Qwen2.5"')
    expect(JSON.parse(byModel.out).format).toBe('hermes')
    const byText = command.run(['parse'], text)
    expect(byText.err).toBe('callsift: the text decided the format: hermes (name it with --format to be sure)\n')
    expect(JSON.parse(byText.out).toolCalls).toHaveLength(1)
    expect(command.run(['parse'], 'Hello.').err).toContain('no call was found, so the format stays undecided')
    expect(command.run(['parse', '--model', 'nobody/knows'], text).err).toContain('"nobody/knows" is not known')
    // Names of engines are names too.
    expect(JSON.parse(command.run(['parse', '-f', 'qwen25'], text).out).format).toBe('hermes')
  })

  it('writes every wire shape, the same for the same text', () => {
    const to = (wire: string, input = text) => {
      const { out } = command.run(['parse', '-f', 'hermes', '--model', 'm', '--to', wire], input)
      expect(command.run(['parse', '-f', 'hermes', '--model', 'm', '--to', wire], input).out).toBe(out)
      return JSON.parse(out)
    }
    const [choice] = to('openai').choices
    expect(choice.message).toMatchObject({ content: 'Here it is.', reasoning_content: 'Look.' })
    expect(choice.message.tool_calls[0].function.name).toBe('get_tide')
    expect(choice.finish_reason).toBe('tool_calls')
    expect(to('responses').output.map((item: { type: string }) => item.type)).toEqual([
      'reasoning',
      'message',
      'function_call',
    ])
    expect(to('anthropic')).toMatchObject({ model: 'm', stop_reason: 'tool_use' })
    expect(to('ai-sdk')).toMatchObject({ finishReason: { unified: 'tool-calls' } })
    expect(to('langchain').tool_calls[0]).toMatchObject({ name: 'get_tide', args: { harbour: 'Stavanger', days: 3 } })
    // The calls of another message have other ids.
    const id = choice.message.tool_calls[0].id
    expect(to('openai', `${text} `).choices[0].message.tool_calls[0].id).not.toBe(id)
    expect(to('openai', cut).choices[0].finish_reason).toBe('length')
  })

  it('ends quietly when nobody reads', () => {
    command.write('long.txt', 'Hello. '.repeat(400_000))
    const { out, err } = command.shell(
      'set -o pipefail; callsift parse long.txt -f hermes | head -c 20; echo "code $?"',
    )
    expect(out).toContain('code 0')
    expect(err).toBe('')
  })
})

describe('parse of what a server made of the text', () => {
  const completion = (choice: object) => JSON.stringify({ model: 'qwq', choices: [{ index: 0, ...choice }] })
  const parsed = (input: string, ...args: string[]) => {
    const { code, out, err } = command.run(['parse', '-f', 'hermes', ...args], input)
    return { code, err, result: out === '' ? undefined : JSON.parse(out) }
  }
  const content = 'Ready. <tool_call>{"name": "f", "arguments": {"a": "é"}}</tool_call>'

  it('a chat completion', () => {
    const body = completion({ message: { role: 'assistant', content }, finish_reason: 'stop' })
    const { result, err, code } = parsed(body)
    expect(err).toBe('callsift: standard input is a chat completion (--raw reads it as plain text)\n')
    expect(result).toMatchObject({ content: 'Ready.', toolCalls: [{ name: 'f', arguments: { a: 'é' } }] })
    expect(code).toBe(0)
    expect(parsed(body, '--raw')).toMatchObject({ err: expect.not.stringContaining('chat'), result: { content: body } })
    // Its model decides the format, and its finish reason the end.
    expect(command.run(['parse'], body).err).toMatch(/format hermes.*the name says "qwq"/)
    const long = completion({ message: { role: 'assistant', content: 'Ready' }, finish_reason: 'length' })
    expect(parsed(long)).toMatchObject({ code: 1, result: { status: 'truncated' } })
    // The prompt of this model opens the reasoning block, and this server has taken the reasoning out.
    const split = completion({ message: { role: 'assistant', reasoning_content: 'Hm.', content } })
    const seen = command.run(['parse'], split)
    expect(seen.err).toContain('the server split off its reasoning, which is left out')
    expect(JSON.parse(seen.out)).toMatchObject({ content: 'Ready.', toolCalls: [{ name: 'f', evidence: 'marker' }] })
  })

  it('a chat completion whose text is only in its logprobs', () => {
    const tokens = [...Buffer.from(content)].map((byte) => ({ token: String.fromCharCode(byte), bytes: [byte] }))
    const message = { role: 'assistant', content: 'Ready.', tool_calls: [{ id: 'x' }] }
    const { result, err } = parsed(completion({ message, logprobs: { content: tokens }, finish_reason: 'tool_calls' }))
    expect(err).toContain(`rebuilt from ${tokens.length} logprobs tokens`)
    expect(result).toMatchObject({ content: 'Ready.', toolCalls: [{ arguments: { a: 'é' } }] })
  })

  it('a call that the server lost in the reasoning', () => {
    const message = { role: 'assistant', content: null, reasoning_content: `Now. ${hermesCall('f', {})}` }
    const { result, err } = parsed(completion({ message }))
    expect(err).toContain('all of its text is reasoning')
    expect(result).toMatchObject({ reasoning: 'Now.', toolCalls: [{ name: 'f', evidence: 'unclosed-reasoning' }] })
  })

  it('other answers that hold the text', () => {
    const call = hermesCall('f', {})
    for (const body of [
      { choices: [{ text: call, finish_reason: 'stop' }] },
      { model: 'x', response: call, done: true },
      { model: 'x', message: { role: 'assistant', content: call }, done: true },
      { role: 'assistant', content: [{ type: 'text', text: call }] },
      { content: call, tokens_predicted: 9 },
      { id: 1, completion: call },
      { error: { message: 'Failed to call a function.', code: 'tool_use_failed', failed_generation: call } },
    ]) {
      expect(rescue(JSON.stringify(body, null, 2))?.chunks, JSON.stringify(body)).toEqual([call])
    }
  })

  it('an error of llama.cpp', () => {
    const message = `Failed to parse input at pos 12: ${hermesCall('f', {})}`
    const { result, err } = parsed(JSON.stringify({ error: { code: 500, message, type: 'server_error' } }))
    expect(err).toContain('an error of llama.cpp')
    expect(err).toContain('the 12 characters before it')
    expect(result).toMatchObject({ content: '', toolCalls: [{ name: 'f' }] })
    expect(parsed(message).result).toMatchObject({ content: '', toolCalls: [{ name: 'f' }] })
  })

  const chunk = (delta: object, finish_reason: string | null = null) =>
    `data: ${JSON.stringify({ model: 'qwq', choices: [{ index: 0, delta, finish_reason }] })}\n\n`

  it('a dump of server-sent events', () => {
    const deltas = [...content].map((piece) => chunk({ content: piece })).join('')
    const dump = `: ping\n\n${chunk({ role: 'assistant', content: '' })}${deltas}${chunk({}, 'stop')}data: [DONE]\n\n`
    const whole = parsed(content).result
    expect(parsed(dump)).toMatchObject({ code: 0, result: whole, err: expect.stringContaining('server-sent events') })
    expect(parsed(dump.replaceAll('\n', '\r\n')).result).toEqual(whole)
    // Saved while it was running: no finish reason, and half an event.
    const broken = parsed(dump.slice(0, dump.indexOf('"é"') + 2))
    expect(broken).toMatchObject({ code: 1, result: { status: 'truncated', toolCalls: [] } })
    expect(broken.err).toContain('it breaks off')
  })

  it('a dump that ends in an error with the rejected text', () => {
    const message = `Failed to parse input at pos 3: ${hermesCall('f', {})}`
    const { result } = parsed(
      `${chunk({ content: 'Hi' })}data: {"error": {"code": 500, "message": ${JSON.stringify(message)}}}\n\n`,
    )
    expect(result).toMatchObject({ content: 'Hi', toolCalls: [{ name: 'f' }] })
  })

  it('events of Anthropic and of Responses', () => {
    const events = (list: object[]) => list.map((event) => `event: x\ndata: ${JSON.stringify(event)}\n\n`).join('')
    const call = hermesCall('f', {})
    const anthropic = events([
      { type: 'message_start', message: { model: 'm' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: call } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
      { type: 'message_stop' },
    ])
    const responses = events([{ type: 'response.output_text.delta', delta: call }, { type: 'response.completed' }])
    for (const dump of [anthropic, responses])
      expect(parsed(dump)).toMatchObject({ code: 0, result: { toolCalls: [{}] } })
  })

  it('says what holds no text, and takes everything else as it is', () => {
    const message = {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{}' } }],
    }
    expect(parsed(completion({ message })).err).toMatch(
      /^callsift: standard input: the call in it is already parsed .*--raw/,
    )
    expect(parsed('{"error": {"message": "too long"}}')).toMatchObject({
      code: 2,
      err: expect.stringContaining('too long'),
    })
    expect(parsed('{"id": 1, "completion": "a"}\n{"id": 2, "completion": "b"}\n').err).toContain('add --jsonl')
    for (const plain of [
      'data: the tide\n\nevent: high',
      '{"error": "yes"}',
      '{"a": 1}',
      '{',
      'Failed to parse input',
    ]) {
      expect(parsed(plain), plain).toMatchObject({ code: 0, err: '', result: { content: plain } })
    }
  })
})

describe('parse for people', () => {
  const messy =
    `<think>Short.</think>Bell \u0007 and \u001b[31mred.\n\n\n\n<tool_call>{'name': 'search', 'arguments': {'query': 'tides', ` +
    `'text': '${'word '.repeat(40)}', 'box': {'width': ${'1'.repeat(40)}, 'inner': {'list': ['${'x'.repeat(40)}', 2]}},}}</tool_call>\n${cut}`

  it('shows calls as trees, what was repaired, notes, and what it came to', (context) => {
    command.write('messy.txt', messy)
    const seen = command.inTerminal(['parse', 'messy.txt', '-f', 'hermes'], { env: { NO_COLOR: '1' } })
    if (seen === undefined) return context.skip('there is no script(1) here to make a terminal')
    const lines = seen.out.replaceAll('\r\n', '\n').split('\n')
    expect(seen.code).toBe(1)
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80)
    for (const line of [
      'reasoning',
      'content',
      'calls',
      'notes',
      '  ✓ search complete',
      '    ├ query: "tides"',
      '    └ box',
    ]) {
      expect(lines).toContain(line)
    }
    expect(seen.out).toContain('(200 characters)')
    expect(seen.out).toContain('repaired python-quotes')
    expect(seen.out).toContain('✗ write_file truncated, not to be run')
    expect(lines).toContain('truncated, 1 call and 1 incomplete, format hermes')
    // What a terminal would obey is shown instead.
    expect(seen.out).toContain('Bell ␇ and ␛[31mred.')
    expect(seen.out).not.toContain('\u001b')
    expect(seen.out).not.toContain('\u0007')
  })

  it('uses colours on a terminal only, and not where NO_COLOR or a dumb terminal says so', (context) => {
    command.write('reply.txt', text)
    const args = ['parse', 'reply.txt', '-f', 'hermes']
    const colored = command.inTerminal(args)
    if (colored === undefined) return context.skip('there is no script(1) here to make a terminal')
    expect(colored.out).toContain('\u001b[32m')
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }] as Record<string, string>[]) {
      expect(command.inTerminal(args, { env })?.out).not.toContain('\u001b')
    }
    expect(command.shell('FORCE_COLOR=1 callsift parse reply.txt').out).not.toContain('\u001b')
    expect(JSON.parse(command.inTerminal([...args, '--to', 'json'])?.out ?? '').toolCalls).toHaveLength(1)
  })

  it('asks for a file at a terminal', (context) => {
    const seen = command.inTerminal(['parse'], { env: { NO_COLOR: '1' } })
    if (seen === undefined) return context.skip('there is no script(1) here to make a terminal')
    expect(seen).toMatchObject({
      code: 2,
      out: 'callsift: no file given. Name one, pipe text in, or use - to type it here\r\n',
    })
  })

  it('shows the example of the README well', (context) => {
    command.write('ferries.txt', readFileSync(new URL('../../examples/ferries.txt', import.meta.url)))
    const seen = command.inTerminal(['parse', 'ferries.txt', '--format', 'hermes'], { env: { NO_COLOR: '1' } })
    if (seen === undefined) return context.skip('there is no script(1) here to make a terminal')
    expect(seen.code).toBe(0)
    expect(seen.out).toContain('✓ write_file complete')
  })
})
