import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

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

/** What takes less than a second; the last step takes two, for 2 % more. */
const COMPRESSION = { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }

/**
 * Serves one page under `/`, and nothing else: compressed for those who take that, which leaves less than a third.
 * @throws the error of the system where it cannot listen
 */
export async function servePage(page: string, host: string, port: number): Promise<PageServer> {
  const whole = Buffer.from(page)
  const small = await promisify(brotliCompress)(whole, COMPRESSION)
  const server = createServer((request, response) => {
    const { method, url = '/' } = request
    const path = url.split('?', 1)[0]
    if (method !== 'GET' && method !== 'HEAD') response.writeHead(405, { allow: 'GET, HEAD' }).end()
    else if (path !== '/') response.writeHead(404, { 'content-type': 'text/plain' }).end('There is only one page: /\n')
    else {
      const taken = String(request.headers['accept-encoding'] ?? '').split(',')
      const takesSmall = taken.some((one) => one.trim() === 'br')
      const body = takesSmall ? small : whole
      const encoding = takesSmall ? { 'content-encoding': 'br' } : {}
      response.writeHead(200, { ...HEADERS, ...encoding, 'content-length': body.length, vary: 'accept-encoding' })
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
