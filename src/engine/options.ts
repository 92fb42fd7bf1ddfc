import type { ToolsInput } from '../tools/tools-input.js'
import type { Format } from './format.js'

/**
 * Options of `parse`, `createParser` and the streams. A wrong option throws when the parser is made, and the error says
 * what to do.
 */
export interface ParserOptions {
  /** A format's id, an inference engine's flag for it (`hermes`, `qwen3_xml`, ...), a `Format` value, or `auto`. */
  format: string | Format | 'auto'
  /** The tools that the model was offered, in any of the usual shapes. Without them every name counts as known. */
  tools?: ToolsInput | undefined
  /** The tool choice of the request. `none` leaves calls in the content. Default `auto`. */
  toolChoice?: 'auto' | 'none' | 'required' | { name: string } | undefined
  /**
   * Whether the prompt opened the reasoning block, so that the text begins inside it. `detect` holds the text back until
   * the end of the reasoning, a call or the end of the text shows which it is. Default false.
   */
  startInReasoning?: boolean | 'detect' | undefined
  /**
   * The end of the rendered prompt, which shows whether it leaves a reasoning block open. Use it instead of
   * `startInReasoning`.
   */
  prompt?: string | undefined
  /** Whether a whole call in a reasoning block that never closes counts as a call. Default `unclosed`: it does. */
  callsInReasoning?: 'never' | 'unclosed' | undefined
  /**
   * What becomes of a block that cannot be read as a call: `keep` it as content (default), or `drop` it, both with a
   * note.
   */
  damaged?: 'keep' | 'drop' | undefined
  /**
   * White space next to markers, which chat templates write: `drop` it (default), or `keep` it in content and
   * reasoning.
   */
  separators?: 'drop' | 'keep' | undefined
  /**
   * Repair what can be repaired without loss, and list every repair. `false` accepts only the exact grammar. Default true.
   */
  repair?: boolean | undefined
  /** Fit JSON argument values to the tool's schema (`"10"` to `10`). Default false. */
  coerce?: boolean | undefined
  /**
   * Deliver all calls of a text. `false` delivers only the first complete one and leaves out the others, with a note.
   * Default true.
   */
  parallelCalls?: boolean | undefined
  /** Fill `call.issues` with the places where the arguments do not fit the schema of the tool. Default false. */
  validate?: boolean | undefined
  /**
   * How much a text is trusted. `cautious` changes defaults (no calls in reasoning, no repairs, tighter limits). It
   * also keeps a call in `incomplete`, with the note `refused-call`, unless its tool was given and it came after the
   * format's own marker. Default `usual`.
   */
  trust?: 'usual' | 'cautious' | undefined
  /**
   * Makes the id of each call: a non-empty string, different for each call. If it throws or returns a wrong id, `push` or
   * `end` throws that error (or a TypeError), and the parser is closed. The default ids (`call_0`, `call_1`, ...) are
   * unique only within one text.
   */
  generateId?: ((call: { index: number; name: string; format: string }) => string) | undefined
  /**
   * Bounds on one text: the length of one call's arguments in UTF-16 units (default 16 Mi), the number of calls (1024), and
   * the nesting of arguments (512). When one is reached, a note says so.
   */
  limits?: { argumentChars?: number | undefined; calls?: number | undefined; depth?: number | undefined } | undefined
}

/** The options that the engine reads, checked and with defaults filled in. */
export interface Settings {
  readonly toolChoice: 'auto' | 'none' | 'required' | { name: string }
  startInReasoning: boolean | 'detect'
  prompt: string | undefined
  callsInReasoning: 'never' | 'unclosed'
  damaged: 'keep' | 'drop'
  separators: 'drop' | 'keep'
  repair: boolean
  coerce: boolean
  parallelCalls: boolean
  validate: boolean
  trust: 'usual' | 'cautious'
  generateId: ((call: { index: number; name: string; format: string }) => string) | undefined
  argumentChars: number
  calls: number
  depth: number
}

const KNOWN = [
  'format',
  'tools',
  'toolChoice',
  'startInReasoning',
  'prompt',
  'callsInReasoning',
  'damaged',
  'separators',
  'repair',
  'coerce',
  'parallelCalls',
  'validate',
  'trust',
  'generateId',
  'limits',
]

