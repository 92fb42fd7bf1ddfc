import { placesIn } from '../../explain/json-place.js'
import { type Detection, detect, type Note, parse } from '../../index.js'
import { oneFile, readArgs } from '../input/args.js'
import { readInput } from '../input/read-input.js'
import { readToolsFile } from '../input/read-json.js'
import { say, write, writeJson } from '../output/output.js'
import { screenOf } from '../output/screen.js'
import { clip, oneLine } from '../output/screen-text.js'
import type { Verb } from '../verb.js'

const OPTIONS = {
  tools: { type: 'string', value: 'FILE', help: 'the tools as JSON; formats without markers are recognized by them' },
  json: { type: 'boolean', help: 'write JSON: [{format, score, evidence: [{from, to, text}]}], best first' },
} as const

/** `callsift detect`. */
export const verb: Verb = {
  name: 'detect',
  summary: 'find out which format a completion is in',
  usage: 'callsift detect FILE|- [--tools FILE] [--json]',
  options: OPTIONS,
  about: [
    'Reads the text with every format and lists those that find calls in it, best first, with a score from 0 ' +
      'to 1 and where the calls begin (line:column). Above 0.7, the calls stand after markers of the format ' +
      'itself. Some formats share markers; if they read the same calls, any of them will do. Prose, data and ' +
      'code match nothing.',
  ],
  examples: [
    { run: 'callsift detect reply.txt', does: 'the formats and where their calls begin' },
    { run: 'callsift detect - --json < reply.txt', does: 'the same for programs; offsets in UTF-16 units' },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    const file = oneFile(words)
    const tools = await readToolsFile(values.tools)
    const { text } = await readInput(file)
    const detections = detect(text, { tools })
    if (values.json) await writeJson(detections)
    else if (detections.length === 0) {
      const marks = parse(text, { format: 'auto', tools }).notes.filter(({ code }) => code === 'unread-call')
      say(
        marks.length === 0
          ? 'no format finds a call in this text (calls without a marker count only with --tools)'
          : marks.map((note) => unreadIn(note, text)).join('\n'),
      )
    } else await write(detections.map((detection) => row(detection, text)).join(''))
    return 0
  },
}

/** What looks like a call and is none to any format. */
function unreadIn({ message, from }: Note, text: string): string {
  const { line, column } = placesIn(text)(from)
  return `no format finds a call in this text, but ${oneLine(message)} (${line}:${column}). Let the engine parse it, or describe its format in a file (--format-file)`
}

const MOST_PLACES = 3

function row({ format, score, evidence }: Detection, text: string): string {
  const { columns, colors } = screenOf(process.stdout)
  const place = placesIn(text)
  const places = evidence.slice(0, MOST_PLACES).map(({ from, text: found }) => {
    const { line, column } = place(from)
    return `    ${`${line}:${column}`.padEnd(8)} ${colors.dim(clip(oneLine(found), columns - 13))}`
  })
  const more = evidence.length - MOST_PLACES
  if (more > 0) places.push(`    and ${more} more`)
  const head = `${score.toFixed(2)}  ${colors.bold(format)}`
  return `${[head, ...places].join('\n')}\n`
}
