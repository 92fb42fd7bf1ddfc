/**
 * What callsift does, in ten seconds (`npm run demo`): a completion as it stands, as it streams, what a regular expression
 * makes of it, and what comes out here. Coloured and paced on a terminal only.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { screenOf } from '../src/cli/output/screen.js'
import { clip, columnsOf, oneLine, wrap } from '../src/cli/output/screen-text.js'
import { viewOf } from '../src/cli/output/view.js'
import { mergeEvents } from '../src/event/merge-events.js'
import { collect, createParser, type ParseEvent } from '../src/index.js'
import { matchesOf, TOOL_CALL } from './expression.js'

/** Servers send a few tokens at a time. */
const CHUNK = 24
const PAUSE_MS = 120

// `npm run demo | head` closes the pipe.
process.stdout.on('error', () => process.exit(0))

const screen = screenOf(process.stdout)
const { bold, cyan, dim, green, red, yellow } = screen.colors
const text = readFileSync('examples/ferries.txt', 'utf8')

title('What the model wrote')
for (const line of wrap(text.trimEnd(), screen.columns - 2)) say(`  ${line}`)

title('As it streams: on the left what the server sends, on the right what callsift makes of it')
const parser = createParser({ format: 'hermes' })
const events: ParseEvent[] = []
let told = 0
for (let at = 0; at < text.length; at += CHUNK) {
  const chunk = text.slice(at, at + CHUNK)
  await show(chunk, parser.push(chunk), at + chunk.length)
}
await show('', parser.end(), text.length)

title('What an engine’s regular expression finds')
say(`  ${dim(String(TOOL_CALL))}`)
for (const { from, to, fault } of matchesOf(text)) {
  const [name = ''] = /"name": "[^"]{1,40}/.exec(text.slice(from, to)) ?? []
  say(
    `  ${fault === undefined ? green('match') : red('match')} ${oneLine(name.slice(9))}: … ${end(text.slice(from, to))}`,
  )
  if (fault !== undefined) for (const line of wrap(fault, screen.columns - 4)) say(`    ${red(line)}`)
}
for (const line of wrap(
  'The first match ends inside the file. It is not JSON, so the whole reply becomes plain text: no call runs.',
  screen.columns - 2,
))
  say(`  ${line}`)

title('What callsift finds')
say(viewOf(collect(events), text, screen))

async function show(chunk: string, fresh: ParseEvent[], upTo: number): Promise<void> {
  events.push(...fresh)
  told = fresh.at(-1)?.to ?? told
  const words = mergeEvents(fresh).map(inWords)
  const held = text.slice(told, upTo)
  if (held !== '') words.push(`${yellow('held back')} ${short(held)}`)
  const left = clip(oneLine(chunk), CHUNK + 1)
  const [first = '', ...rest] = words.filter((word) => word !== '')
  say(`  ${dim(left)}${' '.repeat(CHUNK + 3 - columnsOf(left))}${first}`)
  for (const word of rest) say(`${' '.repeat(CHUNK + 5)}${word}`)
  if (screen.isTerminal) await sleep(PAUSE_MS)
}

function inWords(event: ParseEvent): string {
  if (event.type === 'reasoning') return `${dim('reasoning')} ${short(event.text)}`
  if (event.type === 'content') return `${bold('content')}   ${short(event.text)}`
  if (event.type === 'call-start') return `${cyan('call')}      ${event.name} begins`
  if (event.type === 'arguments') return `${cyan('arguments')} ${short(event.delta)}`
  if (event.type === 'call-end') return `${green('call')}      ${event.call.name} is ${event.call.status}`
  return event.type === 'end' ? `${green('end')}       ${event.status}` : ''
}

function short(words: string): string {
  return clip(oneLine(words), Math.max(20, screen.columns - CHUNK - 20))
}

function end(words: string): string {
  return oneLine(words.slice(-40))
}

function title(words: string): void {
  say('')
  for (const line of wrap(words, screen.columns)) say(bold(line))
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
