import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach } from 'vitest'
import type { Command } from '../cli/command.js'
import { until } from './both.js'

/** `callsift proxy` as a process of its own. */
export interface RunningProxy {
  child: ChildProcess
  /** What it said on standard output when it listened. */
  out: string
  url: string
  post(body: unknown): Promise<Response>
  exited: Promise<number | null>
  /** What it has said on standard error. */
  said(): string
  /** So many records of the log, when they are there. */
  log(count: number): Promise<Record<string, unknown>[]>
}

/** Starts proxies for the tests of one file, and ends them behind each test. */
export function useProxyCommand(
  command: Command,
  upstream: () => string,
): (args: string[], env?: Record<string, string>) => Promise<RunningProxy> {
  const children: ChildProcess[] = []
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })
  return async (args, env = {}) => {
    const child = spawn(process.execPath, [command.file, 'proxy', '--upstream', upstream(), '--port', '0', ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push(child)
    let err = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    const exited = once(child, 'exit').then(([code]) => code as number | null)
    const out = await Promise.race([
      once(child.stdout.setEncoding('utf8'), 'data').then(([text]) => String(text)),
      exited.then((code) => `exit ${code}: ${err}`),
    ])
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0] ?? ''
    const post = (body: unknown) => fetch(`${url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(body) })
    return {
      child,
      out,
      url,
      post,
      exited,
      said: () => err,
      async log(count) {
        await until(() => err.split('\n').length > count)
        return err
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line))
      },
    }
  }
}
