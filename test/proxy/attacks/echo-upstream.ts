import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { resolve } from 'node:path'
import { closed, listening } from './hosts.js'

/** What an upstream says of a request that it got: every byte of its body, as text. */
export interface Heard {
  method: string
  path: string
  body: string
  headers: Record<string, string>
}

/** An upstream that answers each request with what it heard, as `{"heard": …}`. `GET /heard` gives all of them. */
export interface EchoUpstream {
  readonly url: string
  readonly port: number
  heard(): Promise<Heard[]>
  close(): Promise<void>
}

/** On `node:http`. */
export async function startNodeEcho(): Promise<EchoUpstream> {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('latin1')) body += chunk
    const { method = '', url = '' } = request
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const one = { method, path: url, body, headers }
    heard.push(one)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ heard: one }))
  })
  const port = await listening(server)
  return { url: `http://127.0.0.1:${port}/v1`, port, heard: async () => heard, close: () => closed(server) }
}

const APP = `import json
heard = []
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    path = scope["raw_path"].decode("latin1")
    if scope["query_string"]:
        path += "?" + scope["query_string"].decode("latin1")
    one = {"method": scope["method"], "path": path, "body": body.decode("latin1"),
           "headers": {k.decode("latin1"): v.decode("latin1") for k, v in scope["headers"]}}
    if path == "/heard":
        reply = heard
    else:
        heard.append(one)
        reply = {"heard": one}
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(reply).encode()})
`

/** Where uvicorn is kept for the tests, and what makes Python look there. */
const PLACE = resolve('node_modules/.cache/uvicorn')
const env = { ...process.env, PYTHONPATH: PLACE }

/**
 * Whether Python has uvicorn: the machine's, or in a folder of its own, where it is installed once (without an environment
 * around it, which takes longer to make than all the tests before uvicorn). If not, the reason is printed.
 */
export function hasUvicorn(): boolean {
  const isThere = () => {
    try {
      execFileSync('python3', ['-c', 'import uvicorn'], { stdio: 'ignore', env })
      return true
    } catch {
      return false
    }
  }
  if (isThere()) return true
  try {
    const install = ['-m', 'pip', 'install', '-q', '--no-compile', '--upgrade', '--target', PLACE, 'uvicorn']
    execFileSync('python3', install, { stdio: 'ignore', timeout: 60_000 })
    if (isThere()) return true
  } catch (error) {
    console.warn(`no uvicorn: ${error instanceof Error ? error.message : String(error)}`)
  }
  console.warn('the attacks before uvicorn are skipped: python3 has no uvicorn, and it could not be installed with pip')
  return false
}

/** On uvicorn, before which most inference servers stand. */
export async function startUvicornEcho(): Promise<EchoUpstream> {
  writeFileSync(resolve(PLACE, '../uvicorn_app.py'), APP)
  const args = ['-m', 'uvicorn', 'uvicorn_app:app', '--port', '0', '--no-access-log', '--app-dir', resolve(PLACE, '..')]
  const child = spawn('python3', args, { stdio: ['ignore', 'ignore', 'pipe'], env })
  let said = ''
  const port = await new Promise<number>((found, failed) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const [, digits] = /running on http:\/\/127\.0\.0\.1:(\d+)/.exec(said) ?? []
      if (digits !== undefined) found(Number(digits))
    })
    child.once('exit', () => failed(new Error(`uvicorn ended: ${said}`)))
  })
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    heard: async () => (await (await fetch(`http://127.0.0.1:${port}/heard`)).json()) as Heard[],
    async close() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
