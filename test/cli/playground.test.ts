import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { beforeAll, describe, expect, it } from 'vitest'
import { playgroundMarkup, playgroundScript } from '../../scripts/playground-page.js'
import { completePage } from '../../src/cli/output/complete-page.js'
import { linkModules } from '../../src/cli/output/link-modules.js'
import { unpackFragment } from '../../src/playground/share.js'
import { useCommand } from './command.js'

const command = useCommand()
let page = ''

// As the build does it: markup and script stand beside the command.
beforeAll(async () => {
  const script = await playgroundScript()
  page = completePage(
    await playgroundMarkup(),
    linkModules('playground.js', () => script),
  )
  writeFileSync(join(dirname(command.file), 'playground.html'), await playgroundMarkup())
  writeFileSync(join(dirname(command.file), 'playground.js'), script)
})

describe('callsift playground', () => {
  it('writes the page to a file', () => {
    expect(command.run(['playground', '--out', 'page.html'])).toEqual({
      code: 0,
      out: '',
      err: 'callsift: wrote "page.html": open it in a browser\n',
    })
    expect(readFileSync(join(command.folder, 'page.html'), 'utf8')).toBe(page)
    expect(command.run(['playground', '--out', 'no/such/page.html'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--out "no/such/page.html" cannot be written'),
    })
  })

  it('opens with a file, in its format and with its tools', async () => {
    const text = '<think>\u2028"</meta>'
    const capture = {
      type: 'callsift-capture',
      version: 1,
      request: { body: { messages: [], tools: [{ name: 'f' }] } },
      reading: { format: 'hermes', startInReasoning: true },
      upstream: [{ body: { messages: [] }, text: JSON.stringify({ choices: [{ text }] }) }],
    }
    command.write('capture.json', JSON.stringify(capture))
    expect(command.run(['playground', 'capture.json', '--out', 'opened.html']).code).toBe(0)
    const written = readFileSync(join(command.folder, 'opened.html'), 'utf8')
    const [meta = '', opened = ''] = /<meta name="opened" content="([^"]*)">/.exec(written) ?? []
    expect(written.replace(meta, '<meta name="opened" content="">')).toBe(page)
    expect(await unpackFragment(opened)).toEqual({
      text,
      format: 'hermes',
      tools: JSON.stringify([{ name: 'f' }], null, 2),
      options: ['startInReasoning'],
    })
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('serves the page and nothing else, until %s', async (signal) => {
    const child = spawn(process.execPath, [command.file, 'playground', '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const [line] = await once(child.stdout, 'data')
      const [, url = ''] =
        /^callsift playground: (http:\/\/127\.0\.0\.1:\d+\/) \(Ctrl-C ends it\)\n$/.exec(String(line)) ?? []
      const reply = await fetch(url)
      expect(await reply.text()).toBe(page)
      expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(reply.headers.get('content-security-policy')).toBe("frame-ancestors 'none'")
      expect(reply.headers.get('x-content-type-options')).toBe('nosniff')
      expect((await fetch(`${url}?a=1`)).status).toBe(200)
      expect((await fetch(`${url}package.json`)).status).toBe(404)
      expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(405)
      const length = async (encoding: string) => {
        const head = await fetch(url, { method: 'HEAD', headers: { 'accept-encoding': encoding } })
        expect(head.headers.get('content-encoding')).toBe(encoding === 'br' ? encoding : null)
        return Number(head.headers.get('content-length'))
      }
      expect(await length('identity')).toBe(Buffer.byteLength(page))
      expect(await length('br')).toBeLessThan(200_000)
      child.kill(signal)
      expect(await once(child, 'exit')).toEqual([0, null])
    } finally {
      child.kill('SIGKILL')
    }
  })

  it('says what is wrong with its arguments', async () => {
    const complaint = (...args: string[]) => command.run(['playground', ...args])
    expect(complaint('none.txt')).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no file "none.txt"'),
    })
    expect(complaint('a.txt', 'b.txt')).toMatchObject({ code: 2, err: expect.stringContaining('expected one file') })
    expect(complaint('--port', '70000')).toMatchObject({ code: 2, err: expect.stringContaining('0 to 65535') })
    expect(complaint('--port', '0', '--host', '192.0.2.1')).toMatchObject({
      code: 2,
      err: 'callsift: --host: 192.0.2.1 is not an address of this machine\n',
    })
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect(complaint('--port', String(port))).toMatchObject({
      code: 2,
      err: expect.stringContaining(`127.0.0.1:${port} is already in use`),
    })
    server.close()
  })
})

describe('the page', () => {
  it('is one file that may load nothing, with one script and one style', () => {
    expect(page.match(/<script>/g)).toHaveLength(1)
    expect(page.match(/<style>/g)).toHaveLength(1)
    expect(page).not.toMatch(/\/\* (?:script|style|policy) \*\//)
    expect(page).not.toMatch(/<(?:script|link|img|iframe)[^>]*(?:src|href)=(?!["']?data:)/)
    expect(page).toMatch(/default-src 'none'; script-src 'sha256-[\w+/=]{44}'; style-src 'sha256-[\w+/=]{44}'/)
    expect(page).toContain("require-trusted-types-for 'script'; trusted-types 'none'")
    expect(page).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/)
  })
})

describe('linked modules', () => {
  const link = (files: Record<string, string>) => linkModules('a.js', (name) => files[name] ?? '')
  it('are one script that does what they did', () => {
    const script = link({
      'a.js': 'import{x as y,z}from"./in/b.js";import{f}from"pkg";globalThis.linked=[y,z,f(1)];export{};',
      'in/b.js': 'import"../c.js";import{q}from"../c.js";const a=q+1,z="export{no};";export{a as x,z};',
      'c.js': 'const a=1;export{a as q};',
      pkg: 'function g(n){return n*2}export{g as f};',
    })
    new Script(script).runInThisContext()
    expect(Reflect.get(globalThis, 'linked')).toEqual([2, 'export{no};', 2])
    Reflect.deleteProperty(globalThis, 'linked')
  })
  it('must not import each other in a circle', () => {
    const files = { 'a.js': 'import{b}from"./b.js";', 'b.js': 'import{a}from"./a.js";' }
    expect(() => link(files)).toThrow('a.js imports itself')
  })
})