/** Defaults under `trust: 'cautious'`. */
const CAUTIOUS = { callsInReasoning: 'never', repair: false, argumentChars: 1_000_000, calls: 32 } as const
const USUAL = { callsInReasoning: 'unclosed', repair: true, argumentChars: 16 * 1024 * 1024, calls: 1024 } as const

/**
 * Checks the options that need no registry. Throws a TypeError that names the option, the value given and what is
 * expected.
 */
export function readSettings(options: ParserOptions): Settings {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`options: expected an object such as { format: 'hermes' }, got ${show(options)}`)
  }
  let byDefault = true
  for (const key of Object.keys(options)) {
    if (!KNOWN.includes(key)) throw new TypeError(`options.${key}: no such option. Options are ${KNOWN.join(', ')}`)
    byDefault &&= key === 'format' || key === 'tools'
  }
  return byDefault ? DEFAULTS : settingsOf(options)
}

/** Shared by all parsers whose options are a format and tools: nearly all. */
const DEFAULTS: Settings = /* @__PURE__ */ settingsOf({})

function settingsOf(options: Omit<ParserOptions, 'format'>): Settings {
  const { limits = {}, toolChoice = 'auto', generateId } = options
  if (typeof limits !== 'object' || limits === null) fail('limits', 'an object', limits)
  for (const key of Object.keys(limits)) {
    if (key !== 'argumentChars' && key !== 'calls' && key !== 'depth') {
      throw new TypeError(`options.limits.${key}: no such limit. Limits are argumentChars, calls, depth`)
    }
  }
  if (
    typeof toolChoice === 'object'
      ? typeof toolChoice?.name !== 'string'
      : !['auto', 'none', 'required'].includes(toolChoice)
  ) {
    fail('toolChoice', "'auto', 'none', 'required' or { name: 'tool' }", toolChoice)
  }
  if (generateId !== undefined && typeof generateId !== 'function') fail('generateId', 'a function', generateId)
  const trust = word('trust', options.trust, ['usual', 'cautious'])
  const byDefault = trust === 'cautious' ? CAUTIOUS : USUAL
  return {
    toolChoice,
    generateId,
    trust,
    startInReasoning: startOf(options.startInReasoning),
    prompt: promptOf(options),
    callsInReasoning: word('callsInReasoning', options.callsInReasoning ?? byDefault.callsInReasoning, [
      'unclosed',
      'never',
    ]),
    damaged: word('damaged', options.damaged, ['keep', 'drop']),
    separators: word('separators', options.separators, ['drop', 'keep']),
    repair: flag('repair', options.repair, byDefault.repair),
    coerce: flag('coerce', options.coerce, false),
    parallelCalls: flag('parallelCalls', options.parallelCalls, true),
    validate: flag('validate', options.validate, false),
    argumentChars: count('limits.argumentChars', limits.argumentChars, byDefault.argumentChars),
    calls: count('limits.calls', limits.calls, byDefault.calls),
    depth: count('limits.depth', limits.depth, 512),
  }
}

function startOf(value: unknown): boolean | 'detect' {
  if (value === undefined) return false
  return typeof value === 'boolean' || value === 'detect'
    ? value
    : fail('startInReasoning', "true, false or 'detect'", value)
}

function promptOf({ prompt, startInReasoning }: Partial<ParserOptions>): string | undefined {
  if (prompt === undefined) return undefined
  if (typeof prompt !== 'string') fail('prompt', "the prompt's text", prompt)
  if (startInReasoning !== undefined) {
    throw new TypeError('options.prompt: it says whether the text begins in reasoning: leave startInReasoning out')
  }
  return prompt
}

function flag(name: string, value: unknown, byDefault: boolean): boolean {
  if (value === undefined) return byDefault
  return typeof value === 'boolean' ? value : fail(name, 'true or false', value)
}

function word<T extends string>(name: string, value: unknown, words: readonly [T, ...T[]]): T {
  if (value === undefined) return words[0]
  return words.find((word) => word === value) ?? fail(name, words.map((word) => `'${word}'`).join(' or '), value)
}

function count(name: string, value: unknown, byDefault: number): number {
  if (value === undefined) return byDefault
  return Number.isSafeInteger(value) && (value as number) > 0
    ? (value as number)
    : fail(name, 'a positive whole number', value)
}

function fail(name: string, expected: string, got: unknown): never {
  throw new TypeError(`options.${name}: expected ${expected}, got ${show(got)}`)
}

function show(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return typeof value
  }
}
