import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { basename, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import packageJson from '../package.json'
import { comparison } from '../scripts/compare.js'
import { pictureOf } from '../scripts/picture.js'
import { getFormat } from '../src/index.js'
import { type Run, useCommand } from './cli/command.js'
import { freePort } from './support/free-port.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The pages whose snippets, commands and transcripts are tried. */
const PAGES = [
  'README.md',
  'src/README.md',
  'src/derive/README.md',
  'src/adapters/README.md',
  'src/grammar/README.md',
  'src/proxy/README.md',
  'src/cli/README.md',
]
const textOf = (page: string) => readFileSync(`${root}${page}`, 'utf8')
const readme = textOf('README.md')

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

/** `callsift/x` as the exports map of package.json resolves it, but to the source. */
function sourceOf(path: string): string {
  if (path.startsWith('/parsers/')) {
    const name = `${path.slice('/parsers/'.length)}.ts`
    const files = readdirSync(`${root}parsers`, { recursive: true, encoding: 'utf8' })
    return `${root}parsers/${files.find((file) => basename(file) === name)}`
  }
  const exportsMap: Record<string, unknown> = packageJson.exports
  const { import: target } = exportsMap[`.${path}`] as { import: { default: string } }
  const built = target.default
  return `${root}src/${built.slice('./dist/'.length, -'.js'.length)}.ts`
}

/**
 * Runs pieces of code that import `callsift`, each in a process of its own and with copies of examples beside it, and gives
 * what they print.
 */
async function run(codes: readonly string[], examples: readonly string[] = []): Promise<string[]> {
  const folder = await mkdtemp(`${root}node_modules/.readme-`)
  const files = codes.map((_, i) => `${folder}/snippet-${i}`)
  try {
    for (const name of examples) await copyFile(`${root}examples/${name}`, `${folder}/${name}`)
    for (const [i, file] of files.entries()) await writeFile(`${file}.ts`, codes[i] as string)
    await build({
      entryPoints: files.map((file) => `${file}.ts`),
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
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
    const printed: string[] = []
    for (const file of files) {
      const { stdout } = await promisify(execFile)(process.execPath, [`${file}.mjs`], { timeout: 20_000 }).catch(
        (error: Error) => ({ stdout: error.message }),
      )
      printed.push(stdout)
    }
    return printed
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe.each(PAGES)('the snippets of %s', (page) => {
  const snippets = snippetsOf(textOf(page)).filter(({ code }) => code.includes('console.log'))
  let printed: string[] = []
  beforeAll(async () => {
    printed = await run(snippets.map(({ code }) => code))
  }, 120_000)
  it('are there', () => expect(snippets.length).toBeGreaterThan(0))
  for (const [i, { code, heading, line }] of snippets.entries()) {
    it(`print what they say: ${heading} (line ${line})`, () => {
      const expected = [...code.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, text]) => (text ?? '').trim())
      expect(expected.length).toBeGreaterThan(0)
      const lines = (printed[i] ?? '').trimEnd().split('\n')
      expect(lines.map((text) => text.trim())).toEqual(expected)
    })
  }
})

const SKIPPED = /node_modules|^dist|^reports|^coverage|^\.stryker-tmp|^\.templates/
const EVERY_PAGE = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.md') && !SKIPPED.test(file))

/** Headings as GitHub names them in links. */
function anchorsOf(page: string): Set<string> {
  const headings = [
    ...textOf(page)
      .replace(/^```.*?^```/gms, '')
      .matchAll(/^#{1,6} (.*)$/gm),
  ]
  return new Set(
    headings.map(([, words = '']) =>
      words
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

describe.each(EVERY_PAGE)('the links of %s', (page) => {
  it('lead to files and headings that are there', () => {
    const text = textOf(page)
      .replace(/^```.*?^```/gms, '')
      .replace(/`[^`\n]*`/g, '')
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      if (/^https?:/.test(link)) return []
      const [path = '', anchor] = link.split('#')
      const file = path === '' ? page : posix.join(posix.dirname(page), path)
      if (!existsSync(`${root}${file}`)) return [link]
      return anchor === undefined || anchorsOf(file).has(anchor) ? [] : [link]
    })
    expect(broken).toEqual([])
  })

  it('name npm scripts that are there', () => {
    const names = [...textOf(page).matchAll(/\bnpm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name = '']) => name)
    expect(names.filter((name) => !(name in packageJson.scripts))).toEqual([])
  })
})

/** The commands of a page, one a line, without the comments behind them. */
function commandsOf(page: string): string[] {
  const blocks = [...textOf(page).matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  )
  return blocks.map((line) => line.replace(/ +# .*/, ''))
}

const COMMAND = useCommand()
beforeAll(() => symlinkSync(`${root}examples`, `${COMMAND.folder}/examples`, 'junction'))

/** Runs `npx callsift …`: through a shell if it needs one. */
function runLine(line: string): Run {
  const command = line.slice('npx '.length)
  return /[<>|&'"$]/.test(command) ? COMMAND.shell(command) : COMMAND.run(command.split(' ').slice(1))
}

describe.each(['README.md', 'src/cli/README.md'])('the commands of %s', (page) => {
  const commands = commandsOf(page)
  it('are of a kind that is tried here', () => {
    const others = commands.filter((line) => !/^(npx callsift|node examples\/|npm |curl )/.test(line))
    expect(others).toEqual([])
  })

  it.each(commands.filter((line) => /^npx callsift (?!proxy)/.test(line)))('%s', (line) => {
    const { code, out, err } = runLine(line)
    expect(code, err).toBeLessThan(2)
    if (!line.includes('>')) expect(out).not.toBe('')
  })
})

describe('the README', () => {
  it('is read in ten minutes, and lists what is in it', () => {
    const lines = readme.split('\n')
    expect(lines.length - 1).toBeLessThanOrEqual(200)
    for (const [, heading = ''] of readme.matchAll(/^## (?!Contents)(.*)$/gm)) {
      expect(readme).toContain(`[${heading}](#`)
    }
  })

  it('names formats that are there', () => {
    const [, table = ''] = /## Formats\n(.*?)\n## /s.exec(readme) ?? []
    const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| family'))
    const ids = rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map(([, id = '']) => id))
    expect(ids.length).toBeGreaterThan(20)
    for (const id of ids) expect(getFormat(id).id).toBe(id)
  })

  it('names the versions that the tests use', () => {
    const [, table = ''] = /## Tested with\n(.*?)\n## /s.exec(readme) ?? []
    const versions: Record<string, string> = { ...packageJson.devDependencies }
    const rows = [...table.matchAll(/^\| (`.*`) \| (.*) \|$/gm)]
    expect(rows.length).toBeGreaterThan(4)
    for (const [, names = '', given = ''] of rows) {
      const used = [...names.matchAll(/`([^`]+)`/g)].flatMap(([, name = '']) =>
        Object.entries(versions).flatMap(([other, version]) =>
          other === name ? [version.replace('^', '')] : version.split(`npm:${name}@`).slice(1),
        ),
      )
      expect([...given.matchAll(/\d+\.\d+\.\d+/g)].map(String).sort(), names).toEqual(used.sort())
    }
    expect(table).toContain(`| TypeScript | ${versions.typescript} |`)
  })

  it('shows the picture and the comparison of today', async () => {
    const text = textOf('examples/ferries.txt')
    expect(textOf('docs/ferries.svg')).toBe(pictureOf(text))
    expect(readme).toContain(await comparison(text))
  })

  it('shows what explain says', () => {
    for (const page of ['README.md', 'src/cli/README.md']) {
      const [, shown = ''] = /```text\n(?:\$ [^\n]*\n)?(.*?)```/s.exec(textOf(page)) ?? []
      const { out } = COMMAND.run(['explain', 'examples/wrong-parser.txt', '--format', 'hermes'])
      const lines = (text: string) => text.replace(/ +$/gm, '').trimEnd()
      expect(shown.length).toBeGreaterThan(100)
      expect(lines(out).startsWith(lines(shown))).toBe(true)
    }
  })

  it('has an example of a stream that runs', async () => {
    const [printed] = await run([textOf('examples/import.mjs')], ['ferries.txt'])
    expect(printed).toContain("I'll write the page and open it for you.")
    expect(printed).toContain('complete: write_file {')
    expect(printed).toContain('complete: open_page {')
  })

  it('puts the proxy in front of the example of a server', async () => {
    const [serve, proxy, ask] = commandsOf('README.md').filter((line) => /server|proxy|curl/.test(line))
    expect(serve).toBe('node examples/server.mjs &')
    expect(proxy).toBe('npx callsift proxy --upstream http://localhost:8000/v1 &')
    expect(ask).toMatch(/^curl .* http:\/\/127\.0\.0\.1:8787\/v1\/chat\/completions -d @examples\/request\.json$/)
    const port = await freePort()
    const server = spawn(process.execPath, [`${root}examples/server.mjs`, String(port)])
    const args = ['proxy', '--upstream', `http://127.0.0.1:${port}/v1`, '--port', '0']
    const child = spawn(process.execPath, [COMMAND.file, ...args])
    try {
      const [told] = await once(child.stdout.setEncoding('utf8'), 'data')
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(told))?.[0]
      const body = textOf('examples/request.json')
      const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body })
      const { choices } = (await answer.json()) as { choices: [{ message: { tool_calls: unknown[] } }] }
      expect(choices[0].message.tool_calls).toMatchObject([
        { function: { name: 'write_file' } },
        { function: { name: 'open_page' } },
      ])
    } finally {
      server.kill('SIGKILL')
      child.kill('SIGKILL')
    }
  })

  it('has a demo that shows the text, the stream, the expression and the result, in 15 seconds', async () => {
    const start = performance.now()
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/run-ts.mjs', 'scripts/demo.ts'], {
      cwd: root,
    })
    expect(performance.now() - start).toBeLessThan(15_000)
    for (const part of ['What the model wrote', 'held back', 'Unterminated string', '✓ open_page complete'])
      expect(stdout).toContain(part)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what must not be there
    expect(stdout).not.toMatch(/\u001b/)
  })
})

describe('troubleshooting', () => {
  const lines = commandsOf('src/cli/README.md')
  const ran = (part: string) => {
    const line = lines.find((one) => one.includes(part)) ?? expect.fail(`no command with ${part}`)
    return runLine(line)
  }
  const parsed = (part: string) => JSON.parse(ran(part).out)

  it('a call that shows up as text', () => {
    expect(ran('explain examples/wrong-parser.txt').out).toContain('Try --format mistral')
    expect(parsed('parse examples/wrong-parser.txt').toolCalls).toMatchObject([{ arguments: { port: 'Moss' } }])
    expect(ran('explain examples/stripped.txt').out.replaceAll('\n', ' ')).toContain(
      'special tokens of a call were removed',
    )
  })

  it('empty arguments', () => {
    expect(ran('explain examples/empty-arguments.txt').out.replaceAll('\n', ' ')).toContain(
      "give the tool's schema (--tools)",
    )
    expect(parsed('parse examples/empty-arguments.txt').toolCalls).toMatchObject([{ arguments: { port: 'Moss' } }])
  })

  it('thoughts in the answer', () => {
    expect(ran('explain examples/thoughts.txt').out).toContain('--start-in-reasoning')
    expect(parsed('parse examples/thoughts.txt')).toMatchObject({
      content: 'I look it up.',
      reasoning: 'The user asks for the tide in Moss. I call get_tide.',
    })
  })

  it('a run that stops after one call', () => {
    expect(ran('explain examples/one-call.txt').out).toMatch(/^! call 1 of get_tide is malformed/)
  })

  it('a parser that breaks when streamed', () => {
    expect(ran('--with ./examples/naive-parser.mjs')).toMatchObject({
      code: 1,
      out: expect.stringContaining('differs'),
    })
    expect(ran('replay examples/thoughts.txt --format hermes')).toMatchObject({ code: 0 })
  })
})
