import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { transform } from 'esbuild'
import { type GetModuleInfo, type OutputOptions, type Plugin, rollup } from 'rollup'
import { droppableCode } from './droppable-code.js'

/** Builds the entries into dist/ as modules (`.js`) and for `require` (`.cjs`), with what they share in dist/shared/. */
export async function buildLibrary(entries: Record<string, string>): Promise<void> {
  const bundle = await rollup({
    input: entries,
    external: (id) => !id.startsWith('.') && !existsSync(id),
    treeshake: { moduleSideEffects: false },
    plugins: [typescript],
    onwarn: ({ code, message }) => {
      // Whether sources import each other in a circle is asked elsewhere.
      if (code !== 'CIRCULAR_DEPENDENCY') throw new Error(message)
    },
  })
  let reaches: Map<string, Set<string>> | undefined
  const output: OutputOptions = {
    dir: 'dist',
    // An import of what is only needed further down would bind every entry to every file.
    hoistTransitiveImports: false,
    manualChunks(id, { getModuleInfo }) {
      reaches ??= reachesOf(entries, getModuleInfo)
      return sharedFile(reaches.get(id) ?? new Set())
    },
  }
  const names = (extension: string) => ({
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `shared/[name].${extension}`,
  })
  await bundle.write({ ...output, ...names('js'), format: 'es', plugins: [droppableCode] })
  await bundle.write({ ...output, ...names('cjs'), format: 'cjs', exports: 'named' })
  await bundle.close()
}

/**
 * Which file of dist/shared/ holds a module, by the entries that reach it. To find, open and link a file takes Node half a
 * millisecond, so there are few: one for each boundary at which programs import what stands below it alone. Bundlers
 * drop from each what is unused. What one entry alone reaches stands in its own file.
 */
function sharedFile(entries: ReadonlySet<string>): string | undefined {
  const [only] = entries
  if (entries.size <= 1) return only
  // What reads no completion needs little of what the engine is made of.
  if (entries.has('core')) return entries.has('tools/toolset') || entries.has('adapters/sse') ? 'tools' : 'engine'
  if (entries.has('index')) return 'formats'
  return [...entries].every((entry) => entry.startsWith('proxy/')) ? 'proxy' : 'adapters'
}

/** For every module, the entries that import it, directly or through others. An entry reached by others stays its own. */
function reachesOf(entries: Record<string, string>, getModuleInfo: GetModuleInfo): Map<string, Set<string>> {
  const reaches = new Map<string, Set<string>>()
  for (const [entry, source] of Object.entries(entries)) {
    const rest = [resolve(source)]
    for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
      const reached = reaches.get(id) ?? new Set()
      if (reached.has(entry)) continue
      reaches.set(id, reached.add(entry))
      rest.push(...(getModuleInfo(id)?.importedIds ?? []))
    }
  }
  for (const [entry, source] of Object.entries(entries)) {
    if (!entry.startsWith('parsers/')) reaches.set(resolve(source), new Set([entry]))
  }
  return reaches
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
    const { code: script } = await transform(code, { loader: 'ts', target: 'es2022', sourcefile: id })
    return { code: script, map: null }
  },
}
