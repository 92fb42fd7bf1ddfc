import { collect } from '../../event/collect.js'
import type { ParseEvent, Parser } from '../../index.js'
import { oneFile, readArgs } from '../input/args.js'
import { readFormats } from '../input/format-files.js'
import { parseLines } from '../input/parse-lines.js'
import { chooseFormat, optionsFromFlags, PARSER_FLAGS } from '../input/parser-flags.js'
import { readInput } from '../input/read-input.js'
import { readToolsFile } from '../input/read-json.js'
import { rescue } from '../input/rescue.js'
import type { Rescued } from '../input/rescued.js'
import { say, write, writeJson } from '../output/output.js'
import { screenOf } from '../output/screen.js'
import { viewOf } from '../output/view.js'
import { callIdsFrom, messageIdFrom, toWire, WIRES, type Wire } from '../output/wire.js'
import { UsageError, type Verb } from '../verb.js'

const OPTIONS = {
  ...PARSER_FLAGS,
  to: { type: 'string', words: WIRES, help: 'write the message in this shape; default json, or a view on a terminal' },
  jsonl: { type: 'boolean', help: 'each line is {"id", "completion", "tools"?, "options"?}; write a line for each' },
  raw: { type: 'boolean', help: 'take the file as it is, whatever it looks like' },
} as const

/** `callsift parse`. */
export const verb: Verb = {
  name: 'parse',
  summary: 'read a completion: its content, reasoning and tool calls',
  usage: 'callsift parse FILE|- [--format FORMAT] [--tools FILE] [--to SHAPE]',
  options: OPTIONS,
  about: [
    'Reads the raw text that a model wrote. On a terminal you see what is in it: each call with its status, how sure it ' +
      'is (behind a marker, bare, or from reasoning that never closed), what was repaired, and notes. Elsewhere, or with ' +
      '--to json, it is the result as JSON. Ids on the wires are made from the text: the same text gives the same ids.',
    'FILE may also be what a server made of that text: a saved chat completion (its content, or the tokens of its ' +
      'logprobs), a dump of server-sent events, or an error of llama.cpp that carries the rejected text. --raw turns ' +
      'this off.',
    'Exit codes: 0 parsed; 1 parsed with damage (the text or a call is cut off or malformed, or a line is wrong); 2 usage.',
  ],
  examples: [
    {
      run: 'callsift parse reply.txt -f hermes --tools tools.json',
      does: 'see the calls, with the types that the tools take',
    },
    { run: 'callsift parse reply.txt --model Qwen/Qwen3-8B --to openai', does: 'the message as a chat completion' },
    {
      run: 'curl -sN localhost:8080/v1/chat/completions -d @request.json | callsift parse',
      does: 'what a stream of a server holds',
    },
    {
      run: 'callsift parse dataset.jsonl --jsonl --format hermes > results.jsonl',
      does: 'a file of any size, a result line for each line',
    },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    const file = oneFile(words)
    const options = optionsFromFlags(values)
    const formats = await readFormats(values['format-file'])
    if (values.format !== undefined) chooseFormat(values, formats)
    const tools = await readToolsFile(values.tools)
    const wire = values.to as Wire | undefined
    const given = tools === undefined ? options : { ...options, tools }
    if (values.jsonl) return parseLines(file, { ...values, formats, options: given, wire: wire ?? 'json' })

    const { name, text } = await readInput(file)
    const found = values.raw ? undefined : rescued(name, text)
    const source = found ?? { chunks: [text], reason: 'stop' as const, model: undefined }
    const model = values.model ?? source.model
    const chosen = chooseFormat({ format: values.format, model, startInReasoning: found?.startInReasoning }, formats)
    const events = eventsOf(source, formats.createParser({ ...chosen, ...given }))
    const result = collect(events)
    if (chosen.format === 'auto') sayDecided(result.format)
    const screen = screenOf(process.stdout)
    if (wire === undefined && screen.isTerminal) await write(viewOf(result, source.chunks.join(''), screen))
    else {
      const shape = wire ?? 'json'
      const ids = { id: messageIdFrom(text, shape), callIds: callIdsFrom(text) }
      const head = { model: model ?? 'unknown', reason: source.reason, ...ids }
      await writeJson(toWire(shape, events, head))
    }
    return result.status === 'complete' ? 0 : 1
  },
}

function rescued(name: string, text: string): Rescued | undefined {
  try {
    const found = rescue(text)
    if (found !== undefined) say(`${name} is ${found.what} (--raw takes it as it is)`)
    return found
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(`${name}: ${error.message} (--raw parses the file as it is)`)
  }
}

function eventsOf({ chunks, reason }: Pick<Rescued, 'chunks' | 'reason'>, parser: Parser): ParseEvent[] {
  const events: ParseEvent[] = []
  for (const chunk of chunks) for (const event of parser.push(chunk)) events.push(event)
  for (const event of parser.end(reason)) events.push(event)
  return events
}

function sayDecided(format: string): void {
  if (format === 'auto') say('no call was found, so the format stays undecided; name it with --format to be sure')
  else say(`the text decided the format: ${format} (name it with --format to be sure)`)
}
