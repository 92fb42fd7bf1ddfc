import { collect } from '../../event/collect.js'
import { oneFile, readArgs, readCount } from '../input/args.js'
import { readFormats } from '../input/format-files.js'
import { parseLines } from '../input/parse-lines.js'
import { knownFormat, optionsFromFlags, PARSER_FLAGS } from '../input/parser-flags.js'
import { eventsOf, INPUT_FLAGS, readCompletion, readingOf } from '../input/read-completion.js'
import { readToolsFile } from '../input/read-json.js'
import { say, write, writeJson } from '../output/output.js'
import { screenOf } from '../output/screen.js'
import { viewOf } from '../output/view.js'
import { callIdsFrom, messageIdFrom, toWire, WIRES, type Wire } from '../output/wire.js'
import type { Verb } from '../verb.js'

const OPTIONS = {
  ...PARSER_FLAGS,
  to: { type: 'string', words: WIRES, help: 'write the message in this shape; default json, or a view on a terminal' },
  jsonl: { type: 'boolean', help: 'each line is {"id", "completion", "tools"?, "options"?}; write a line for each' },
  workers: {
    type: 'string',
    value: 'N',
    help: 'with --jsonl: the number of threads; lines stay in order; best: the number of cores; default 1',
  },
  ...INPUT_FLAGS,
} as const

/** `callsift parse`. */
export const verb: Verb = {
  name: 'parse',
  summary: 'read a completion: its content, reasoning and tool calls',
  usage: 'callsift parse FILE|- [--format FORMAT] [--tools FILE] [--to SHAPE]',
  options: OPTIONS,
  about: [
    'Reads the raw text that a model wrote. On a terminal it shows what is in the text: each call with its ' +
      'status, how sure it is (after a marker, bare, or in reasoning that never closed), repairs, and notes. ' +
      'Otherwise, or with --to json, it writes the result as JSON. Ids of calls are derived from the text: the ' +
      'same text gives the same ids.',
    'FILE may also be what a server made of that text: a saved chat completion (its content, or the tokens ' +
      'of its logprobs), a dump of server-sent events, or an error of llama.cpp that quotes the rejected text. ' +
      'Such a reply may also be in a HAR file (saved by a browser or mitmproxy) or in a capture of callsift ' +
      'proxy --record; the tools of its request are then used. --raw turns this off.',
    'Exit codes: 0 parsed; 1 parsed with damage (the text or a call is cut off or malformed, or a line is ' +
      'wrong); 2 usage.',
  ],
  examples: [
    {
      run: 'callsift parse reply.txt -f hermes --tools tools.json',
      does: 'the calls, with arguments typed by the tools',
    },
    { run: 'callsift parse reply.txt --model Qwen/Qwen3-8B --to openai', does: 'the message as a chat completion' },
    {
      run: 'curl -sN localhost:8080/v1/chat/completions -d @request.json | callsift parse',
      does: 'a server’s stream',
    },
    { run: 'callsift parse session.har --entry 7 -f qwen3-coder', does: 'a reply that a browser or mitmproxy saved' },
    {
      run: 'callsift parse dataset.jsonl --jsonl --format hermes > results.jsonl',
      does: 'a file of any size, a result line for each line',
    },
    { run: 'callsift parse dataset.jsonl --jsonl -f hermes --workers 8 > results.jsonl', does: 'the same on 8 cores' },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    const file = oneFile(words)
    const options = optionsFromFlags(values)
    const formatFiles = values['format-file']
    const formats = await readFormats(formatFiles)
    // Before a long text is waited for.
    if (values.format !== undefined) knownFormat(values.format, formats.getFormat)
    const wire = values.to as Wire | undefined
    if (values.jsonl) {
      const tools = await readToolsFile(values.tools)
      const given = tools === undefined ? options : { ...options, tools }
      const { format, model } = values
      const request = { format, model, formatFiles, options: given, wire: wire ?? 'json' }
      return parseLines(file, request, formats, readCount('--workers', values.workers) ?? 1)
    }
    const found = await readCompletion(file, values)
    const reading = await readingOf(found, values, formats)
    const events = eventsOf(found, reading)
    const result = collect(events)
    if (reading.options.format === 'auto') sayDecided(result.format)
    const screen = screenOf(process.stdout)
    if (wire === undefined && screen.isTerminal) await write(viewOf(result, found.text, screen))
    else {
      const shape = wire ?? 'json'
      const ids = { id: messageIdFrom(found.text, shape), callIds: callIdsFrom(found.text) }
      const head = { model: values.model ?? found.model ?? 'unknown', reason: found.reason, ...ids }
      await writeJson(toWire(shape, events, head))
    }
    return result.status === 'complete' ? 0 : 1
  },
}

function sayDecided(format: string): void {
  if (format === 'auto') say('no call was found, so the format stays undecided; name it with --format to be sure')
  else say(`the text decided the format: ${format} (name it with --format to be sure)`)
}
