import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { build } from 'esbuild'
import { LOOK } from '../src/playground/look'

const folder = 'src/playground'

/** The playground as one page: markup, style and script of src/playground in one file, which may load nothing else. */
export async function playgroundPage(root = process.cwd()): Promise<string> {
  const read = (file: string) => readFile(`${root}/${folder}/${file}`, 'utf8')
  const [page, css, script] = await Promise.all([read('page.html'), read('page.css'), scriptOf(root)])
  const style = `${LOOK}${css}`
  // The browser itself holds the page to its promises: nothing is loaded or sent, and no text can become markup.
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
  return Object.entries({ policy, style, script }).reduce(
    (text, [name, value]) => text.replace(`/* ${name} */`, () => value),
    page,
  )
}

async function scriptOf(root: string): Promise<string> {
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
  // What would end or hide the script for a reader of HTML stands in strings only, and there `\x3c` is the same.
  return `${outputFiles[0]?.text ?? ''}`.trim().replace(/<(?=!--|\/?script)/gi, '\\x3c')
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
