import cluster, { type Worker } from 'node:cluster'
import type { LogRecord } from '../../proxy/metrics/log.js'
import { mergeMetrics } from '../../proxy/metrics/merge-metrics.js'
import { UsageError } from '../verb.js'

/** What a worker tells the first process. */
type FromWorker =
  | { type: 'listening'; url: string }
  | { type: 'failed'; message: string }
  | { type: 'all-metrics'; id: number }
  | { type: 'own-metrics'; text: string }

/** What the first process tells a worker. */
type ToWorker = { type: 'stop' } | { type: 'own-metrics' } | { type: 'all-metrics'; id: number; text: string }

/** How long a worker may take to tell its numbers; then those that it told last count (milliseconds). */
const METRICS_TIMEOUT = 500
/** How long to wait before a worker that does not start is started again (milliseconds). */
const AGAIN = 1000

/** The processes of `callsift proxy --workers N`, as the first one sees them. */
export interface ProxyWorkers {
  /** `http://127.0.0.1:8787` */
  readonly url: string
  /** Has all of them stop; resolves when they have. */
  stop(): Promise<void>
  /** Ends all of them at once. */
  kill(): void
}

/**
 * Starts processes that run this same command and share one port. One that ends is replaced.
 *
 * @throws UsageError where the first of them cannot start, in its own words
 * @example (await startWorkers(4, log)).url // 'http://127.0.0.1:8787'
 */
export async function startWorkers(count: number, log: (record: LogRecord) => void): Promise<ProxyWorkers> {
  const told = new Map<Worker, string>() // the last numbers of each
  let gone = ''
  let stopping = false
  let ended: (() => void) | undefined

  /** The numbers of all, as those of one. */
  async function allMetrics(): Promise<string> {
    const workers = running()
    const asked = new Set(workers)
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer)
        cluster.off('message', heard)
        resolve()
      }
      const timer = setTimeout(end, METRICS_TIMEOUT)
      const heard = (worker: Worker, message: FromWorker) => {
        if (message.type !== 'own-metrics') return
        asked.delete(worker)
        if (asked.size === 0) end()
      }
      cluster.on('message', heard)
      for (const worker of workers) tell(worker, { type: 'own-metrics' })
    })
    return mergeMetrics([...told.values()], [gone])
  }
  cluster.on('message', (worker, message: FromWorker) => {
    if (message.type === 'own-metrics') told.set(worker, message.text)
    // It was still starting when the others were told.
    else if (message.type === 'listening' && stopping) tell(worker, { type: 'stop' })
    else if (message.type === 'all-metrics') {
      void allMetrics().then((text) => tell(worker, { type: 'all-metrics', id: message.id, text }))
    }
  })
  // What cannot be sent to a worker any more has ended, which `exit` tells.
  cluster.on('fork', (worker) => worker.on('error', () => undefined))
  cluster.on('exit', (worker, code, signal) => {
    gone = mergeMetrics([], [gone, told.get(worker) ?? ''])
    told.delete(worker)
    if (stopping) {
      if (running().length === 0) ended?.()
      return
    }
    const how = signal ?? `exit code ${code}`
    const message = `worker ${worker.id} has ended (${how}); a new one replaces it`
    log({ time: new Date().toISOString(), level: code === 0 ? 'info' : 'error', event: 'worker', message })
    const replace = () => stopping || cluster.fork()
    if (code === 0 || signal !== null) replace()
    else setTimeout(replace, AGAIN)
  })

  const url = await new Promise<string>((resolve, reject) => {
    let listening = 0
    cluster.on('message', (_, message: FromWorker) => {
      if (message.type === 'listening' && ++listening === count) resolve(message.url)
      if (message.type !== 'failed' || listening >= count) return
      stopping = true
      kill()
      reject(new UsageError(message.message))
    })
    for (let i = 0; i < count; i++) cluster.fork()
  })

  function kill(): void {
    for (const worker of running()) worker.process.kill('SIGKILL')
  }
  return {
    url,
    stop() {
      stopping = true
      const workers = running()
      for (const worker of workers) tell(worker, { type: 'stop' })
      return new Promise((resolve) => {
        if (workers.length === 0) resolve()
        else ended = resolve
      })
    },
    kill,
  }
}

function running(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
}

function tell(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => undefined)
}

/** What a worker has to do with the first process. */
export interface WorkerSide {
  /** For `/metrics`: the numbers of all. */
  metrics(): Promise<string>
  listening(url: string): void
  /** It cannot start. Resolves when the first process knows. */
  failed(message: string): Promise<void>
  /** Ends this process. */
  end(): void
}

/**
 * The way from a worker to the first process; undefined in a process that is none.
 *
 * @param own this worker's numbers
 * @param stop called where all are to stop
 * @example workerSide(() => proxy.metrics(), () => void proxy.close())?.listening(proxy.url)
 */
export function workerSide(own: () => string, stop: () => void): WorkerSide | undefined {
  if (!cluster.isWorker) return undefined
  const waiting = new Map<number, (text: string) => void>()
  let count = 0
  const send = (message: FromWorker) =>
    new Promise<void>((resolve) => process.send?.(message, undefined, undefined, () => resolve()))
  process.on('message', (message: ToWorker) => {
    if (message.type === 'stop') stop()
    else if (message.type === 'own-metrics') void send({ type: 'own-metrics', text: own() })
    else {
      waiting.get(message.id)?.(message.text)
      waiting.delete(message.id)
    }
  })
  return {
    metrics() {
      const id = ++count
      return new Promise((resolve) => {
        waiting.set(id, resolve)
        void send({ type: 'all-metrics', id })
      })
    },
    listening: (url) => void send({ type: 'listening', url }),
    failed: (message) => send({ type: 'failed', message }),
    end: () => process.disconnect?.(),
  }
}
