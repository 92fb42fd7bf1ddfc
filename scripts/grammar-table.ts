/**
 * The table of what the grammar of each format is. `npm run docs:grammars` writes it into src/grammar/README.md.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { constraint } from '../src/grammar/constraint.js'
import type { Node } from '../src/grammar/node.js'
import { GrammarError } from '../src/grammar/problem.js'
import { turnWire } from '../src/grammar/turn-wire.js'
import { type Format, formats } from '../src/index.js'
import { code, table } from './markdown.js'

const OPEN = '<!-- grammars: written by `npm run docs:grammars` -->\n'
const CLOSE = '<!-- /grammars -->'
const TOOLS = [{ name: 'f', parameters: { type: 'object', properties: { text: { type: 'string' } } } }]

/** The README with the table in its place. */
export function withGrammars(readme: string): string {
  const [from, to] = [readme.indexOf(OPEN) + OPEN.length, readme.indexOf(CLOSE)]
  if (from < OPEN.length || to < from) throw new Error('src/grammar/README.md: the marks of the table are missing')
  return `${readme.slice(0, from)}\n${grammarTable()}\n\n${readme.slice(to)}`
}

function grammarTable(): string {
  return table(['format', 'arguments', 'calls beside text'], formats().map(rowOf))
}

function rowOf(format: Format): string[] {
  try {
    const { grammar } = constraint(format, TOOLS, { reasoning: false })
    return [code(format.id), argumentsOf(format), besideText(grammar)]
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error
    return [code(format.id), 'none', error.message]
  }
}

function argumentsOf(format: Format): string {
  const { arguments: args } = turnWire(format).calls
  if (args === 'json') return 'JSON'
  const { string, json } = args.value
  if (string.style === 'python') return 'Python'
  if (json === undefined) return string.style === 'raw' ? 'values between marks' : 'of its own'
  return string.style === 'raw' ? 'raw strings, else JSON' : 'JSON, each between tags'
}

/** What begins calls in free text, or where else they stand. */
function besideText(grammar: Node): string {
  const free = found(grammar)
  if (free !== undefined) return `after ${code(free.trim())}`
  return grammar.kind === 'choice' && grammar.among.length > 2
    ? 'in messages of their own'
    : 'at the start, instead of it'
}

function found(node: Node): string | undefined {
  if (node.kind === 'free') return node.trigger
  const inside = node.kind === 'sequence' ? node.parts : node.kind === 'choice' ? node.among : []
  return inside.map(found).find((trigger) => trigger !== undefined)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = new URL('../src/grammar/README.md', import.meta.url)
  writeFileSync(file, withGrammars(readFileSync(file, 'utf8')))
  console.log(`src/grammar/README.md: ${formats().length} formats`)
}
