// Builds dist/ from src/ and parsers/ (`npm run build`): the library as modules and for `require`, its types, the
// command, and the page that the command serves.
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build as esbuild } from 'esbuild'
import { build } from 'tsup'
import { buildLibrary } from './library.js'
import { libraryEntries } from './library-entries.js'
import { playgroundMarkup } from './playground-page.js'

rmSync('dist', { recursive: true, force: true })

const entry = libraryEntries()
await buildLibrary(entry)
await build({ config: false, clean: false, silent: true, entry, target: 'es2022', format: 'esm', dts: { only: true } })
typesOnce('dist', new Set(Object.keys(entry)))
writeFileSync('dist/playground.html', await playgroundMarkup())
// For editors, and for those who check files of formats with tools of their own.
copyFileSync('src/described/format.schema.json', 'dist/format.schema.json')
// The one package that the page needs, as a module that it can be linked with.
await esbuild({
  stdin: { contents: "export { jsonrepair } from 'jsonrepair'", resolveDir: '.' },
  outfile: 'dist/shared/jsonrepair.js',
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
})

/**
 * Declares everything once, for `require` (`.d.cts`); what `import` finds (`.d.ts`) hands that on. So both have the same
 * types, and nothing stands in the package twice.
 */
function typesOnce(folder: string, entries: ReadonlySet<string>): void {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue
    const name = file.replace(/\.d\.ts$/, '').replaceAll('\\', '/')
    const declarations = readFileSync(join(folder, file), 'utf8')
    const required = declarations
      .replace(/^import '[^']{1,200}';\n/gm, '')
      .replace(/(from |import\()(['"])(\.{1,2}\/[^'"]{1,200})\.js\2/g, '$1$2$3.cjs$2')
    writeFileSync(join(folder, `${name}.d.cts`), required)
    if (entries.has(name)) writeFileSync(join(folder, file), `export * from './${basename(name)}.cjs'\n`)
    else rmSync(join(folder, file))
  }
}
