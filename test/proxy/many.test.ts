import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRecordFiles } from '../../src/cli/output/record-files.js'
import type { Capture } from '../../src/proxy/metrics/capture.js'
import { mergeMetrics } from '../../src/proxy/metrics/merge-metrics.js'
import { useCommand } from '../cli/command.js'
import { CALLS, chatRequest, gate, joinStream, plainCalls, TEXT, until } from './both.js'
import { useProxyCommand } from './proxy-command.js'
import { eventText, type FakeUpstream, inPieces, says, startUpstream, textChunks } from './upstream.js'

const command = useCommand()
let upstream: FakeUpstream
beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())
const startCommand = useProxyCommand(command, () => upstream.url)

/** Streams that stop in the middle until they are let on. */
function heldStreams() {
  const { passed, open } = gate()
  let begun = 0
  upstream.answer(async (response, { path }) => {
    // A proxy that starts asks what the engine serves.
    if (path !== '/v1/chat/completions') return void response.writeHead(404).end()
    const text = eventText(textChunks(inPieces(TEXT)))
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(text.slice(0, 3000))
    begun++
    await passed
    response.end(text.slice(3000))
  })
  return { open, begun: (count: number) => until(() => begun === count, 20_000) }
}

/** What became of a stream: its calls, or that it broke. */
async function outcome(reply: Promise<Response>): Promise<unknown> {
  try {
    const { choices, done } = await joinStream(await reply)
    return done ? plainCalls(choices[0]) : 'broken'
  } catch {
    return 'broken'
  }
}

describe('--workers', () => {
  it.skipIf(!existsSync('/proc/self/task'))(
    'share a port and their numbers; one that dies takes its own streams alone, and is replaced',
    async () => {
      const { child, url, said, exited } = await startCommand(['--format', 'hermes', '--workers', '2', '--quiet'])
      const post = (body: unknown) =>
        fetch(`${url}/v1/chat/completions`, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { connection: 'close' },
        })
      upstream.answer(says('Hi'))
      for (let i = 0; i < 4; i++) await (await post(chatRequest())).text()
      const metrics = async () => (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text()
      expect(await metrics()).toContain('callsift_requests_total{wire="chat",status="200"} 4\n')

      const held = heldStreams()
      const outcomes = Array.from({ length: 8 }, () => outcome(post(chatRequest({ stream: true }))))
      await held.begun(8)
      const [worker] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ')
      process.kill(Number(worker), 'SIGKILL')
      await until(() => said().includes('a new one replaces it'), 20_000)
      held.open()
      const results = await Promise.all(outcomes)
      // Each worker has some, and a busy machine gives them out unevenly.
      const whole = results.filter((result) => result !== 'broken')
      expect(whole.length).toBeGreaterThan(0)
      expect(whole.length).toBeLessThan(8)
      expect(whole).toEqual(whole.map(() => CALLS))

      const last = heldStreams()
      const late = outcome(post(chatRequest({ stream: true })))
      await last.begun(1)
      child.kill('SIGTERM')
      await until(() => said().includes('"stop"'), 20_000)
      last.open()
      expect(await late).toEqual(CALLS)
      expect(await exited).toBe(0)
    },
  )

  it('say what is wrong once, as one process does', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const { out } = await startCommand(['--workers', '2', '--port', String(port)])
    taken.close()
    expect(out).toMatch(/^exit 2: callsift: --port: 127.0.0.1:\d+ is already in use[^\n]*\n$/)
  })

  it('have metrics that are sums, and lose no count with a process', () => {
    const text = (count: number, running: number) =>
      `# HELP a_total A.\n# TYPE a_total counter\na_total{x="1 2"} ${count}\n# TYPE callsift_requests_running gauge\ncallsift_requests_running ${running}\n`
    expect(mergeMetrics([text(1, 2), text(3, 4)])).toBe(text(4, 6))
    expect(mergeMetrics([text(1, 2)], [text(3, 4)])).toBe(text(4, 2))
    expect(mergeMetrics([text(1, 2)], [text(1, 2)])).toBe(text(2, 2))
    expect(mergeMetrics([])).toBe('\n')
  })
})

