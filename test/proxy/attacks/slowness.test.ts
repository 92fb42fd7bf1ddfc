import { connect, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { until } from '../both.js'
import { chunk, type Script, says, startUpstream } from '../upstream.js'
import { closing, type HostName, startHost, statusesOf } from './hosts.js'

// Who takes no more of a reply, or never ends a request, is cut off; and the upstream with it.

const CHAT = '/v1/chat/completions'
const opened = closing()
const BODY = JSON.stringify({ model: 'm', messages: [], stream: true })
const requestOf = (body: string) =>
  `POST ${CHAT} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const STREAMED = requestOf(BODY)
const WHOLE = requestOf(BODY.replace('true', 'false'))
/** Time enough for what is due after a short while, on a machine that has much else to do. */
const sooner = async (holds: () => boolean) => {
  for (let i = 0; i < 8 && !holds(); i++) await until(holds).catch(() => undefined)
  expect(holds()).toBe(true)
}

/** A stream as fast as it is taken, without end. */
const floods =
  (seen: { ended: number }): Script =>
  async (response) => {
    response.once('close', () => seen.ended++)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const piece = `data: ${JSON.stringify(chunk({ content: 'x'.repeat(8000) }))}\n\n`
    while (!response.destroyed) {
      if (response.write(piece)) await new Promise((resolve) => setImmediate(resolve))
      else await new Promise<void>((resolve) => response.once('drain', resolve).once('close', () => resolve()))
    }
  }

function silentSocket(port: number, bytes: string): Socket & { close(): Promise<void> } {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(bytes)
  socket.pause()
  return Object.assign(socket, { close: async () => void socket.destroy() })
}

async function both(name: HostName, more: object) {
  const upstream = await opened(startUpstream())
  const host = await opened(startHost(name, { upstream: upstream.url, keepAlive: false, ...more }))
  return { upstream, host }
}

describe('a client that takes no more of its stream', () => {
  it.each(['server', 'listener'] as const)('is cut off by the %s, and the upstream let go', async (name) => {
    const { upstream, host } = await both(name, { writeTimeout: 300 })
    const seen = { ended: 0 }
    upstream.answer(floods(seen))
    const socket = await opened(Promise.resolve(silentSocket(host.port, STREAMED)))
    // That it goes on to send bytes does not count: it takes none.
    const chatter = setInterval(() => socket.write('\r\n'), 50)
    await sooner(() => host.log.length > 0 && seen.ended > 0)
    clearInterval(chatter)
    expect(host.log[0]).toMatchObject({
      level: 'warn',
      ending: 'client-silent',
      problem: expect.stringContaining('--write-timeout'),
    })
    expect(await host.metric('callsift_refused_total{reason="slow-reader"}')).toBe(1)
    expect(await host.metric('callsift_endings_total{ending="client-silent"}')).toBe(1)
    expect(await host.metric('callsift_requests_running')).toBe(0)
  })

  it('is cut off by the handler as well, also if it never began', async () => {
    for (const reads of [0, 3]) {
      const { upstream, host } = await both('handler', { writeTimeout: 200 })
      const seen = { ended: 0 }
      upstream.answer(floods(seen))
      const answer = await host.ask(CHAT, { method: 'POST', body: BODY })
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
      for (let i = 0; i < reads; i++) expect((await reader.read()).done).toBe(false)
      await sooner(() => host.log.length > 0 && seen.ended > 0)
      expect(host.log[0]).toMatchObject({ ending: 'client-silent' })
      expect(await host.metric('callsift_refused_total{reason="slow-reader"}')).toBe(1)
      await expect(reader.read()).rejects.toThrow('nothing was read')
    }
  })

  it.each(['server', 'listener'] as const)('nor of a long whole reply of the %s', async (name) => {
    const { upstream, host } = await both(name, { writeTimeout: 300 })
    upstream.answer(says('y'.repeat(12_000_000)))
    const socket = silentSocket(host.port, WHOLE)
    await opened(Promise.resolve(socket))
    const gone = new Promise((resolve) => socket.once('close', resolve))
    // The reply is ready at once, and told in the log; the connection is what is cut.
    await sooner(() => host.log.length > 0)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    socket.resume()
    let taken = 0
    socket.on('data', (data) => {
      taken += data.length
    })
    await gone
    expect(taken).toBeLessThan(12_000_000)
    expect(await host.metric('callsift_refused_total{reason="slow-reader"}')).toBe(1)
  })

  it('is not one that takes it slowly', async () => {
    const { upstream, host } = await both('server', { writeTimeout: 600 })
    upstream.answer(says('y'.repeat(6_000_000)))
    const socket = await opened(Promise.resolve(silentSocket(host.port, WHOLE)))
    let taken = 0
    socket.on('data', (data) => {
      taken += data.length
      socket.pause()
      setTimeout(() => socket.resume(), 8)
    })
    socket.resume()
    await sooner(() => taken > 6_000_000)
    expect(host.log.map(({ ending }) => ending)).toEqual(['complete'])
  })
})

describe('a client that never ends its request', () => {
  it.each(['server', 'listener'] as const)('gets a 408 from the %s, and its room is free again', async (name) => {
    const { upstream, host } = await both(name, { requestTimeout: 400 })
    const head = `POST ${CHAT} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n`
    const socket = await opened(Promise.resolve(silentSocket(host.port, head)))
    let said = ''
    socket.on('data', (data) => {
      said += data
    })
    socket.resume()
    const trickle = setInterval(() => socket.write('x'), 30)
    await sooner(() => said.includes('--request-timeout'))
    clearInterval(trickle)
    expect(statusesOf(said)).toEqual([408])
    expect(host.log[0]).toMatchObject({ level: 'warn', status: 408, ending: 'refused' })
    expect(await host.metric('callsift_refused_total{reason="slow-request"}')).toBe(1)
    expect(upstream.seen).toEqual([])
  })

  it('gets a 408 from the handler', async () => {
    const { host } = await both('handler', { requestTimeout: 200 })
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(3)) })
    const answer = await host.ask(CHAT, { method: 'POST', body, duplex: 'half' } as RequestInit)
    expect(answer.status).toBe(408)
    expect(await host.metric('callsift_refused_total{reason="slow-request"}')).toBe(1)
  })

  it.each(['', 'GET /v1/models HTTP/1.1\r\nHost: loc'])('not even its head (%j), is told and closed', async (bytes) => {
    const { host } = await both('server', { requestTimeout: 500 })
    const socket = await opened(Promise.resolve(silentSocket(host.port, bytes)))
    let said = ''
    let isClosed = false
    socket.on('data', (data) => {
      said += data
    })
    socket.on('close', () => {
      isClosed = true
    })
    socket.resume()
    await sooner(() => isClosed)
    expect(statusesOf(said)).toEqual([408])
    expect(host.log).toMatchObject([{ event: 'connection', refused: 'slow-request' }])
    expect(await host.metric('callsift_refused_total{reason="slow-request"}')).toBe(1)
  })
})
