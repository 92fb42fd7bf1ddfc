import type { ParseEvent } from '../../event/event.js'
import type { Registry, RenderCall } from '../../index.js'
import type { ToolsInput } from '../../tools/tools-input.js'
import { oneFile, readArgs } from '../input/args.js'
import { asObject } from '../input/fields.js'
import { readFormats } from '../input/format-files.js'
import { chooseFormat, PARSER_FLAGS } from '../input/parser-flags.js'
import { readInput } from '../input/read-input.js'
import { parseJson, readToolsFile } from '../input/read-json.js'
import { guessWire, readWire } from '../input/read-wire.js'
import { runLines } from '../input/run-lines.js'
import { write } from '../output/output.js'
import { inFile, UsageError, type Verb } from '../verb.js'

const { format, tools, model } = PARSER_FLAGS

const OPTIONS = {
  format: { ...format, help: 'the format to write: its name, or an engine’s name for it' },
  'format-file': PARSER_FLAGS['format-file'],
  model,
  tools,
  content: { type: 'string', value: 'TEXT', help: 'the text before the calls, instead of the message’s own' },
  reasoning: { type: 'string', value: 'TEXT', help: 'the reasoning, instead of the message’s own' },
  jsonl: { type: 'boolean', help: 'each line is calls or a message; write {"id", "completion"} for each' },
} as const

/** `callsift render`. */
export const verb: Verb = {
  name: 'render',
  summary: 'write calls the way a model of a format would',
  usage: 'callsift render FILE|- --format FORMAT [--tools FILE] [--jsonl]',
  options: OPTIONS,
  about: [
    'FILE holds calls as JSON: {"name", "arguments"}, a list of them, or a message in any shape that convert ' +
      'reads. The output is the native text, which callsift parse reads back as the same calls. If the format ' +
      'cannot express a call or its content (a marker inside the text, a name that it cannot write, an open ' +
      'quotation before a call), render says so and writes nothing.',
  ],
  examples: [
    {
      run: `echo '{"name": "get_tide", "arguments": {}}' | callsift render -f hermes`,
      does: 'one call',
    },
    {
      run: 'callsift render message.json --format hermes --tools tools.json',
      does: 'a message, with the types of the tools',
    },
    {
      run: 'callsift render in.jsonl --jsonl -f hermes | callsift parse --jsonl',
      does: 'there and back',
    },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    const file = oneFile(words)
    const formats = await readFormats(values['format-file'])
    const { format } = chooseFormat(values, formats)
    if (format === 'auto')
      throw new UsageError('--format is missing: name the format to write; callsift formats lists them')
    const request = { ...values, format, render: formats.render, tools: await readToolsFile(values.tools) }
    if (values.jsonl) {
      return runLines(file, ({ id, fields }) => ({
        output: { id, completion: nativeText(fields.calls ?? fields, request) },
        status: 'complete',
      }))
    }
    const input = await readInput(file)
    const value = parseJson(input)
    const text = inFile(input.name, () => nativeText(value, request))
    await write(process.stdout.isTTY ? `${text}\n` : text)
    return 0
  },
}

interface RenderRequest {
  readonly format: string
  readonly render: Registry['render']
  readonly tools: ToolsInput | undefined
  readonly content: string | undefined
  readonly reasoning: string | undefined
}

function nativeText(value: unknown, { format, render, tools, content, reasoning }: RenderRequest): string {
  const message = readCalls(value)
  return render(message.calls, {
    format,
    tools,
    content: content ?? message.content,
    reasoning: reasoning ?? message.reasoning,
  })
}

interface Parts {
  calls: RenderCall[]
  content: string
  reasoning: string
}

/** Calls, or a message that holds them. */
function readCalls(value: unknown): Parts {
  const wire = guessWire(value)
  if (wire !== undefined) return partsOf(readWire(wire, value).events)
  const list: unknown[] = Array.isArray(value) ? value : [value]
  return partsOf(readWire('json', { toolCalls: list.map(plainCall) }).events)
}

function plainCall(value: unknown, index: number): object {
  const fields = asObject(value)
  if (typeof fields?.name !== 'string') {
    throw new UsageError(
      `call ${index}: expected {"name": "…", "arguments": {…}}, got ${JSON.stringify(value)?.slice(0, 60)}`,
    )
  }
  return {
    index,
    name: fields.name,
    id: fields.id,
    arguments: fields.arguments ?? fields.parameters ?? fields.args ?? {},
  }
}

function partsOf(events: readonly ParseEvent[]): Parts {
  const parts: Parts = { calls: [], content: '', reasoning: '' }
  for (const event of events) {
    if (event.type === 'content') parts.content += event.text
    else if (event.type === 'reasoning') parts.reasoning += event.text
    else if (event.type === 'call-end') {
      const { status, name, index, id } = event.call
      if (status !== 'complete')
        throw new UsageError(`call ${index} (${name}) is ${status}: its arguments are not a whole JSON object`)
      parts.calls.push({ name, id, arguments: event.call.arguments })
    }
  }
  return parts
}
