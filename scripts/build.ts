// Builds dist/ from src/ and parsers/ (`npm run build`): the library as modules and for `require`, its types, the
// command, and the page that the command serves.
import { rmSync, writeFileSync } from 'node:fs'
import { build } from 'tsup'
import { buildLibrary } from './library.js'
import { libraryEntries } from './library-entries.js'
import { playgroundPage } from './playground-page.js'

rmSync('dist', { recursive: true, force: true })

const entry = libraryEntries()
await buildLibrary(entry)
const shared = { config: false, clean: false, silent: true } as const
await build({ ...shared, entry, target: 'es2022', format: ['esm', 'cjs'], dts: { only: true } })
// The command is one file: that starts faster than many.
const command = { entry: { cli: 'src/cli/main.ts' }, banner: { js: '#!/usr/bin/env node' } }
await build({ ...shared, ...command, format: 'esm', target: 'node20', splitting: false })
writeFileSync('dist/playground.html', await playgroundPage())
