// Runs a TypeScript file of this repository on Node 20, which cannot load TypeScript itself:
//   node scripts/run-ts.mjs bench/run.ts [arguments...]
// The file and what it imports from here become one file in dist-<folder>/ (packages stay imports). That folder is as
// deep as the source's, so paths relative to `import.meta.url` keep their meaning.
import { spawnSync } from 'node:child_process'
import { basename, dirname } from 'node:path'
import { build } from 'tsup'

const [source, ...args] = process.argv.slice(2)
if (source === undefined) {
  console.error('usage: node scripts/run-ts.mjs FILE.ts [arguments...]')
  process.exit(2)
}
const outDir = `dist-${dirname(source)}`
await build({
  entry: [source],
  outDir,
  format: 'esm',
  target: 'node20',
  splitting: false,
  skipNodeModulesBundle: true,
  config: false,
  silent: true,
})
const file = `${outDir}/${basename(source, '.ts')}.js`
const { status } = spawnSync(process.execPath, ['--expose-gc', file, ...args], { stdio: 'inherit' })
process.exit(status ?? 1)
