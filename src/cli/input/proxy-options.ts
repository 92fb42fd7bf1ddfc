import { readFileSync } from 'node:fs'
import type { LogRecord, NodeProxyOptions } from '../../proxy/server/node.js'
import { readPort } from '../output/listen.js'
import { UsageError } from '../verb.js'
import { readCount, type Values } from './args.js'
import { trustFromFlags } from './parser-flags.js'
import type { OPTIONS } from './proxy-flags.js'
import { parseJson } from './read-json.js'
import { readKey } from './read-key.js'

/** The flags of `callsift proxy`, as they were given. */
export type ProxyValues = Values<typeof OPTIONS>

/**
 * What the flags of `callsift proxy` ask of the proxy. Throws a UsageError for one that is missing or wrong.
 * @param log takes the records of the log, but for those that `--quiet` leaves out
 */
export function proxyOptions(values: ProxyValues, log: (record: LogRecord) => void): NodeProxyOptions {
  if (values.upstream === undefined) {
    throw new UsageError(
      '--upstream is missing: the base URL of the inference server, such as --upstream http://localhost:8000/v1',
    )
  }
  const seconds = (flag: 'keep-alive' | 'timeout' | 'request-timeout' | 'write-timeout') => {
    const count = readCount(`--${flag}`, values[flag])
    return count === undefined ? undefined : count * 1000
  }
  const parser = {
    callsInReasoning: values['calls-in-reasoning'] as 'never' | 'unclosed' | undefined,
    damaged: values.damaged as 'keep' | 'drop' | undefined,
    repair: values['no-repair'] ? false : undefined,
    coerce: values.coerce || undefined,
    ...trustFromFlags(values),
  }
  return {
    upstream: values.upstream,
    ...(values.format === undefined ? {} : { format: values.format }),
    port: readPort(values.port),
    host: values.host,
    allowedHosts: values['allow-host']?.split(','),
    apiKey: readKey('--api-key-env', values['api-key-env']),
    clientKey: readKey('--client-key-env', values['client-key-env']),
    allowedOrigins: values['allow-origin']?.split(','),
    forwardCredentials: values['forward-credentials'],
    models: readModelMap(values['model-map']),
    startInReasoning: values['start-in-reasoning'] || undefined,
    parser,
    incompleteCalls: values['incomplete-calls'] as NodeProxyOptions['incompleteCalls'],
    failedCalls: values['failed-calls'] as NodeProxyOptions['failedCalls'],
    policy: readPolicyFlag(values.policy),
    facts: values.facts as NodeProxyOptions['facts'],
    retry: values.retry === '0' ? 0 : readCount('--retry', values.retry),
    reasoningKey: values['reasoning-key'] as NodeProxyOptions['reasoningKey'],
    upstreamApi: values['upstream-api'] as NodeProxyOptions['upstreamApi'],
    prompt: values.prompt as 'vllm' | 'llamacpp' | undefined,
    upstreamToolChoice: values['upstream-tool-choice'] as NodeProxyOptions['upstreamToolChoice'],
    constrain: values.constrain,
    upstreamFields: readFields(values['upstream-fields']),
    bodyLimit: readCount('--body-limit', values['body-limit']),
    bodiesLimit: readCount('--bodies-limit', values['bodies-limit']),
    maxStreams: readCount('--max-streams', values['max-streams']),
    requestTimeout: seconds('request-timeout'),
    writeTimeout: seconds('write-timeout'),
    keepAlive: seconds('keep-alive'),
    timeout: seconds('timeout'),
    log: values.quiet ? (record) => record.level !== 'info' && log(record) : log,
    logContents: values['log-contents'],
    recordLimit: readCount('--record-limit', values['record-limit']),
  }
}

function readModelMap(file: string | undefined): NodeProxyOptions['models'] {
  if (file === undefined) return undefined
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`--model-map: cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
  return parseJson({ name: file, text }) as NodeProxyOptions['models']
}

function readPolicyFlag(rules: string | undefined): NodeProxyOptions['policy'] {
  if (rules === undefined || rules === 'cautious') return rules
  return parseJson({ name: '--policy', text: rules }) as NodeProxyOptions['policy']
}

function readFields(json: string | undefined): NodeProxyOptions['upstreamFields'] {
  if (json === undefined) return undefined
  return parseJson({ name: '--upstream-fields', text: json }) as NodeProxyOptions['upstreamFields']
}
