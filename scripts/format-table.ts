/** The table of formats, from the formats' own values. `npm run docs:formats` writes it into parsers/README.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { type Format, formats } from '../src/index.js'

const OPEN = /<!-- formats:[^\n]*-->\n/
const CLOSE = '<!-- /formats -->'

/** The table as markdown. */
export function formatTable(all: readonly Format[] = formats()): string {
  const head = '| format | on the wire | models | vLLM | SGLang | Dynamo | llama.cpp | streams | reasoning |'
  const rows = all.map(({ id, wire, models, flags, streams, reasoning }) => {
    const blocks = (reasoning?.blocks ?? []).map(({ open, close }) => `${code(open)}…${code(close)}`).join(' ')
    const names = [flags.vllm, flags.sglang, flags.dynamo, flags.llamacpp].map((flag) =>
      flag === undefined ? '' : code(flag),
    )
    return `| ${[code(id), code(wire), models, ...names, streams, blocks].map(cell).join(' | ')} |`
  })
  return [head, `|${'---|'.repeat(9)}`, ...rows].join('\n')
}

/** The README with the table in its place. */
export function withTable(readme: string): string {
  const open = OPEN.exec(readme)
  const to = readme.indexOf(CLOSE)
  if (open === null || to < 0) throw new Error('parsers/README.md: the marks of the table of formats are missing')
  const from = open.index + open[0].length
  return `${readme.slice(0, from)}\n${formatTable()}\n\n${readme.slice(to)}`
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', '⏎')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = new URL('../parsers/README.md', import.meta.url)
  writeFileSync(file, withTable(readFileSync(file, 'utf8')))
  console.log(`parsers/README.md: ${formats().length} formats`)
}
