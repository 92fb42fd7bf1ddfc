import { describe, expect, it } from 'vitest'
import { hermesCall, useCommand } from './command.js'

const command = useCommand()
const lines = (records: unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')
const read = (out: string) =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
const call = hermesCall('f', { n: '1' })

describe('--jsonl', () => {
  it('writes a result line for each line, with its id', () => {
    const input = lines([{ id: 'a', completion: call }, { id: 7, completion: 'Hello.' }, { completion: 'No id.' }])
    const { code, out, err } = command.run(['parse', '--jsonl', '-f', 'hermes'], input)
    expect(read(out)).toMatchObject([
      { id: 'a', format: 'hermes', toolCalls: [{ name: 'f' }], status: 'complete' },
      { id: 7, content: 'Hello.' },
      { id: 3, content: 'No id.' },
    ])
    expect(Object.keys(read(out)[0])[0]).toBe('id')
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })

  it('takes tools and options of a line before those of the command', () => {
    const tools = [{ name: 'f', input_schema: { properties: { n: { type: 'integer' } } } }]
    const input = lines([
      { id: 1, completion: call, tools, options: { coerce: true } },
      { id: 2, completion: call, tools, options: { coerce: false } },
      { id: 3, completion: call, tools: [{ name: 'g' }], options: null },
      { id: 4, completion: call, options: { toolChoice: 'none' } },
    ])
    const found = read(command.run(['parse', '--jsonl', '-f', 'hermes', '--coerce'], input).out)
    expect(found.map((result) => result.toolCalls[0]?.arguments.n)).toEqual([1, '1', '1', undefined])
    expect(found[2].toolCalls[0].known).toBe(false)
    expect(found[3].content).toBe(call)
  })

  it('takes the format of a line where the command names none', () => {
    const input = lines([
      { id: 1, format: 'hermes', completion: 'Hello.' },
      { id: 2, completion: 'Hello.' },
    ])
    const formats = (args: string[]) =>
      read(command.run(['parse', '--jsonl', ...args], input).out).map(({ format }) => format)
    expect(formats([])).toEqual(['hermes', 'auto'])
    expect(formats(['--format', 'auto'])).toEqual(['auto', 'auto'])
  })

  it('comes to the same with several threads: results, their order, wrong lines, exit code', () => {
    const records = Array.from({ length: 1500 }, (_, i) => {
      if (i % 900 === 7) return `{"wrong ${i}\n`
      const completion = i % 3 === 0 ? call : `Line ${i}, é${'.'.repeat((i * 37) % 400)}`
      return `${JSON.stringify(i % 2 === 0 ? { completion } : { id: `x${i}`, completion })}\n`
    })
    // A line that is longer than one read of the file.
    records[1000] = `${JSON.stringify({ completion: 'long '.repeat(70_000) })}\n`
    command.write('many.jsonl', `\ufeff${records.join('')}\n\n{"completion": "last"}`)
    const one = command.run(['parse', 'many.jsonl', '--jsonl', '-f', 'hermes'])
    expect(one.code).toBe(1)
    expect(read(one.out)).toHaveLength(1499)
    expect(command.run(['parse', 'many.jsonl', '--jsonl', '-f', 'hermes', '--workers', '2'])).toEqual(one)
    expect(command.run(['parse', '--jsonl', '--workers', '2'], '')).toMatchObject({
      code: 2,
      err: expect.stringContaining('is empty'),
    })
  })

  it('names each wrong line and goes on', () => {
    const wrong = [
      '{"id": 1, "completion": "one"}',
      '{"id": 2, "completion": "two",',
      '',
      '[1]',
      '{"id": 4}',
      '{"id": 5, "completion": 5}',
      '{"id": 6, "completion": "six", "options": {"damage": "keep"}}',
      '{"id": 7, "completion": "seven", "options": []}',
      '{"id": 8, "completion": "eight", "tools": [{}]}',
      '{"id": 9, "completion": "nine", "format": "hermse"}',
    ].join('\n')
    const bytes = Buffer.concat([
      Buffer.from(`${wrong}\n`),
      Buffer.from([0x22, 0xe9, 0x22]),
      Buffer.from('\n{"completion": "last"}'),
    ])
    command.write('some.jsonl', bytes)
    const { code, out, err } = command.run(['parse', 'some.jsonl', '--jsonl'])
    expect(read(out).map(({ id }) => id)).toEqual([1, 12])
    expect(code).toBe(1)
    const messages = err.trimEnd().split('\n')
    for (const [i, start] of [
      '2: not JSON at column 31: expected a key in double quotes, got the end',
      '4: not a JSON object; each line must be one',
      '5: "completion" is missing; expected a string',
      '6: "completion" is a number; expected a string',
      '7: options.damage: no such option. Options are format, tools',
      '8: "options" is a list; expected an object',
      '9: tools[0]: no name; expected',
      '10: unknown format "hermse". Near names: hermes',
      '11: not UTF-8',
    ].entries()) {
      expect(messages[i]).toContain(`callsift: some.jsonl:${start}`)
    }
    expect(messages).toHaveLength(9)
  })

  it('exits with 1 for a line with damage', () => {
    const input = lines([
      { id: 1, completion: 'Hello.' },
      { id: 2, completion: '<tool_call>{"name": "f", "argum' },
    ])
    const { code, out } = command.run(['parse', '--jsonl', '-f', 'hermes'], input)
    expect(code).toBe(1)
    expect(read(out).map(({ status }) => status)).toEqual(['complete', 'truncated'])
  })

  it('writes wire shapes with the id of the line', () => {
    const input = lines([{ id: 5, completion: call, model: 'm' }])
    for (const wire of ['openai', 'responses', 'anthropic', 'ai-sdk', 'langchain']) {
      const [message] = read(command.run(['parse', '--jsonl', '-f', 'hermes', '--to', wire], input).out)
      expect(message.id, wire).toBe(5)
      expect(JSON.stringify(message)).toContain('"f"')
    }
  })

  it('knows nothing to do with nothing', () => {
    expect(command.run(['parse', '--jsonl', '-f', 'hermes'])).toMatchObject({
      code: 2,
      err: 'callsift: standard input is empty; with --jsonl it needs one JSON object per line\n',
    })
    expect(command.run(['parse', '--jsonl', 'none.jsonl']).err).toContain('there is no file "none.jsonl"')
  })

  it('reads lines that come in pieces of any size, with CRLF and a byte order mark', () => {
    const records = Array.from({ length: 300 }, (_, id) => ({ id, completion: `${'é👋'.repeat(id * 7)}${call}` }))
    const input = `\ufeff${lines(records).replaceAll('\n', '\r\n')}`
    const { code, out } = command.run(['parse', '--jsonl', '-f', 'hermes'], input)
    const found = read(out)
    expect(code).toBe(0)
    expect(found.map(({ id }) => id)).toEqual(records.map(({ id }) => id))
    expect(found.every(({ content, toolCalls }, i) => content === 'é👋'.repeat(i * 7) && toolCalls.length === 1)).toBe(
      true,
    )
  })

  it('answers each line as it comes', () => {
    const script = `(echo '{"id": 1, "completion": "a"}'; for i in $(seq 50); do [ -s first ] && break; sleep 0.1; done;
      [ -s first ] && echo '{"id": "answered", "completion": "b"}') | callsift parse --jsonl -f hermes > first; cat first`
    expect(read(command.shell(script).out).map(({ id }) => id)).toEqual([1, 'answered'])
  })

  it('keeps no more in memory than it needs', () => {
    const line = lines([{ id: 1, completion: `${call}${'Some text. '.repeat(900)}` }])
    const script = `node -e 'for (let i = 0; i < 6; i++) process.stdout.write(process.argv[1].repeat(1000))' "$LINE" |
      NODE_OPTIONS=--max-old-space-size=32 callsift parse --jsonl -f hermes | wc -l`
    expect(command.shell(`LINE='${line}'\n${script}`)).toMatchObject({
      out: expect.stringMatching(/^\s*6000\s*$/),
      err: '',
    })
  })

  it('ends quietly when nobody reads on', () => {
    command.write('many.jsonl', lines(Array.from({ length: 20_000 }, (_, id) => ({ id, completion: call }))))
    const { out, err } = command.shell('callsift parse many.jsonl --jsonl -f hermes | head -n 1 | cut -c1-8')
    expect(out).toBe('{"id":0,\n')
    expect(err).toBe('')
  })

  it('shows how far it is on a terminal only', (context) => {
    command.write(
      'few.jsonl',
      lines([
        { id: 1, completion: 'a' },
        { id: 2, completion: '<tool_call>{"name": "f", "arg' },
      ]),
    )
    const args = ['parse', 'few.jsonl', '--jsonl', '-f', 'hermes']
    const seen = command.inTerminal(args, { redirect: 'out.jsonl', env: { NO_COLOR: '1' } })
    if (seen === undefined) return context.skip('there is no script(1) here to make a terminal')
    // A slow machine has shown more than the end.
    expect(seen.out.split('\u001b[K').at(-1)).toMatch(/^callsift: 2 lines in [0-9.]+ s: 1 complete, 1 truncated\r\n$/)
    expect(command.run(args).err).toBe('')
  })
})
