import { PARSER_FLAGS } from './parser-flags.js'

/** The flags of `callsift proxy`. */
export const OPTIONS = {
  upstream: {
    type: 'string',
    value: 'URL',
    help: 'base URL of the inference server, such as http://localhost:8000/v1',
  },
  format: {
    ...PARSER_FLAGS.format,
    help: 'the format of models without a rule; default auto: by the model’s name, else by the text',
  },
  'format-file': {
    ...PARSER_FLAGS['format-file'],
    help: 'a format as JSON (src/described/README.md), which --format and --model-map name by its id; one alone, without these, is that of all models; may come again',
  },
  port: { type: 'string', value: 'N', help: 'the port to listen on; default 8787, 0 for any free one' },
  host: { type: 'string', value: 'ADDRESS', help: 'the address to listen on; default 127.0.0.1, this machine only' },
  'allow-host': {
    type: 'string',
    value: 'NAMES',
    help: 'host names that clients on this machine may use for it, separated by commas',
  },
  'api-key-env': { type: 'string', value: 'NAME', help: 'the environment variable that holds the upstream’s key' },
  'client-key-env': {
    type: 'string',
    value: 'NAME',
    help: 'the environment variable that holds the key that clients must send; default: none needed',
  },
  'allow-origin': {
    type: 'string',
    value: 'ORIGINS',
    help: 'origins of web pages that may use it, such as http://localhost:3000,app://obsidian.md,null; default: none',
  },
  'forward-credentials': { type: 'boolean', help: 'pass the clients’ own keys on to the upstream' },
  'model-map': {
    type: 'string',
    value: 'FILE',
    help: '{"name or pattern*": "format" or {format, startInReasoning, model}}',
  },
  'parallel-calls': PARSER_FLAGS['parallel-calls'],
  trust: PARSER_FLAGS.trust,
  validate: PARSER_FLAGS.validate,
  'start-in-reasoning': {
    ...PARSER_FLAGS['start-in-reasoning'],
    help: 'the prompt already opened the reasoning block; default: what the model’s name implies',
  },
  'calls-in-reasoning': PARSER_FLAGS['calls-in-reasoning'],
  damaged: PARSER_FLAGS.damaged,
  'no-repair': PARSER_FLAGS['no-repair'],
  coerce: PARSER_FLAGS.coerce,
  'incomplete-calls': {
    type: 'string',
    words: ['omit', 'mark'],
    help: 'streamed calls: held until whole (default), or shown at once, and marked if cut off',
  },
  'failed-calls': {
    type: 'string',
    words: ['omit', 'report', 'text'],
    help:
      'calls that must not be run: left out, reported as the wire allows (an incomplete item in Responses, else text), or ' +
      'described in the content; default omit',
  },
  policy: {
    type: 'string',
    value: 'RULES',
    help:
      'which calls may be sent: cautious, or JSON as {"evidence": ["marker"], "known": "given", "repairs": "spelling", ' +
      '"issues": "none"}; all others count as failed. If a rule looks at repairs or issues, a call is sent whole, in one ' +
      'delta, once it is complete; default: all calls',
  },
  facts: {
    type: 'string',
    words: ['add', 'none'],
    help: 'whether replies have a field callsift with what is known about their calls, and which failed; default add',
  },
  retry: {
    type: 'string',
    value: 'N',
    help:
      'how often to ask the model again within one reply when a call fails or does not fit its schema, quoting what it wrote ' +
      'and what was wrong. The same reply continues with the corrected answer; calls are then sent whole; default 0',
  },
  'reasoning-key': {
    type: 'string',
    words: ['reasoning_content', 'reasoning', 'none'],
    help: 'the field for reasoning in chat completions; default reasoning_content',
  },
  'upstream-api': { type: 'string', words: ['chat', 'completions'], help: 'the endpoint used upstream; default chat' },
  prompt: {
    type: 'string',
    words: ['vllm', 'llamacpp'],
    help: 'with --upstream-api completions: the engine whose endpoint renders the chat template',
  },
  'upstream-tool-choice': {
    type: 'string',
    words: ['auto', 'none', 'pass'],
    help: 'none switches off vLLM’s own parser; default auto',
  },
  constrain: {
    type: 'boolean',
    help:
      'constrain the engine to valid calls with a grammar when a call is required or a tool is strict: a structural tag for ' +
      'vLLM and SGLang, GBNF for llama.cpp; the proxy asks the engine which it is',
  },
  'upstream-fields': {
    type: 'string',
    value: 'JSON',
    help: 'fields to set in each request to the upstream; null removes one',
  },
  'body-limit': { type: 'string', value: 'BYTES', help: 'maximum size of a request body; default 32 MiB' },
  'bodies-limit': {
    type: 'string',
    value: 'BYTES',
    help: 'maximum size of all bodies held at once; default 4 times --body-limit',
  },
  'max-streams': {
    type: 'string',
    value: 'N',
    help: 'maximum requests answered at once, others get 503; default 10000',
  },
  'request-timeout': { type: 'string', value: 'SECONDS', help: 'how long a client may send its request; default 120' },
  'write-timeout': {
    type: 'string',
    value: 'SECONDS',
    help: 'how long a client may read nothing of its reply; default 120',
  },
  'keep-alive': {
    type: 'string',
    value: 'SECONDS',
    help: 'silence after which a stream gets a keep-alive comment; default 10',
  },
  timeout: { type: 'string', value: 'SECONDS', help: 'silence after which the upstream counts as dead; default 600' },
  grace: {
    type: 'string',
    value: 'SECONDS',
    help: 'how long replies may continue after a stop; default 30',
  },
  workers: {
    type: 'string',
    value: 'N',
    help:
      'the number of processes that share the port; limits apply to each, /metrics reports their sum, and one that dies is ' +
      'replaced; default 1',
  },
  record: {
    type: 'string',
    value: 'DIR',
    help:
      'save each exchange as a file in this folder, which replay, explain, diff and playground open. It holds the texts of ' +
      'messages, but no keys',
  },
  'record-limit': { type: 'string', value: 'N', help: 'maximum characters in one such file; default 16777216' },
  'record-total': {
    type: 'string',
    value: 'N',
    help: 'most characters of all such files of one run (a worker has its share), then no more are written; default 1073741824',
  },
  quiet: { type: 'boolean', help: 'log only warnings, not every request' },
  'log-contents': { type: 'boolean', help: 'log the raw text of the model' },
} as const

/** Which flag sets an option of the proxy, for messages. */
const FLAGS: Readonly<Record<string, string>> = {
  apiKey: '--api-key-env',
  clientKey: '--client-key-env',
  allowedOrigins: '--allow-origin',
  models: '--model-map',
}

/**
 * The flag that sets an option of the proxy, for messages.
 *
 * @example flagOf('bodyLimit') // '--body-limit'
 */
export function flagOf(name: string): string {
  return FLAGS[name] ?? `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
