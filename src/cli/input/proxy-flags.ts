import { PARSER_FLAGS } from './parser-flags.js'

/** The flags of `callsift proxy`. */
export const OPTIONS = {
  upstream: { type: 'string', value: 'URL', help: 'base URL of the inference server, as http://localhost:8000/v1' },
  format: {
    ...PARSER_FLAGS.format,
    help: 'the format of models without a rule; default auto: by the model’s name, else by the text',
  },
  'format-file': {
    ...PARSER_FLAGS['format-file'],
    help: 'a format as JSON (src/described/README.md), which --format and --model-map name by its id; one alone, without these, is that of all models; may come again',
  },
  port: { type: 'string', value: 'N', help: 'where to listen; default 8787, 0 for any' },
  host: { type: 'string', value: 'ADDRESS', help: 'default 127.0.0.1, which nobody else can reach' },
  'allow-host': {
    type: 'string',
    value: 'NAMES',
    help: 'names by which clients on this machine may call it, with commas between',
  },
  'api-key-env': { type: 'string', value: 'NAME', help: 'the environment variable that holds the upstream’s key' },
  'client-key-env': {
    type: 'string',
    value: 'NAME',
    help: 'the environment variable that holds a key which clients must send; default: they need none',
  },
  'allow-origin': {
    type: 'string',
    value: 'ORIGINS',
    help: 'web pages that may use it, as http://localhost:3000,app://obsidian.md,null; default: none',
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
    help: 'the prompt already opened the reasoning block; default: what the model’s name says',
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
      'calls that are not to be run: left out, told in the way of the wire (an incomplete item of Responses, else text), or ' +
      'a sentence in the content; default omit',
  },
  policy: {
    type: 'string',
    value: 'RULES',
    help:
      'which calls may go out: cautious, or JSON as {"evidence": ["marker"], "known": "given", "repairs": "spelling", ' +
      '"issues": "none"}; others count as failed. Where repairs or issues are judged, a call goes out whole, in one delta, ' +
      'once it is complete; default: all calls',
  },
  facts: {
    type: 'string',
    words: ['add', 'none'],
    help: 'the member callsift of replies: what is known of their calls, and which failed; default add',
  },
  retry: {
    type: 'string',
    value: 'N',
    help:
      'how often the model is asked again about one reply, where a call failed or does not fit its schema: with what it wrote and ' +
      'what was wrong. The corrected answer goes on in the same reply; calls then go out whole, once they are complete; default 0',
  },
  'reasoning-key': {
    type: 'string',
    words: ['reasoning_content', 'reasoning', 'none'],
    help: 'the key of reasoning in chat completions; default reasoning_content',
  },
  'upstream-api': { type: 'string', words: ['chat', 'completions'], help: 'what the upstream is asked; default chat' },
  prompt: {
    type: 'string',
    words: ['vllm', 'llamacpp'],
    help: 'for --upstream-api completions: whose endpoint renders the chat template',
  },
  'upstream-tool-choice': {
    type: 'string',
    words: ['auto', 'none', 'pass'],
    help: 'none switches off vLLM’s own parser; default auto',
  },
  constrain: {
    type: 'boolean',
    help:
      'hold the engine to the calls of the format by a grammar, where a call is required or a tool is strict: vLLM and SGLang by ' +
      'a structural tag, llama.cpp by GBNF; which it is, it is asked',
  },
  'upstream-fields': {
    type: 'string',
    value: 'JSON',
    help: 'fields to set in each request to the upstream; null removes one',
  },
  'body-limit': { type: 'string', value: 'BYTES', help: 'longest request; default 32 MiB' },
  'bodies-limit': { type: 'string', value: 'BYTES', help: 'all requests held at once; default 4 times --body-limit' },
  'max-streams': { type: 'string', value: 'N', help: 'requests answered at once, others get 503; default 10000' },
  'request-timeout': { type: 'string', value: 'SECONDS', help: 'how long a client may send its request; default 120' },
  'write-timeout': {
    type: 'string',
    value: 'SECONDS',
    help: 'how long a client may take nothing of its reply; default 120',
  },
  'keep-alive': { type: 'string', value: 'SECONDS', help: 'silence after which a stream gets a comment; default 10' },
  timeout: { type: 'string', value: 'SECONDS', help: 'silence after which the upstream counts as dead; default 600' },
  grace: {
    type: 'string',
    value: 'SECONDS',
    help: 'how long running replies may go on when it is stopped; default 30',
  },
  workers: {
    type: 'string',
    value: 'N',
    help:
      'so many processes share the port; limits hold for each of them, /metrics tells the sum, and one that dies is replaced; ' +
      'default 1',
  },
  record: {
    type: 'string',
    value: 'DIR',
    help:
      'keep each exchange as a file in this folder, which replay, explain, diff and playground open. It holds the texts of ' +
      'messages, and no keys',
  },
  'record-limit': { type: 'string', value: 'N', help: 'most characters of one such file; default 16777216' },
  'record-total': {
    type: 'string',
    value: 'N',
    help: 'most characters of all such files of one run (a worker has its share), then no more are written; default 1073741824',
  },
  quiet: { type: 'boolean', help: 'no line for each request, only warnings' },
  'log-contents': { type: 'boolean', help: 'put the raw text of the model into the log' },
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
