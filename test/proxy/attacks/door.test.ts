import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { createDoor } from '../../../src/proxy/server/node-door.js'
import { until } from '../both.js'
import { says, startUpstream } from '../upstream.js'
import { closing, startHost } from './hosts.js'

// Many clients that come at once keep nobody from being accepted, and are all served.

const opened = closing()
const turn = () => new Promise((resolve) => setImmediate(resolve))

it('lets requests in at once while nobody presses', () => {
  const door = createDoor()
  let begun = 0
  for (let i = 0; i < 100; i++) door.enter(() => begun++)
  expect(begun).toBe(100)
})

it('leaves most turns of the loop to connections while they keep coming, and then lets all in, in order', async () => {
  const door = createDoor()
  const begun: number[] = []
  for (let i = 0; i < 40; i++) {
    door.came()
    door.enter(() => begun.push(i))
    await turn()
  }
  expect(begun.length).toBeGreaterThanOrEqual(5)
  expect(begun.length).toBeLessThanOrEqual(15)
  for (let i = 0; i < 200 && begun.length < 40; i++) await turn()
  expect(begun).toEqual(Array.from({ length: 40 }, (_, i) => i))
})

it('a client that leaves while it waits to be let in is told in the log, and costs the upstream nothing', async () => {
  const upstream = await opened(startUpstream())
  upstream.answer(says('Hi'))
  const host = await opened(startHost('server', { upstream: upstream.url }))
  const body = '{"model": "m", "messages": []}'
  const request = `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  for (let i = 0; i < 60; i++) {
    const socket = connect(host.port, '127.0.0.1').on('error', () => undefined)
    socket.write(request, () => socket.resetAndDestroy())
  }
  await until(() => host.log.length >= 50)
  expect(new Set(host.log.map(({ ending }) => ending))).not.toContain('upstream-error')
  await until(() => host.log.length === 60)
  expect(await host.metric('callsift_requests_running')).toBe(0)
})