it('two processes behind a balancer: one is killed, and the streams of the other are whole', async () => {
  const proxies = await Promise.all([startCommand(['--format', 'hermes']), startCommand(['--format', 'hermes'])])
  const ports = proxies.map(({ url }) => Number(new URL(url).port))
  let turn = 0
  // By turns, and another one where nobody listens.
  const balancer = createServer((client) => {
    const first = turn++
    const reach = (tries: number): void => {
      const server = connect(ports[(first + tries) % ports.length] ?? 0, '127.0.0.1')
      server.on('error', () => (tries === 0 ? reach(1) : client.destroy()))
      server.on('connect', () => {
        client.pipe(server).pipe(client)
        server.on('close', () => client.destroy())
      })
      client.on('error', () => server.destroy())
    }
    reach(0)
  }).listen(0, '127.0.0.1')
  await once(balancer, 'listening')
  const url = `http://127.0.0.1:${(balancer.address() as AddressInfo).port}/v1/chat/completions`
  const ask = () =>
    fetch(url, {
      method: 'POST',
      body: JSON.stringify(chatRequest({ stream: true })),
      headers: { connection: 'close' },
    })
  try {
    const held = heldStreams()
    const outcomes = []
    for (let i = 1; i <= 6; i++) {
      outcomes.push(outcome(ask()))
      await held.begun(i)
    }
    proxies[0]?.child.kill('SIGKILL')
    await proxies[0]?.exited
    held.open()
    expect(await Promise.all(outcomes)).toEqual(['broken', CALLS, 'broken', CALLS, 'broken', CALLS])
    expect(await Promise.all([outcome(ask()), outcome(ask())])).toEqual([CALLS, CALLS])
  } finally {
    balancer.close()
  }
})

describe('--record', () => {
  it('keeps each exchange in a file for its owner alone, in the order in which they came', async () => {
    const folder = join(command.folder, 'captures')
    const { child, post, exited } = await startCommand(['--format', 'hermes', '--record', folder, '--quiet'])
    upstream.answer(says(TEXT))
    for (const user of ['a', 'b', 'c']) await (await post(chatRequest({ user, stream: user === 'b' }))).text()
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
    const names = readdirSync(folder).sort()
    expect(names.join(' ')).toMatch(/^(?:\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z-\d{6}-[0-9a-f]{6}\.json ?){3}$/)
    const bodies = names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).request.body)
    expect(bodies.map(({ user }) => user)).toEqual(['a', 'b', 'c'])
    expect([folder, ...names.map((name) => join(folder, name))].map((file) => statSync(file).mode & 0o77)).toEqual([
      0, 0, 0, 0,
    ])
    expect(JSON.parse(command.run(['parse', join(folder, names[1] ?? '')]).out).toolCalls).toHaveLength(2)
  })

  it('bounds what is written, and tells what cannot be', async () => {
    const capture = { type: 'callsift-capture', time: '2026-01-01T00:00:00.000Z' } as Capture
    const folder = join(command.folder, 'small')
    const lost: string[] = []
    const files = openRecordFiles(folder, 150, (message) => lost.push(message))
    files.write(capture)
    files.write(capture)
    expect(() => files.write(capture)).toThrow('the limit is 150 (--record-total)')
    await files.close()
    expect(readdirSync(folder)).toHaveLength(2)
    const gone = openRecordFiles(folder, 1000, (message) => lost.push(message))
    rmSync(folder, { recursive: true })
    gone.write(capture)
    await gone.close()
    expect(lost).toEqual([expect.stringContaining('cannot be written: ENOENT')])
    command.write('file', '')
    expect(() => openRecordFiles(join(command.folder, 'file'), 1, () => {})).toThrow('the folder cannot be made')
  })
})
