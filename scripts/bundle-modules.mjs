// What a bundle is made of: what esbuild keeps of each module, minified, and the sums by folder. `npm run size` holds the
// limits; this shows where the bytes are.
import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const USAGE = `usage  npm run -s size:modules -- [FORMAT|--root] [--modules]

What a bundle of createParser of callsift/core and one format is made of, by folder: bytes minified, and gzipped (the
folder's share of the whole). Reads the sources, so no build is needed.

  FORMAT      a format's file in parsers/; default hermes
  --root      the bundle of import { parse } from 'callsift': all formats
  --modules   each module too, largest first`

const words = process.argv.slice(2)
if (words.includes('--help') || words.includes('-h')) {
  console.log(USAGE)
  process.exit(0)
}
const isRoot = words.includes('--root')
const [wanted = 'hermes', ...rest] = words.filter((word) => word !== '--root' && word !== '--modules')
const sources = readdirSync('parsers', { recursive: true }).filter((path) => path.endsWith('.ts'))
const file = sources.find((source) => basename(source, '.ts') === wanted && wanted !== 'index')
if (rest.length > 0 || (!isRoot && file === undefined)) {
  const names = sources.map((source) => basename(source, '.ts')).filter((name) => name !== 'index')
  console.error(`${USAGE}\n\nunknown: ${words.join(' ')}. Formats: ${names.sort().join(', ')}`)
  process.exit(2)
}
const program = isRoot
  ? "export { parse } from './src/index'"
  : `export { createParser } from './src/core'\nexport * from './parsers/${file}'`

const { outputFiles, metafile } = await build({
  stdin: { contents: program, resolveDir: process.cwd() },
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  outfile: 'bundle.js',
  format: 'esm',
})
const [{ contents }] = outputFiles
const gzipped = gzipSync(contents, { level: 9 }).length
const [{ inputs }] = Object.values(metafile.outputs)
const modules = Object.entries(inputs)
  .map(([path, { bytesInOutput }]) => [path.replace(/^(?:.*\/)?node_modules\//, ''), bytesInOutput])
  .filter(([path, bytes]) => bytes > 0 && path !== '<stdin>')
const folders = new Map()
for (const [path, bytes] of modules) {
  const folder = path.startsWith('src/')
    ? path.split('/').slice(0, path.startsWith('src/families/') ? 3 : 2)
    : [path.split('/')[0]]
  const name = folder.join('/')
  folders.set(name, (folders.get(name) ?? 0) + bytes)
}

const largestFirst = (entries) => [...entries].sort(([, a], [, b]) => b - a)
const line = (name, bytes) => {
  const share = Math.round((bytes / contents.length) * gzipped)
  return `${String(bytes).padStart(9)}${String(share).padStart(9)}  ${name}`
}
console.log(' minified  gzipped')
if (words.includes('--modules')) {
  for (const [path, bytes] of largestFirst(modules)) console.log(line(path, bytes))
  console.log()
}
for (const [name, bytes] of largestFirst(folders)) console.log(line(name, bytes))
console.log(line(isRoot ? "parse of 'callsift', all formats" : `createParser and ${wanted}`, contents.length))
