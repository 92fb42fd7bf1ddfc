import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { defineConfig, type Options } from 'tsup'
import { playgroundPage } from './scripts/playground-page'

// The exports map of package.json is the one list of entries: './dist/x.js' is built from src/x.ts, './dist/parsers/*.js'
// from every format in parsers/. So a new format needs no line here, and a new leaf needs its line in the map only.
// A leaf whose source does not exist yet is left out; `npm run check` reports it.
function entriesOf(exportsMap: Record<string, string | { import: { default: string } }>): Record<string, string> {
  const entries: Record<string, string> = {}
  for (const target of Object.values(exportsMap)) {
    if (typeof target === 'string') continue
    const name = target.import.default.slice('./dist/'.length, -'.js'.length)
    if (name === 'parsers/*') Object.assign(entries, formatEntries())
    else if (existsSync(`src/${name}.ts`)) entries[name] = `src/${name}.ts`
  }
  return entries
}

function formatEntries(): Record<string, string> {
  // A format's folder groups models of one family; its import path has the format's name alone.
  const files = readdirSync('parsers', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  return Object.fromEntries(
    files.filter((file) => file !== 'index.ts').map((file) => [`parsers/${basename(file, '.ts')}`, `parsers/${file}`]),
  )
}

const library: Options = {
  entry: entriesOf(JSON.parse(readFileSync('package.json', 'utf8')).exports),
  target: 'es2022',
  silent: true,
}

const main = 'src/cli/main.ts'
const command: Options = {
  entry: { cli: main },
  format: 'esm',
  target: 'node20',
  splitting: false,
  silent: true,
  // The page that `callsift playground` serves stands beside the command.
  onSuccess: async () => writeFileSync('dist/playground.html', await playgroundPage()),
  // esbuild keeps a shebang of the source; a second one would be a syntax error.
  banner: existsSync(main) && readFileSync(main, 'utf8').startsWith('#!') ? {} : { js: '#!/usr/bin/env node' },
}

export default defineConfig([
  { ...library, format: 'esm' },
  // Splitting for CommonJS too: two leaves then share one copy of the core, as they do in ESM. With `treeshake` rollup
  // does the conversion; without it sucrase would, which turns each `?.` into closures.
  { ...library, format: 'cjs', splitting: true, treeshake: true },
  { ...library, format: ['esm', 'cjs'], dts: { only: true } },
  ...(existsSync(main) ? [command] : []),
])
