import cluster from 'node:cluster'
import type { LogRecord, NodeProxy, NodeProxyOptions } from '../../proxy/server/node.js'
import { readUpstream } from '../../proxy/wire/route.js'
import { readArgs, readCount } from '../input/args.js'
import { onlyOf, readFormats } from '../input/format-files.js'
import { flagOf, OPTIONS } from '../input/proxy-flags.js'
import { type ProxyValues, proxyOptions } from '../input/proxy-options.js'
import { type EngineReport, engineLines } from '../output/engine-report.js'
import { listenFault } from '../output/listen.js'
import { jsonFor, write } from '../output/output.js'
import { openRecordFiles, type RecordFiles } from '../output/record-files.js'
import { screenOf } from '../output/screen.js'
import { quoted } from '../output/screen-text.js'
import { UsageError, type Verb } from '../verb.js'

export const verb: Verb = {
  name: 'proxy',
  summary: 'stand in front of an inference server and find the tool calls in its replies',
  usage: 'callsift proxy --upstream URL [--format FORMAT] [--port N]',
  options: OPTIONS,
  about: [
    'Serves OpenAI chat completions, OpenAI Responses and Anthropic messages, streamed or not, in front of a ' +
      'server that returns the model’s raw text. All other paths, and calls that the server has already ' +
      'parsed, pass through unchanged.',
    'It listens on loopback only, unless --host says otherwise. It passes no client’s credentials to the ' +
      'upstream; give it the upstream’s key with --api-key-env. Web pages may not use it, unless ' +
      '--allow-origin names their origin (* for all requires --client-key-env). /health and /metrics ' +
      '(Prometheus) are its own. The log goes to standard error: one line of JSON per request, without message ' +
      'contents.',
    'At startup it asks the server which models it serves, and prints the engine, each model and its format, ' +
      'and any problem with the server’s settings; callsift doctor URL checks more. It also asks at the first ' +
      'request for a model whose name is not known.',
    'With --record DIR it saves each exchange: the request without keys, the server’s reply with the time of ' +
      'each chunk, and how it was read. callsift explain DIR/FILE shows one, and callsift diff DIR/FILE URL ' +
      'sends the same request to another server.',
    'The proxy is stateless: run any number of them behind a load balancer, or with --workers on one port.',
    'SIGTERM or Ctrl-C: it refuses new requests, and lets running replies finish. A second one stops it at ' + 'once.',
  ],
  examples: [
    { run: 'callsift proxy --upstream http://localhost:8000/v1', does: 'clients then use http://127.0.0.1:8787/v1' },
    {
      run: 'callsift proxy --upstream http://gpu:8000/v1 --format hermes --api-key-env VLLM_KEY',
      does: 'one format for all models',
    },
    {
      run: 'callsift proxy --upstream http://localhost:8080/v1 --upstream-api completions --prompt llamacpp',
      does: 'over text completions',
    },
    {
      run: 'callsift proxy --upstream http://localhost:8000/v1 --record captures',
      does: 'saves each exchange as a file, for callsift explain captures/FILE',
    },
    { run: 'callsift proxy --upstream http://localhost:8000/v1 --workers 4', does: 'four processes on one port' },
  ],
  async run(args) {
    const { values, words } = readArgs(args, OPTIONS)
    if (words.length > 0)
      throw new UsageError(`proxy takes no ${quoted(words[0] ?? '')}; the server is named with --upstream URL`)
    const workers = readCount('--workers', values.workers) ?? 1
    const grace = (readCount('--grace', values.grace) ?? 30) * 1000
    const { renderTemplate } = await import('../input/look-at-engine.js')
    const formats = await readFormats(values['format-file'])
    const format = values['model-map'] === undefined ? onlyOf(formats) : undefined
    const options = { format, ...proxyOptions(values, logLine), renderTemplate, registry: formats.registry }
    if (workers > 1 && cluster.isPrimary) {
      const { startWorkers } = await import('../output/proxy-workers.js')
      const all = await startWorkers(workers, logLine)
      await tellAll(
        all.url,
        values,
        options,
        untilStopped(() => all.stop(), all.kill),
      )
      return 0
    }
    return runProxy(values, options, grace, workers)
  },
}

