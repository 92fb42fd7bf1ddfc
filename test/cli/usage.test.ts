import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import packageJson from '../../package.json'
import { VERBS } from '../../src/cli/verbs.js'
import { useCommand } from './command.js'

const command = useCommand()

/** The one line that a wrong call is answered with. */
function complaint(args: string[], input?: string | Buffer): string {
  const { code, out, err } = command.run(args, input)
  expect({ code, out }, err).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/^callsift: [^\n]+\n$/)
  return err.slice('callsift: '.length, -1)
}

describe('messages', () => {
  it('about files', () => {
    command.makeFolder('logs/deep')
    command.write('logs/one.txt', 'one')
    command.write('empty.txt', '')
    command.write('image.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0a, 0x00, 0x01]))
    command.write('latin.txt', Buffer.from('first\ncaf\u00e9 au lait', 'latin1'))
    command.write('half.txt', Buffer.from('caf\u00e9', 'utf8').subarray(0, 4))
    for (const [args, message] of [
      [['none.txt'], 'there is no file "none.txt". Check the path (it is relative to the current directory)'],
      [['logs'], `logs is a directory. Give a file, such as ${join('logs', 'one.txt')}`],
      [['logs/deep'], 'logs/deep is a directory. Give a file'],
      [['empty.txt'], 'empty.txt is empty: nothing to read. Give a file that holds text'],
      [['image.png'], 'image.png:2: a NUL byte at offset 5, so the file is binary. Give a text file'],
      [
        ['latin.txt'],
        'latin.txt:2: byte 0xe9 at offset 9 is not UTF-8. Convert it first: iconv -f latin1 -t utf-8 latin.txt',
      ],
      [
        ['half.txt'],
        'half.txt:1: byte 0xc3 at offset 3 is not UTF-8. Convert it first: iconv -f latin1 -t utf-8 half.txt',
      ],
      [['a.txt', 'b.txt'], 'expected one file, got 2: "a.txt" "b.txt". Run it once for each'],
      [[], 'standard input is empty: nothing to read. Pipe text into it, or name a file'],
    ] as const) {
      expect(complaint(['parse', ...args, '-f', 'hermes'])).toBe(message)
    }
    expect(complaint(['parse', '-'], Buffer.from([0]))).toContain('standard input:1: a NUL byte at offset 0')
  })

  it.skipIf(process.getuid?.() === 0)('about files that one must not read', () => {
    command.write('secret.txt', 'x')
    chmodSync(join(command.folder, 'secret.txt'), 0)
    expect(complaint(['parse', 'secret.txt'])).toContain('secret.txt is not readable by you')
  })

  it('about the file of tools, with the place', () => {
    const tools = (text: string) => {
      command.write('tools.json', text)
      return complaint(['parse', '--tools', 'tools.json'], 'text')
    }
    expect(tools('[\n  {"name": "f",}\n]')).toBe(
      '--tools: tools.json:2:16: not JSON: expected a key in double quotes, got }',
    )
    expect(tools("[{'name': 1}]")).toContain(`tools.json:1:3: not JSON: expected a key in double quotes or }, got '`)
    expect(tools('[')).toContain('tools.json:1:2: not JSON: expected a value or ], got the end')
    expect(tools('[{"x": 1}]')).toContain('--tools: tools.json: tools[0]: no name; expected {type:')
    expect(tools('7')).toContain('--tools: tools.json: tools: a number; expected a list of tools')
    expect(complaint(['parse', '--tools', 'no.json'], 'text')).toContain('--tools: there is no file "no.json"')
  })

  it('about options and names that are nearly right', () => {
    for (const [args, message] of [
      [['parse', '--fromat', 'hermes'], 'unknown option "--fromat"; did you mean --format?'],
      [['parse', '--xyz'], 'unknown option "--xyz"; --help lists the options'],
      [['parse', '-x'], 'unknown option "-x"; --help lists the options'],
      [['parse', '--format'], '--format needs a value: --format FORMAT'],
      [['parse', '--format', '--jsonl'], '--format needs a value: --format FORMAT'],
      [['parse', '--jsonl=yes'], '--jsonl takes no value: write it without =yes'],
      [
        ['parse', '--to', 'opneai'],
        '--to does not take "opneai"; it takes json, openai, responses, anthropic, ai-sdk or langchain (did you mean openai?)',
      ],
      [['parse', '--damaged', 'hide'], '--damaged does not take "hide"; it takes keep or drop'],
      [['parse', '--limit-calls', 'many'], '--limit-calls takes a positive whole number, not "many"'],
      [['parse', '--limit-depth', '0'], '--limit-depth takes a positive whole number, not "0"'],
      [['prase', 'x'], 'unknown command "prase" (did you mean parse?); see callsift --help'],
      [['match'], 'no model named. Name one: callsift match Qwen/Qwen2.5-7B-Instruct'],
      [['convert'], '--to is missing: --to json|openai|responses|anthropic|ai-sdk|langchain'],
      [['render'], '--format is missing: name the format to write; callsift formats lists them'],
      [['formats', 'auto'], 'auto is not a format: it lets the first marker of the text decide'],
    ] as const) {
      expect(complaint([...args])).toBe(message)
    }
    expect(complaint(['parse', '--format', 'hermse'])).toMatch(
      /^unknown format "hermse"\. Near names: hermes.* callsift formats$/,
    )
    expect(complaint(['formats', 'hermse'])).toContain('Near names: hermes')
    expect(complaint(['xyz'])).toMatch(/^unknown command "xyz"\. Commands: parse, /)
    command.write('reply.txt', 'text')
    expect(complaint(['reply.txt'])).toBe('a command comes before the file: callsift parse reply.txt')
  })

  it('never hand on what a terminal would obey', () => {
    expect(complaint(['parse', 'no\u001b[31m\n\u202efile'])).toContain('no file "no␛[31m↵\\u202efile"')
  })
})

describe('help', () => {
  it('tells what there is, on standard output', () => {
    const { code, out, err } = command.run(['--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    for (const name of Object.keys(VERBS)) expect(out).toContain(`\n  ${name} `)
    expect(out).toContain('Exit codes: 0')
    expect(command.runAlone(['-h']).out).toBe(out)
    expect(command.run(['help']).out).toBe(out)
    expect(command.runAlone([])).toMatchObject({ code: 2, out: '', err: out })
  })

  it.each(Object.keys(VERBS))('of %s teaches it with two examples at least, in 80 columns', async (name) => {
    const { verb } = (await VERBS[name]?.()) ?? expect.fail('no such verb')
    const { code, out } = command.run([name, '--help'])
    expect(code).toBe(0)
    expect(command.run(['help', name]).out).toBe(out)
    expect(verb.name).toBe(name)
    expect(verb.examples.length).toBeGreaterThanOrEqual(2)
    for (const { run } of verb.examples) expect(out).toContain(run)
    for (const option of Object.keys(verb.options)) expect(out).toContain(`--${option}`)
    // A command to copy stays on one line, however long it is.
    const prose = out.split('\n').filter((line) => !verb.examples.some(({ run }) => line.includes(run)))
    for (const line of prose) expect(line.length, line).toBeLessThanOrEqual(80)
  })

  it('of the verbs that read text and of the proxy tells the default of each flag that has one', async () => {
    for (const name of ['parse', 'explain', 'replay', 'proxy']) {
      const { verb } = (await VERBS[name]?.()) ?? expect.fail('no such verb')
      for (const [flag, { words, help }] of Object.entries(verb.options)) {
        const hasDefault = (words !== undefined && flag !== 'prompt') || flag === 'format' || flag.startsWith('limit-')
        if (hasDefault) expect(help, `${name} --${flag}`).toContain('default')
      }
      for (const flag of ['validate', 'trust', 'parallel-calls'])
        if (name !== 'replay') expect(verb.options).toHaveProperty(flag)
    }
  })

  it('--version is that of the package', () => {
    expect(command.runAlone(['--version'])).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' })
  })
})
