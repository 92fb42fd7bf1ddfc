import { readFile } from 'node:fs/promises'
import { build } from 'esbuild'
import { completePage } from '../src/cli/output/complete-page.js'
import { LOOK } from '../src/playground/look.js'

const folder = 'src/playground'

/** The playground's markup and style, without its script. */
export async function playgroundMarkup(root = process.cwd()): Promise<string> {
  const read = (file: string) => readFile(`${root}/${folder}/${file}`, 'utf8')
  const [page, css] = await Promise.all([read('page.html'), read('page.css')])
  return page.replace('/* style */', () => `${LOOK}${css}`)
}

/** The playground as one page, its script made from the sources: for tests, which need no build. */
export async function playgroundPage(root = process.cwd()): Promise<string> {
  return completePage(await playgroundMarkup(root), await playgroundScript(root))
}

/** The script of the page as one file. */
export async function playgroundScript(root = process.cwd()): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`${folder}/page.ts`],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}
