import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

interface Target {
  readonly import: { readonly default: string }
}

/**
 * The source of every module that can be imported, by its name in dist/: `{ core: 'src/core.ts', … }`. The exports map of
 * package.json is the one list of them: './dist/x.js' is built from src/x.ts, './dist/parsers/*.js' from every format in
 * parsers/. So a new format needs no line in the build, and a new leaf needs its line in the map only.
 */
export function libraryEntries(): Record<string, string> {
  const exportsMap: Record<string, string | Target> = JSON.parse(readFileSync('package.json', 'utf8')).exports
  const entries: Record<string, string> = {}
  for (const target of Object.values(exportsMap)) {
    if (typeof target === 'string') continue
    const name = target.import.default.slice('./dist/'.length, -'.js'.length)
    if (name === 'parsers/*') Object.assign(entries, formatEntries())
    else entries[name] = `src/${name}.ts`
  }
  return entries
}

/** A format's folder groups models of one family; its import path has the format's name alone. */
function formatEntries(): Record<string, string> {
  const files = readdirSync('parsers', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const formats = files.filter((file) => file !== 'index.ts')
  return Object.fromEntries(formats.map((file) => [`parsers/${basename(file, '.ts')}`, `parsers/${file}`]))
}
