// What somebody meets who installs the packed file: in a fresh project it is imported, required, compiled against by
// TypeScript in each of its ways to find modules, and bundled; and the command runs. Nothing is downloaded: the packages
// that it needs are those of this repository.
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'esbuild'

/** Bytes of the packed file. */
const MOST_PACKED = 468_000
/** Bytes of the playground's page as it is served, compressed. */
const MOST_SERVED = 208 * 1024

const TEXT = '<tool_call>{"name": "f", "arguments": {"a": 1}}</tool_call>'
const USE = `
const tools = toolset({ f: z.object({ a: z.number() }) })
const [call] = parse(${JSON.stringify(TEXT)}, { format: hermes, tools }).toolCalls
const [event] = createParser({ format: 'hermes' }).push('Hi.')
if (call?.name !== 'f' || event?.type !== 'content' || !createProxyHandler || !toChatMessage) throw new Error('not read')
console.log(JSON.stringify(call.arguments))
`
const NAMES = {
  callsift: ['createParser', 'parse'],
  'callsift/parsers/hermes': ['hermes'],
  'callsift/schema': ['toolset'],
  'callsift/openai': ['toChatMessage'],
  'callsift/proxy': ['createProxyHandler'],
  zod: ['z'],
}
const lines = (line) => Object.entries(NAMES).map(([from, names]) => line(names.join(', '), from))
const IMPORTS = lines((names, from) => `import { ${names} } from '${from}'`).join('\n')
const REQUIRES = lines((names, from) => `const { ${names} } = require('${from}')`).join('\n')

/** What is wrong with a packed file, one sentence each. */
export async function problemsOfInstall(tarball) {
  const folder = mkdtempSync(join(tmpdir(), 'callsift-install-'))
  const problems = []
  const { size } = statSync(tarball)
  if (size > MOST_PACKED) problems.push(`the packed file has ${size} bytes; ${MOST_PACKED} are the most`)
  const attempt = async (what, run) => {
    try {
      const problem = await run()
      if (problem) problems.push(`${what}: ${problem}`)
    } catch (error) {
      problems.push(`${what}: ${error.stdout || error.stderr || error.message}`)
    }
  }
  const node = (...args) => execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  const printed = (file) => (node(file).trim() === '{"a":1}' ? '' : `printed ${node(file)}`)
  try {
    install(tarball, folder)
    const write = (name, text) => writeFileSync(join(folder, name), text)
    write('package.json', '{"name": "fresh", "private": true}')
    write('use.mjs', IMPORTS + USE)
    write('use.cjs', REQUIRES + USE)
    await attempt('import', () => printed('use.mjs'))
    await attempt('require', () => printed('use.cjs'))

    write('esm.mts', IMPORTS + USE)
    write('cjs.cts', IMPORTS + USE)
    for (const [module, moduleResolution, files] of [
      ['node16', 'node16', ['esm.mts', 'cjs.cts']],
      ['nodenext', 'nodenext', ['esm.mts', 'cjs.cts']],
      ['esnext', 'bundler', ['esm.mts']],
    ]) {
      const options = {
        module,
        moduleResolution,
        target: 'es2022',
        lib: 'es2023,dom,dom.iterable,dom.asynciterable',
        types: '',
      }
      const flags = Object.entries(options).flatMap(([name, value]) => (value === '' ? [] : [`--${name}`, value]))
      await attempt(`TypeScript, ${moduleResolution}`, () => {
        node(resolve('node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--types', 'node', ...flags, ...files)
      })
    }

    for (const [format, outfile] of [
      ['esm', 'bundled.mjs'],
      ['cjs', 'bundled.cjs'],
    ]) {
      await attempt(`esbuild, ${format}`, async () => {
        const entry = join(folder, format === 'esm' ? 'use.mjs' : 'use.cjs')
        await build({ entryPoints: [entry], bundle: true, format, platform: 'node', outfile: join(folder, outfile) })
        return printed(outfile)
      })
    }

    const command = 'node_modules/callsift/dist/cli.js'
    write('answer.txt', TEXT)
    await attempt('the command', () => {
      const { toolCalls } = JSON.parse(node(command, 'parse', 'answer.txt', '--format', 'hermes'))
      return toolCalls.length === 1 ? '' : 'found no call'
    })
    await attempt('the playground', () => {
      node(command, 'playground', '--out', 'page.html')
      const page = readFileSync(join(folder, 'page.html'), 'utf8')
      const { length } = brotliCompressSync(page, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } })
      if (length > MOST_SERVED) return `the page has ${length} bytes, compressed; ${MOST_SERVED} are the most`
      return /<script>"use strict";.{400000}/s.test(page) ? '' : 'the page has no script'
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return problems
}

/** Packs the package and installs it into a folder, with a program beside it that runs `smoke.mjs`: `main.mjs`. */
export function installFresh(folder) {
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder])
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? ''
  install(join(folder, tarball), folder)
  writeFileSync(join(folder, 'package.json'), '{"name": "fresh", "private": true, "type": "module"}')
  copyFileSync('scripts/smoke.mjs', join(folder, 'smoke.mjs'))
  writeFileSync(join(folder, 'main.mjs'), "import { smoke } from './smoke.mjs'\nconsole.log(await smoke())\n")
}

/** Unpacks the packed file where npm would, with what it depends on beside it. */
function install(tarball, folder) {
  const target = join(folder, 'node_modules/callsift')
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['xzf', tarball, '-C', target, '--strip-components=1'])
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'))
  for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), '@types/node']) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(resolve('node_modules', name), link, 'junction')
  }
}
