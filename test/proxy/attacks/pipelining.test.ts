import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { until } from '../both.js'
import { chunk, says, startUpstream } from '../upstream.js'
import { closing, type HostName, rawly, startHost, statusesOf } from './hosts.js'

// What one connection sends ahead is answered in turn, and nothing of it stays behind when the connection is gone.

const HOSTS: readonly HostName[] = ['server', 'listener']
const CHAT = '/v1/chat/completions'
const opened = closing()
const requestOf = (more = '') => {
  const body = `{"model": "m", "messages": []${more}}`
  return `POST ${CHAT} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

describe.each(HOSTS)('requests in a row, before the %s', (name) => {
  it('are answered in turn, and asked of the upstream one by one', async () => {
    const upstream = await opened(startUpstream())
    let running = 0
    let most = 0
    upstream.answer(async (response, seen, gone) => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 5))
      running--
      await says('Hi')(response, seen, gone)
    })
    const host = await opened(startHost(name, { upstream: upstream.url }))
    const isAll = (text: string) => statusesOf(text).length >= 20
    const said = await rawly(host.port, requestOf().repeat(20), { quiet: 1500, isAll })
    expect(statusesOf(said)).toEqual(Array(20).fill(200))
    expect(most).toBe(1)
  })

  it('hold no stream when their client has gone', async () => {
    const upstream = await opened(startUpstream())
    let open = 0
    upstream.answer((response) => {
      open++
      response.once('close', () => open--)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(chunk({ content: 'x'.repeat(200_000) }))}\n\n`)
    })
    const host = await opened(startHost(name, { upstream: upstream.url }))
    const socket = connect(host.port, '127.0.0.1').on('error', () => undefined)
    socket.write(requestOf(', "stream": true').repeat(20))
    await once(socket, 'data')
    socket.destroy()
    await until(() => host.log.length > 0 && open === 0)
    expect(upstream.seen).toHaveLength(1)
    expect(await host.metric('callsift_requests_running')).toBe(0)
  })

  it('without end close the connection, with a line in the log', async () => {
    const upstream = await opened(startUpstream())
    upstream.answer(says('Hi'))
    const host = await opened(startHost(name, { upstream: upstream.url }))
    const socket = connect(host.port, '127.0.0.1').on('error', () => undefined)
    const gone = once(socket, 'close')
    socket.resume()
    socket.write(requestOf().repeat(300))
    await gone
    expect(host.log.filter(({ refused }) => refused === 'streams')).toHaveLength(1)
    expect((await host.ask('/health')).status).toBe(200)
    await until(() => host.log.length > 0)
    expect(await host.metric('callsift_requests_running')).toBe(0)
  })

  it('of which a later one is broken spoil no reply that goes out', async () => {
    const upstream = await opened(startUpstream())
    upstream.answer(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(chunk({ content: 'Hello' }))}\n\n`)
    })
    const host = await opened(startHost(name, { upstream: upstream.url }))
    const socket = connect(host.port, '127.0.0.1').on('error', () => undefined)
    let said = ''
    socket.on('data', (data) => {
      said += data
    })
    const gone = once(socket, 'close')
    socket.write(requestOf(', "stream": true'))
    await until(() => said.includes('Hello'))
    socket.write(`${requestOf()}BROKEN\r\n\r\n`)
    await gone
    expect(statusesOf(said)).toEqual([200])
  })

  it('a body in a million pieces is refused before it costs a million times', async () => {
    const upstream = await opened(startUpstream())
    const host = await opened(startHost(name, { upstream: upstream.url }))
    const head = `POST ${CHAT} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`
    const isAll = (text: string) => text.includes('send larger chunks')
    const said = await rawly(host.port, head + '1\r\n[\r\n'.repeat(100_000), { quiet: 4000, first: 20_000, isAll })
    expect(statusesOf(said)).toEqual([400])
    expect(said).toContain('send larger chunks')
  })
})
