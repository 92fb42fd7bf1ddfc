// Builds dist/ from src/ and parsers/ (`npm run build`): the library as modules and for `require`, its types, the
// command, and the page that the command serves.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'tsup'
import { buildLibrary } from './library.js'
import { libraryEntries } from './library-entries.js'
import { playgroundPage } from './playground-page.js'

rmSync('dist', { recursive: true, force: true })

const entry = libraryEntries()
await buildLibrary(entry)
const shared = { config: false, clean: false, silent: true } as const
await build({ ...shared, entry, target: 'es2022', format: 'esm', dts: { only: true } })
typesForRequire('dist')
// The command is one file: that starts faster than many.
const command = { entry: { cli: 'src/cli/main.ts' }, banner: { js: '#!/usr/bin/env node' } }
await build({ ...shared, ...command, format: 'esm', target: 'node20', splitting: false })
writeFileSync('dist/playground.html', await playgroundPage())

/** Writes a `.d.cts` beside each `.d.ts`: the same declarations. To have them worked out again takes half a minute. */
function typesForRequire(folder: string): void {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue
    const declarations = readFileSync(join(folder, file), 'utf8')
    const required = declarations.replace(/(from |import\()(['"])(\.{1,2}\/[^'"]{1,200})\.js\2/g, '$1$2$3.cjs$2')
    writeFileSync(join(folder, file.replace(/\.d\.ts$/, '.d.cts')), required)
  }
}
