import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A page that is served. */
export interface PageServer {
  /** `http://127.0.0.1:8788/` */
  readonly url: string
  close(): Promise<void>
}

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/**
 * Serves one page under `/`, and nothing else.
 * @throws the error of the system where it cannot listen
 */
export async function servePage(page: string, host: string, port: number): Promise<PageServer> {
  const body = Buffer.from(page)
  const server = createServer((request, response) => {
    const { method, url = '/' } = request
    const path = url.split('?', 1)[0]
    if (method !== 'GET' && method !== 'HEAD') response.writeHead(405, { allow: 'GET, HEAD' }).end()
    else if (path !== '/') response.writeHead(404, { 'content-type': 'text/plain' }).end('There is only one page: /\n')
    else {
      response.writeHead(200, { ...HEADERS, 'content-length': body.length })
      response.end(method === 'HEAD' ? undefined : body)
    }
  })
  server.listen(port, host)
  await once(server, 'listening')
  const { family, address, port: bound } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}/`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
