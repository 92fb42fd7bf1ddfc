// What the packed package is made of, by part.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const USAGE = `usage  npm run -s size:package [-- --files]

What npm packs of the package as it was last built, by part: files, bytes, and bytes gzipped. Each part is gzipped by
itself, so that the sum may differ from the size of the package a little. Run npm run build first.

  --files   each file too, largest first`

/** A file belongs to the first part whose pattern matches its path. */
const PARTS = [
  ['types', /\.d\.c?ts$/],
  ['docs and package.json', /^(?:README|SECURITY|LICENSE|package)\b/],
  ['formats', /^dist\/(?:parsers\/|shared\/formats\.)/],
  ['engine', /^dist\/(?:shared\/(?:engine|tools|jsonrepair)|tools\/|index|core)/],
  ['derive, with the schema of descriptions', /^dist\/(?:derive\/|format\.schema\.json)/],
  ['adapters and grammar', /^dist\/(?:adapters\/|grammar\/|shared\/adapters\.)/],
  ['proxy', /^dist\/(?:proxy\/|shared\/proxy)/],
  ['playground', /^dist\/playground\./],
  ['command', /^dist\//],
]

const words = process.argv.slice(2)
const isKnown = words.every((word) => word === '--files')
if (words.length > 0 && !isKnown) {
  console.log(USAGE)
  process.exit(words.includes('--help') || words.includes('-h') ? 0 : 2)
}
if (!existsSync('dist/index.js')) {
  console.error('dist/ is missing: run npm run build first')
  process.exit(2)
}
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
const packed = JSON.parse(execFileSync(npm, ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' }))
const [{ files, size }] = Object.values(packed)

const line = (count, bytes, gzipped, name) =>
  `${String(count).padStart(5)}${String(bytes).padStart(10)}${String(gzipped).padStart(9)}  ${name}`
console.log('files     bytes  gzipped')
if (words.includes('--files')) {
  for (const { path, size: bytes } of files.toSorted((a, b) => b.size - a.size))
    console.log(line('', bytes, gzipSync(readFileSync(path), { level: 9 }).length, path))
  console.log()
}
const paths = new Map(PARTS.map(([part]) => [part, []]))
for (const { path } of files) paths.get(PARTS.find(([, pattern]) => pattern.test(path))[0]).push(path)
const rows = [...paths].map(([part, own]) => {
  const bytes = Buffer.concat(own.map((path) => readFileSync(path)))
  return { part, count: own.length, bytes: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length }
})
for (const { part, count, bytes, gzipped } of rows.sort((a, b) => b.gzipped - a.gzipped))
  console.log(line(count, bytes, gzipped, part))
const total = rows.reduce((sum, { bytes }) => sum + bytes, 0)
console.log(line(files.length, total, size, 'callsift.tgz'))
