// What publint and attw do not see: that every entry of the exports map loads as a module and by `require` with the same
// names, that only the proxy's host reaches for Node, that the root import does not carry zod, and that bundlers can leave
// out of every file what a program does not use.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const require = createRequire(import.meta.url)
const NODE_ENTRIES = ['./proxy/node']
const PLAYGROUND = ['dist/playground.html', 'dist/playground.js', 'dist/shared/jsonrepair.js']
const ZOD_ENTRIES = ['./schema', './proxy', './proxy/node']
/** Bytes that may stay of an entry of which nothing is used, beside the imports of packages. */
const MOST_KEPT = 0

/** Every entry with the file that `import` and the one that `require` gets, './parsers/*' as one entry per format. */
function* entriesOf(exportsMap) {
  for (const [entry, target] of Object.entries(exportsMap)) {
    if (typeof target === 'string') continue
    const names = entry.includes('*') ? formatNames() : ['']
    for (const name of names) {
      const file = (path) => path.replace('*', name)
      yield { entry: file(entry), esm: file(target.import.default), cjs: file(target.require.default) }
    }
  }
}

function formatNames() {
  const sources = readdirSync('parsers', { recursive: true }).filter((file) => file.endsWith('.ts'))
  return sources.filter((file) => file !== 'index.ts').map((file) => basename(file, '.ts'))
}

/** The packages that a built module and all that it imports from dist/ ask for. */
function packagesOf(file, seen = new Set(), packages = new Set()) {
  if (seen.has(file)) return packages
  seen.add(file)
  for (const [, specifier] of readFileSync(file, 'utf8').matchAll(
    /(?:\bfrom|\bimport|^import\() ?["']([^"'\n]+)["']/gm,
  )) {
    if (specifier.startsWith('.')) packagesOf(join(dirname(file), specifier), seen, packages)
    else packages.add(specifier)
  }
  return packages
}

async function problemsOfEntry({ entry, esm, cjs }) {
  const missing = [esm, cjs, esm.replace(/js$/, 'd.ts'), cjs.replace(/cjs$/, 'd.cts')].filter(
    (file) => !existsSync(file),
  )
  if (missing.length > 0) return [`${entry}: ${missing.join(', ')} was not built`]
  const problems = []
  const packages = [...packagesOf(esm)]
  const node = packages.filter((name) => name.startsWith('node:'))
  if (node.length > 0 && !NODE_ENTRIES.includes(entry)) problems.push(`${entry}: imports ${node.join(', ')}`)
  if (packages.some((name) => /^zod\b/.test(name)) && !ZOD_ENTRIES.includes(entry))
    problems.push(`${entry}: imports zod`)
  const imported = Object.keys(await import(pathToFileURL(resolve(esm)).href)).filter(
    (name) => name !== 'module.exports',
  )
  const required = Object.keys(require(resolve(cjs)))
  const differ = [...new Set([...imported, ...required])].filter(
    (name) => !(imported.includes(name) && required.includes(name)),
  )
  if (differ.length > 0) problems.push(`${entry}: import and require differ in ${differ.join(', ')}`)
  if (imported.length === 0) problems.push(`${entry}: exports nothing`)
  const kept = await keptWithoutUse(esm)
  if (kept.length > MOST_KEPT) {
    problems.push(`${entry}: bundlers keep ${kept.length} bytes of it though nothing is used:\n${kept.slice(0, 500)}`)
  }
  return problems
}

/** What a bundler keeps of the statements of a module and of all that it imports, when nothing of them is used. */
async function keptWithoutUse(file) {
  const { outputFiles } = await build({
    stdin: { contents: `import ${JSON.stringify(resolve(file))}`, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    packages: 'external',
    // As if package.json said nothing of side effects: then it is the statements that count.
    plugins: [{ name: 'statements', setup: ({ onResolve }) => onResolve({ filter: /^[./]/ }, withEffects) }],
  })
  return outputFiles[0].text.replace(/\bimport\b[^;"]*"[^"]+";/g, '').trim()
}

function withEffects({ path, resolveDir }) {
  return { path: resolve(resolveDir, path), sideEffects: true }
}

function problemsOfCommand(bin) {
  if (!existsSync(bin)) return [`${bin} was not built`]
  return readFileSync(bin, 'utf8').startsWith('#!/usr/bin/env node\n') ? [] : [`${bin} does not start with a shebang`]
}

/** What is wrong with the built package, one sentence each; needs dist/. */
export async function problemsOfPackage({ exports: exportsMap, bin, files }) {
  const problems = []
  for (const entry of entriesOf(exportsMap)) problems.push(...(await problemsOfEntry(entry)))
  problems.push(...problemsOfCommand(bin.callsift))
  problems.push(...PLAYGROUND.filter((file) => !existsSync(file)).map((file) => `${file} was not built`))
  problems.push(...files.filter((file) => !existsSync(file)).map((file) => `${file} is listed in files but missing`))
  return problems
}
