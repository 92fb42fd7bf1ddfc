import type { ParseEvent, Status } from '../../index.js'
import { oneFile, readArgs } from '../input/args.js'
import { readInput } from '../input/read-input.js'
import { parseJson } from '../input/read-json.js'
import { guessWire, readWire } from '../input/read-wire.js'
import { runLines } from '../input/run-lines.js'
import { say, writeJson } from '../output/output.js'
import { toWire, WIRES, type Wire } from '../output/wire.js'
import { inFile, UsageError, type Verb } from '../verb.js'

const OPTIONS = {
  from: { type: 'string', words: WIRES, help: 'the shape of FILE; default: detected' },
  to: { type: 'string', words: WIRES, help: 'the shape to write' },
  model: { type: 'string', value: 'NAME', help: 'the model’s name, for shapes that hold one' },
  jsonl: { type: 'boolean', help: 'each line is a message; writes a line for each' },
} as const

/** `callsift convert`. */
export const verb: Verb = {
  name: 'convert',
  summary: 'turn a message from one wire shape into another',
  usage: 'callsift convert FILE|- --to SHAPE [--from SHAPE] [--jsonl]',
  options: OPTIONS,
  about: [
    'Reads an assistant message that has already been parsed, as json (what callsift parse writes), openai ' +
      '(a chat completion or its message), responses, anthropic, ai-sdk or langchain, and writes it in another ' +
      'shape. Ids of calls are kept. For a model’s raw text, use callsift parse.',
    'A call whose arguments are not a JSON object is written as a call that must not be run; the exit code ' +
      'is then 1.',
  ],
  examples: [
    {
      run: 'callsift convert message.json --from openai --to anthropic',
      does: 'a chat completion as an Anthropic message',
    },
    {
      run: 'callsift parse reply.txt --to json | callsift convert --to langchain',
      does: 'any shape from the parsed result',
    },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    const file = oneFile(words)
    const to = values.to as Wire | undefined
    if (to === undefined) throw new UsageError(`--to is missing: --to ${WIRES.join('|')}`)
    const from = values.from as Wire | undefined
    if (values.jsonl) {
      return runLines(file, ({ id, fields }) => {
        const { output, status } = convert(fields, from ?? shapeOf(fields), to, values.model)
        return {
          output: 'id' in output && fields.id === undefined ? output : Object.assign({ id }, output, { id }),
          status,
        }
      })
    }
    const input = await readInput(file)
    const value = parseJson(input)
    const { output, status } = inFile(input.name, () => {
      const shape = from ?? shapeOf(value)
      if (from === undefined) say(`${input.name} looks like ${shape} (name the shape with --from to be sure)`)
      return convert(value, shape, to, values.model)
    })
    await writeJson(output)
    return status === 'complete' ? 0 : 1
  },
}

function shapeOf(value: unknown): Wire {
  const shape = guessWire(value)
  if (shape !== undefined) return shape
  throw new UsageError(
    'this is no message in a known shape. Name its shape with --from, or use parse for a model’s raw text',
  )
}

function convert(value: unknown, from: Wire, to: Wire, model: string | undefined): { output: object; status: Status } {
  const message = readWire(from, value)
  const head = {
    model: model ?? message.model ?? 'unknown',
    id: message.id ?? 'msg_0',
    callIds: 'keep' as const,
    reason: message.reason,
  }
  return { output: toWire(to, message.events, head), status: statusOf(message.events) }
}

function statusOf(events: readonly ParseEvent[]): Status {
  const last = events.at(-1)
  return last?.type === 'end' ? last.status : 'truncated'
}
