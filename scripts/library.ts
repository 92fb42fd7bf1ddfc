import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { transform } from 'esbuild'
import { type GetModuleInfo, type Plugin, rollup } from 'rollup'
import { droppableCode } from './droppable-code.js'

/** Programs of the package: they import the library, and nothing imports them. */
const PROGRAMS = { cli: 'src/cli/main.ts', playground: 'src/playground/page.ts' }

/**
 * Builds the entries into dist/ as modules, with what they share in dist/shared/, and the command and the playground's
 * script, which import the library from there. For `require` there is a file beside each entry that hands on the module: Node 20.19 and later can.
 */
export async function buildLibrary(entries: Record<string, string>): Promise<void> {
  const bundle = await rollup({
    input: { ...entries, ...PROGRAMS },
    external: (id) => !id.startsWith('.') && !existsSync(id),
    treeshake: { moduleSideEffects: (id) => Object.values(PROGRAMS).some((file) => resolve(file) === id) },
    plugins: [typescript],
    onwarn: ({ code, message }) => {
      // Whether sources import each other in a circle is asked elsewhere.
      if (code !== 'CIRCULAR_DEPENDENCY') throw new Error(message)
    },
  })
  let reaches: Map<string, Set<string>> | undefined
  let frame: Map<string, Set<string>> | undefined
  await bundle.write({
    dir: 'dist',
    format: 'es',
    // An import of what is only needed further down would bind every entry to every file.
    hoistTransitiveImports: false,
    manualChunks(id, { getModuleInfo }) {
      reaches ??= reachesOf({ ...entries, ...PROGRAMS }, getModuleInfo)
      const file = sharedFile(reaches.get(id) ?? new Set())
      if (file !== 'cli' || id === resolve(PROGRAMS.cli)) return file
      // `main.ts` waits for its verb at its top level, so what both need has to be in a file of its own. A verb and what it
      // alone needs are read when it is asked for.
      frame ??= reachesOf({ cli: PROGRAMS.cli }, getModuleInfo, 'at once')
      return frame.has(id) ? 'command' : undefined
    },
    banner: ({ name }) => (name === 'cli' ? '#!/usr/bin/env node' : ''),
    entryFileNames: '[name].js',
    // A verb reads the playground's page, which stands beside it.
    chunkFileNames: ({ moduleIds }) =>
      moduleIds.some((id) => id.includes('/cli/verbs/')) ? 'verb-[name].js' : 'shared/[name].js',
    plugins: [small, droppableCode],
  })
  await bundle.close()
  chmodSync('dist/cli.js', 0o755)
  for (const entry of Object.keys(entries)) {
    writeFileSync(`dist/${entry}.cjs`, `module.exports = require('./${basename(entry)}.js')\n`)
  }
}

/**
 * Takes out white space and shortens names, which halves the package. It takes out comments too, so `droppableCode` comes
 * behind it with its marks.
 */
const small: Plugin = {
  name: 'small',
  async renderChunk(code) {
    const options = { minify: true, format: 'esm', charset: 'utf8' } as const
    return { code: (await transform(code, { ...options, target: 'es2022' })).code, map: null }
  },
}

/**
 * Which file of dist/shared/ holds a module, by the entries that reach it. To find, open and link a file takes Node half a
 * millisecond, so there are few: one for each boundary at which programs import what stands below it alone. Bundlers
 * drop from each what is unused. What one entry alone reaches stands in its own file.
 */
function sharedFile(reaching: ReadonlySet<string>): string | undefined {
  const entries = new Set([...reaching].filter((entry) => !(entry in PROGRAMS)))
  if (entries.size === 0 && reaching.size > 1) return 'page'
  const [only] = entries.size === 0 ? reaching : entries
  if (entries.size <= 1) return only
  // What reads no completion needs little of what the engine is made of.
  if (entries.has('core')) return entries.has('tools/toolset') || entries.has('adapters/sse') ? 'tools' : 'engine'
  if (entries.has('index')) return 'formats'
  return [...entries].every((entry) => entry.startsWith('proxy/')) ? 'proxy' : 'adapters'
}

/**
 * For every module, the entries that import it, directly or through others, sometime or at once. An entry reached by others
 * stays its own.
 */
function reachesOf(
  entries: Record<string, string>,
  getModuleInfo: GetModuleInfo,
  when: 'sometime' | 'at once' = 'sometime',
): Map<string, Set<string>> {
  const reaches = new Map<string, Set<string>>()
  for (const [entry, source] of Object.entries(entries)) {
    const rest = [resolve(source)]
    for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
      const reached = reaches.get(id) ?? new Set()
      if (reached.has(entry)) continue
      reaches.set(id, reached.add(entry))
      const { importedIds = [], dynamicallyImportedIds = [] } = getModuleInfo(id) ?? {}
      rest.push(...importedIds, ...(when === 'at once' ? [] : dynamicallyImportedIds))
    }
  }
  for (const [entry, source] of Object.entries(entries)) {
    if (!entry.startsWith('parsers/')) reaches.set(resolve(source), new Set([entry]))
  }
  return reaches
}

/** A JSON Schema as programs need it. */
function withoutComments(json: string): string {
  const isComment = (key: string, value: unknown) => key === 'description' && typeof value === 'string'
  return JSON.stringify(JSON.parse(json), (key, value) => (isComment(key, value) ? undefined : value))
}

/** Takes the types off, and finds `./x.ts` where `./x.js` is imported. */
const typescript: Plugin = {
  name: 'typescript',
  resolveId(source, importer) {
    if (importer === undefined || !source.startsWith('.')) return null
    const file = resolve(dirname(importer), source).replace(/\.js$/, '.ts')
    return existsSync(file) ? file : null
  },
  async transform(code, id) {
    if (id.endsWith('package.json')) return { code: `export const { version } = ${code}`, map: null }
    if (id.endsWith('.json')) return { code: `export default ${withoutComments(code)}`, map: null }
    const { code: script } = await transform(code, { loader: 'ts', target: 'es2022', sourcefile: id })
    return { code: script, map: null }
  },
}
