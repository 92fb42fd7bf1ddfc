import { readArgs, readCount } from '../input/args.js'
import { readFormats } from '../input/format-files.js'
import { PARSER_FLAGS } from '../input/parser-flags.js'
import { linesOf, readBlocks } from '../input/read-lines.js'
import { createServing } from '../input/serve-lines.js'
import { jsonFor, write } from '../output/output.js'
import { quoted } from '../output/screen-text.js'
import { UsageError, type Verb } from '../verb.js'

const OPTIONS = {
  stdio: { type: 'boolean', help: 'use standard input and output; required, as there is no other way yet' },
  'format-file': {
    ...PARSER_FLAGS['format-file'],
    help: 'a format as JSON (src/described/README.md), which streams name by its id; may come again',
  },
  'max-streams': { type: 'string', value: 'N', help: 'maximum streams open at once; default 1000' },
  'text-limit': {
    type: 'string',
    value: 'N',
    help: 'maximum characters in all open streams together; default 67108864',
  },
  'line-limit': { type: 'string', value: 'BYTES', help: 'maximum length of a line; default 16777216' },
} as const

const MEBIBYTE = 1024 * 1024

/** `callsift serve`. */
export const verb: Verb = {
  name: 'serve',
  summary: 'parse streams for programs in other languages, over lines of JSON',
  usage: 'callsift serve --stdio [--max-streams N]',
  options: OPTIONS,
  about: [
    'A program in any language starts the command, writes lines to it, and reads one line in reply to each, ' +
      'in the same order: {"op": "open", "stream": ID, "options": {"format": …, "tools": …}}, then {"op": ' +
      '"push", "stream": ID, "text": …} for each piece of text as it comes, then {"op": "end", "stream": ID, ' +
      '"reason": "stop"|"length"|"abort"}. {"op": "close", "stream": ID} discards a stream. Many streams may ' +
      'be open at once.',
    'Each reply is {"stream": ID, "events": […]} with the events that are now certain, as in the library. ' +
      'The reply to an invalid line is {"stream": ID, "error": …}, which says what to do; no stream is ' +
      'changed. "options" are the parser’s, plus "model", a name that decides the format.',
    'The command ends when standard input does, with exit code 0.',
  ],
  examples: [
    { run: 'python3 examples/serve.py', does: 'a client in Python' },
    {
      run: `echo '{"op": "open", "stream": "1", "options": {"format": "hermes"}}' | callsift serve --stdio`,
      does: '{"stream":"1","events":[]}',
    },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    if (words.length > 0)
      throw new UsageError(`serve does not take ${quoted(words[0] ?? '')}; it reads lines from standard input`)
    if (!values.stdio)
      throw new UsageError('--stdio is missing: callsift serve --stdio speaks over standard input and output')
    const limits = {
      streams: readCount('--max-streams', values['max-streams']) ?? 1000,
      text: readCount('--text-limit', values['text-limit']) ?? 64 * MEBIBYTE,
    }
    const answer = createServing(limits, await readFormats(values['format-file']))
    const longest = readCount('--line-limit', values['line-limit']) ?? 16 * MEBIBYTE
    const isTerminal = process.stdout.isTTY === true
    // No more is read until the answers are taken.
    for await (const block of readBlocks('-', longest)) {
      for (const line of linesOf(block)) await write(`${jsonFor(isTerminal, answer(line), 0)}\n`)
    }
    return 0
  },
}
