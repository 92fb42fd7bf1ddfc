// Which modules make a bundle heavy: what esbuild keeps of each, minified, for a program that takes `createParser` of the
// core and one format. To see what is worth making smaller; `npm run size` holds the limits.
//   npm run size:modules                  with hermes
//   npm run size:modules -- llama3        with another format
//   npm run size:modules -- --root        `import { parse } from 'callsift'`: all formats
import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const [wanted = 'hermes'] = process.argv.slice(2)
const sources = readdirSync('parsers', { recursive: true }).filter((file) => file.endsWith('.ts'))
const file = sources.find((source) => basename(source, '.ts') === wanted)
if (wanted !== '--root' && file === undefined) {
  const names = sources.map((source) => basename(source, '.ts')).filter((name) => name !== 'index')
  console.error(`no format ${wanted}; the formats are ${names.join(', ')}; --root stands for all`)
  process.exit(2)
}
const program =
  wanted === '--root'
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
const [{ inputs }] = Object.values(metafile.outputs)
const modules = Object.entries(inputs)
  .map(([path, { bytesInOutput }]) => ({ path: path.replace(/^(?:.*\/)?node_modules\//, ''), bytes: bytesInOutput }))
  .filter(({ path, bytes }) => bytes > 0 && path !== '<stdin>')
  .sort((a, b) => b.bytes - a.bytes)
const rooms = new Map()
for (const { path, bytes } of modules) {
  const room = path.split('/').slice(0, path.startsWith('src/families/') ? 3 : 2)
  const name = path.startsWith('src/') ? room.join('/') : room[0]
  rooms.set(name, (rooms.get(name) ?? 0) + bytes)
}
const line = (name, bytes) => `${String(bytes).padStart(8)}  ${name}`
console.log('bytes, minified\n')
for (const { path, bytes } of modules) console.log(line(path, bytes))
console.log()
for (const [name, bytes] of [...rooms].sort(([, a], [, b]) => b - a)) console.log(line(name, bytes))
const [{ contents }] = outputFiles
console.log(`\n${contents.length} bytes minified, ${gzipSync(contents, { level: 9 }).length} gzipped`)
