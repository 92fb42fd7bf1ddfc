import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readArgs } from '../../src/cli/input/args.js'
import { readFormats } from '../../src/cli/input/format-files.js'
import { chooseFormat, PARSER_FLAGS } from '../../src/cli/input/parser-flags.js'
import { readModelRules } from '../../src/proxy/settings/model-rules.js'
import { useCommand } from './command.js'

const EXAMPLE = resolve('examples/my-format.json')
const TEXT = resolve('examples/my-format.txt')
const folder = mkdtempSync(join(tmpdir(), 'callsift-formats-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A file of this name, with the example's fields but for these. */
function file(name: string, fields: object | string): string {
  const call = { family: 'json-calls', call: { open: `<${name}>`, close: `</${name}>` } }
  const path = join(folder, `${name}.json`)
  writeFileSync(
    path,
    typeof fields === 'string' ? fields : JSON.stringify({ version: 1, id: name, calls: [call], ...fields }),
  )
  return path
}

describe('--format-file', () => {
  it('may come several times', () => {
    const { values } = readArgs(['--format-file', 'a.json', '--format-file=b.json', '-f', 'x', '-f', 'y'], PARSER_FLAGS)
    expect(values['format-file']).toEqual(['a.json', 'b.json'])
    expect(values.format).toBe('y')
    expect(readArgs([], PARSER_FLAGS).values['format-file']).toEqual([])
  })

  it('is the format, where it is one alone and none is named', async () => {
    const one = await readFormats([EXAMPLE])
    expect(chooseFormat({}, one)).toEqual({ format: 'harbour' })
    expect(chooseFormat({ format: 'hermes2' }, one)).toEqual({ format: 'hermes' })
    const two = await readFormats([EXAMPLE, file('other', {})])
    expect(chooseFormat({}, two)).toEqual({ format: 'auto' })
    expect(chooseFormat({ model: 'harbour-1' }, two)).toMatchObject({ format: 'harbour' })
    expect(chooseFormat({ format: 'other' }, two)).toEqual({ format: 'other' })
  })

  it('is found by its text, before the formats that write the same', async () => {
    const { createParser } = await readFormats([
      EXAMPLE,
      file('like-hermes', { calls: [{ family: 'json-calls', call: { open: '<tool_call>', close: '</tool_call>' } }] }),
    ])
    const parser = createParser({ format: 'auto' })
    const events = [...parser.push('<tool_call>{"name": "f", "arguments": {}}</tool_call>'), ...parser.end()]
    expect(events.at(-1)).toMatchObject({ format: 'like-hermes' })
  })

  it('is named by its id in the rules of the proxy', async () => {
    const { registry } = await readFormats([EXAMPLE])
    const rules = { 'boats-*': 'harbour' }
    expect(registry && readModelRules(rules, registry)('boats-7b')?.format).toMatchObject({ id: 'harbour' })
    const { registry: none } = await readFormats([])
    expect(none).toBeUndefined()
  })

  it.each([
    ['no JSON', file('cut', '{"version": 1,'), /cut\.json:1:\d+: not JSON/],
    [
      'a wrong field',
      file('wrong', { stops: 'x' }),
      /^--format-file: .*wrong\.json: stops: expected array, received "x"$/,
    ],
    ['an id that is taken', file('hermes', {}), /^--format-file: .*hermes\.json: id: a format hermes exists already/],
  ])('names the file and the place of %s', async (_, path, message) => {
    await expect(readFormats([path])).rejects.toThrow(message)
  })
})

describe('the command with a format of a file', () => {
  const command = useCommand()

  it('parses, explains, renders and replays, and tells what is wrong', () => {
    const flags = ['--format-file', EXAMPLE]
    const { code, out } = command.run(['parse', TEXT, ...flags])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ format: 'harbour', toolCalls: [{ name: 'get_tide' }], status: 'complete' })
    expect(command.run(['render', ...flags], '{"name": "f", "arguments": {}}').out).toBe(
      '<call>{"tool": "f", "input": {}}</call>',
    )
    expect(command.run(['explain', TEXT, ...flags]).out).toContain('harbour: complete, 1 call')
    expect(command.run(['replay', TEXT, ...flags]).code).toBe(0)
    const wrong = command.run(['parse', TEXT, '--format-file', file('wrong', { stops: 'x' })])
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('stops: expected array') })
  })

  it('reads the file once, since a pipe gives it once', () => {
    const description = readFileSync(EXAMPLE)
    const flags = ['--format-file', '-', '--format', 'harbour']
    const { code, out } = command.run(['parse', TEXT, ...flags], description)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ format: 'harbour', toolCalls: [{ name: 'get_tide' }] })
    expect(command.run(['diff', TEXT, TEXT, ...flags], description).out).toMatch(/^same\n/)
  })

  it('reads with what match --derive stored of a chat template', () => {
    const [template, stored] = [resolve('fixtures/templates/name-json.jinja'), join(folder, 'house.json')]
    const derived = command.run(['match', '--derive', template, '--id', 'house', '--out', stored])
    expect(derived).toMatchObject({ code: 0, err: expect.stringContaining(`--format-file ${stored}`) })
    expect(derived.out).toMatch(/^house\n/)
    const { code, out } = command.run(
      ['parse', '-', '--to', 'json', '--format-file', stored],
      'I look. <|requests|><|request|>get_tide<|with|>{"port": "Moss"}<|done|><|/requests|>',
    )
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      format: 'house',
      content: 'I look.',
      toolCalls: [{ name: 'get_tide', arguments: { port: 'Moss' }, repairs: [] }],
      status: 'complete',
    })
  })
})
