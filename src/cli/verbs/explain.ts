import { writeFile } from 'node:fs/promises'
import { explainEvents } from '../../explain/explain.js'
import { oneFile, readArgs } from '../input/args.js'
import { readFormats } from '../input/format-files.js'
import { PARSER_FLAGS } from '../input/parser-flags.js'
import { eventsOf, INPUT_FLAGS, readCompletion, readingOf } from '../input/read-completion.js'
import { explanationPage } from '../output/explain-page.js'
import { explanationView } from '../output/explain-view.js'
import { say, write, writeJson } from '../output/output.js'
import { screenOf } from '../output/screen.js'
import { quoted } from '../output/screen-text.js'
import { UsageError, type Verb } from '../verb.js'

const OPTIONS = {
  ...PARSER_FLAGS,
  ...INPUT_FLAGS,
  full: { type: 'boolean', help: 'show the whole of long stretches' },
  html: { type: 'string', value: 'FILE', help: 'write one self-contained page' },
  json: { type: 'boolean', help: 'write JSON: {spans, result, advice}; offsets in UTF-16 units' },
} as const

/** `callsift explain`. */
export const verb: Verb = {
  name: 'explain',
  summary: 'show what became of every character, and why a call did not parse',
  usage: 'callsift explain FILE|- [--format FORMAT] [--tools FILE] [--html FILE|--json]',
  options: OPTIONS,
  about: [
    'Shows the text stretch by stretch: what each was read as (content, reasoning, marker, name, arguments, ' +
      'separator, dropped), the call it belongs to, the rule that decided it, and what was repaired. If there ' +
      'is something to do about it, that comes first: another format, more tokens, what was expected where ' +
      'reading stopped.',
    'FILE may also be what a server made of the text, a HAR file, or a capture of callsift proxy --record, ' +
      'as for parse.',
    'Control characters and marks that change the direction of writing are shown as visible symbols.',
  ],
  examples: [
    { run: 'callsift explain reply.txt --format hermes', does: 'the stretches of a text in the terminal' },
    { run: 'callsift explain reply.txt --model Qwen/Qwen3-8B --html why.html', does: 'a page to open or to share' },
    {
      run: 'callsift explain captures/2026-11-29T175203.123Z-000001-4f6a90.json',
      does: 'an exchange that the proxy recorded',
    },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    const file = oneFile(words)
    const found = await readCompletion(file, values)
    const { name, text } = found
    const reading = await readingOf(found, values, await readFormats(values['format-file']))
    const explanation = explainEvents(text, eventsOf({ ...found, chunks: [text] }, reading))
    if (values.html !== undefined) {
      await save(values.html, explanationPage(name, text, explanation))
      say(`wrote ${quoted(values.html)}: open it in a browser`)
    } else if (values.json) await writeJson(explanation)
    else await write(explanationView(text, explanation, screenOf(process.stdout), values.full === true))
    return explanation.result.status === 'complete' ? 0 : 1
  },
}

async function save(file: string, page: string): Promise<void> {
  try {
    await writeFile(file, page)
  } catch (error) {
    throw new UsageError(
      `--html ${quoted(file)} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
