import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

interface Snippet {
  code: string
  heading: string
  line: number
}

/** Every ```ts block, with the heading that it stands under. */
function snippetsOf(text: string): Snippet[] {
  const snippets: Snippet[] = []
  let heading = ''
  let open: string[] | undefined
  for (const [i, line] of text.split('\n').entries()) {
    if (open === undefined && line.startsWith('#')) heading = line.replace(/^#+ /, '')
    if (line === '```ts') open = []
    else if (line === '```' && open !== undefined) {
      snippets.push({ code: open.join('\n'), heading, line: i + 1 - open.length })
      open = undefined
    } else open?.push(line)
  }
  return snippets
}

const exportsMap = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')).exports

/** `callsift/x` as the exports map of package.json resolves it, but to the source. */
function sourceOf(path: string): string {
  if (path.startsWith('/parsers/')) {
    const name = `${path.slice('/parsers/'.length)}.ts`
    const files = readdirSync(`${root}parsers`, { recursive: true, encoding: 'utf8' })
    return `${root}parsers/${files.find((file) => basename(file) === name)}`
  }
  const built: string = exportsMap[`.${path}`].import.default
  return `${root}src/${built.slice('./dist/'.length, -'.js'.length)}.ts`
}

async function run(code: string): Promise<string> {
  const folder = await mkdtemp(`${root}node_modules/.readme-`)
  try {
    await writeFile(`${folder}/snippet.ts`, code)
    await build({
      entryPoints: [`${folder}/snippet.ts`],
      outfile: `${folder}/snippet.mjs`,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      logLevel: 'silent',
      plugins: [
        {
          name: 'callsift-source',
          setup(api) {
            api.onResolve({ filter: /^callsift(\/|$)/ }, ({ path }) => ({
              path: sourceOf(path.slice('callsift'.length)),
            }))
          },
        },
      ],
    })
    const { stdout } = await promisify(execFile)(process.execPath, [`${folder}/snippet.mjs`], { timeout: 20_000 })
    return stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('snippets of the README', () => {
  const snippets = snippetsOf(readme)
  it('are there', () => expect(snippets.length).toBeGreaterThan(8))
  for (const { code, heading, line } of snippets.filter(({ code }) => code.includes('console.log'))) {
    it(`print what they say: ${heading} (line ${line})`, async () => {
      const expected = [...code.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, text]) => (text ?? '').trim())
      expect(expected.length).toBeGreaterThan(0)
      const printed = (await run(code)).trimEnd().split('\n')
      expect(printed.map((text) => text.trim())).toEqual(expected)
    })
  }
})