/** One process of the proxy: the only one, or a worker. */
async function runProxy(values: ProxyValues, given: NodeProxyOptions, grace: number, workers: number): Promise<number> {
  const { startProxy } = await import('../../proxy/server/node.js')
  const { workerSide } = await import('../output/proxy-workers.js')
  let stop = () => {}
  const asked = new Promise<void>((resolve) => {
    stop = resolve
  })
  const side = workerSide(
    () => proxy?.metrics() ?? '',
    () => stop(),
  )
  const files = openRecords(values, workers)
  const log =
    side === undefined ? given.log : (record: LogRecord) => given.log?.({ ...record, worker: cluster.worker?.id })
  let proxy: NodeProxy | undefined
  try {
    proxy = await start(startProxy, { ...given, log, record: files?.write, metrics: side?.metrics })
  } catch (error) {
    if (side === undefined || !(error instanceof UsageError)) throw error
    await side.failed(error.message)
    return 2
  }
  const { url, close } = proxy
  const closed = async () => {
    await close(grace)
    await files?.close()
  }
  if (side === undefined) {
    await tellAll(
      url,
      values,
      given,
      untilStopped(closed, () => {}),
    )
    return 0
  }
  side.listening(url)
  // Ctrl-C reaches all processes; the first one then tells what to do.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', stop)
  await asked
  await closed()
  side.end()
  return 0
}

/** Tells the person where the proxy is and what is behind it, until it is stopped. */
async function tellAll(
  url: string,
  values: ProxyValues,
  options: NodeProxyOptions,
  stopped: Promise<void>,
): Promise<void> {
  const { lookAtEngine } = await import('../input/look-at-engine.js')
  const { isOpenToAll, OPEN_TO_ALL } = await import('../../proxy/settings/open-to-all.js')
  const workers = values.workers === undefined ? '' : ` (workers: ${values.workers})`
  await write(
    `callsift proxy: ${url}/v1 in front of ${values.upstream}${workers}\n` +
      `  OpenAI clients: base URL ${url}/v1    Anthropic clients: base URL ${url}\n` +
      (isOpenToAll(options) ? `  WARNING: ${OPEN_TO_ALL}\n` : ''),
  )
  const hasFormat = options.format !== undefined || values['model-map'] !== undefined
  const told = lookAtEngine(readUpstream(options.upstream), { apiKey: options.apiKey, hasFormat }).then(tellOf)
  await Promise.race([told, stopped])
  await stopped
}

/** Prints what an engine says of itself. */
async function tellOf(report: EngineReport): Promise<void> {
  const isSilent = report.engine === undefined && report.models.length === 0
  const { columns } = screenOf(process.stdout)
  await write(
    isSilent
      ? '  the engine does not say which models it serves; it is asked again at the first request\n'
      : `${engineLines(report, columns).join('\n')}\n`,
  )
}

/** The folder of `--record`. What is lost is told once. */
function openRecords(values: ProxyValues, workers: number): RecordFiles | undefined {
  const total = (readCount('--record-total', values['record-total']) ?? 1024 * 1024 * 1024) / workers
  if (values.record === undefined) return undefined
  let told = false
  return openRecordFiles(values.record, total, (message) => {
    if (!told) logLine({ time: new Date().toISOString(), level: 'warn', event: 'record', message })
    told = true
  })
}

async function start(
  startProxy: (options: NodeProxyOptions) => Promise<NodeProxy>,
  options: NodeProxyOptions,
): Promise<NodeProxy> {
  const { port = 8787, host = '127.0.0.1' } = options
  if (isItself(String(options.upstream), host, port)) {
    throw new UsageError(
      `--upstream ${options.upstream} is this proxy itself: give the port of the inference server, or another --port`,
    )
  }
  try {
    return await startProxy(options)
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(flagged(error.message))
    throw listenFault(error, host, port)
  }
}

function isItself(upstream: string, host: string, port: number): boolean {
  try {
    const url = new URL(upstream)
    const same = [host, 'localhost', '127.0.0.1'].includes(url.hostname)
    return same && port !== 0 && Number(url.port || (url.protocol === 'https:' ? 443 : 80)) === port
  } catch {
    return false
  }
}

/** `prompt: … since upstreamApi is …` of the library as `--prompt: … since --upstream-api is …`. */
function flagged(message: string): string {
  const [, name = '', rest = ''] = /^([A-Za-z]+)(.*)$/s.exec(message) ?? []
  return name === '' ? message : flagOf(name) + rest.replace(/\b(?:apiKey|clientKey|upstreamApi|bodyLimit)\b/g, flagOf)
}

/** What a terminal takes for commands and JSON leaves as it is, such as U+009B, may come from a client. */
function logLine(record: LogRecord): void {
  process.stderr.write(`${jsonFor(true, record, 0)}\n`)
}

/** Resolves when a signal has stopped the proxy; a second one ends it at once. */
function untilStopped(close: () => Promise<void>, kill: () => void): Promise<void> {
  return new Promise((resolve) => {
    let stopping = false
    const stop = (signal: string) => {
      logLine({ time: new Date().toISOString(), level: 'info', event: 'stop', signal, now: stopping || undefined })
      if (stopping) {
        kill()
        process.exit(1)
      }
      stopping = true
      void close().then(resolve)
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}
