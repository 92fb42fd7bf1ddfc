import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { useCommand } from '../../cli/command.js'
import { chunk, startUpstream } from '../upstream.js'

const command = useCommand()
const BODY = JSON.stringify({ model: 'm', messages: [], stream: true })
const REQUEST = `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`

/** What a client was told: the status of its reply, `closed` where it had none, `open` where nothing has come yet. */
interface Client {
  socket: Socket
  said: string
  isClosed: boolean
}

it.runIf(process.platform !== 'win32')(
  'a process out of file descriptors says so, and leaves nobody without a trace',
  async () => {
    const upstream = await startUpstream()
    upstream.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(chunk({ content: 'Hello' }))}\n\n`)
    })
    const proxy = `exec "${process.execPath}" "${command.file}" proxy --upstream ${upstream.url} --port 0 --format hermes`
    const child = spawn('sh', ['-c', `ulimit -n 300; ${proxy}`], { stdio: ['ignore', 'pipe', 'pipe'] })
    try {
      let log = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        log += text
      })
      const [out] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
      const port = Number(/127\.0\.0\.1:(\d+)/.exec(out)?.[1])
      const clients: Client[] = Array.from({ length: 400 }, () => {
        const client: Client = { socket: connect(port, '127.0.0.1'), said: '', isClosed: false }
        client.socket.on('data', (data) => {
          client.said += data
        })
        client.socket
          .on('error', () => undefined)
          .on('close', () => {
            client.isClosed = true
          })
        client.socket.write(REQUEST)
        return client
      })
      const settled = () => clients.every(({ said, isClosed }) => said !== '' || isClosed)
      for (let i = 0; i < 200 && !settled(); i++) await new Promise((resolve) => setTimeout(resolve, 50))
      const streaming = clients.filter(({ said }) => said.startsWith('HTTP/1.1 200'))
      const refused = clients.filter(({ said }) => said.startsWith('HTTP/1.1 503'))
      const dropped = clients.filter(({ said, isClosed }) => said === '' && isClosed)
      expect(streaming.length).toBeGreaterThan(50)
      expect(streaming.length + refused.length + dropped.length).toBe(400)
      expect(dropped.length + refused.length).toBeGreaterThan(100)
      for (const { said } of refused) expect(said).toContain('raise ulimit -n')
      const told = () => log.split('\n').filter((line) => line.includes('raise ulimit -n')).length
      for (let i = 0; i < 100 && told() < refused.length + dropped.length; i++)
        await new Promise((resolve) => setTimeout(resolve, 50))
      expect(told()).toBe(refused.length + dropped.length)
      for (const { socket } of refused) socket.destroy()
      // There is room again once some have gone, and it is counted.
      for (const { socket } of streaming.slice(0, 60)) socket.destroy()
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200)
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      expect(metrics).toContain(`callsift_refused_total{reason="descriptors"} ${refused.length + dropped.length}`)
      for (const { socket } of clients) socket.destroy()
    } finally {
      child.kill('SIGKILL')
      await upstream.close()
    }
  },
)
