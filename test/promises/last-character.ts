import { explainEvents } from '../../src/explain/explain.js'
import type { Format, Repair, ToolCall } from '../../src/index.js'
import { piecesOf, writesTrees } from './format-facts.js'
import { eventsOf, show, type TextPromise, type Trial, wholeEvents } from './trial.js'

/** A call that may be executed was read to its last character: nothing in it was passed over. */
export const lastCharacter: readonly TextPromise[] = [
  { id: 'I44', says: 'a complete call is marker, name, arguments, separator or a listed repair', check: readToTheEnd },
]

interface Stretch {
  from: number
  to: number
}

/** What explain may say of a stretch inside a complete call. */
const READ: ReadonlySet<string> = new Set(['marker', 'name', 'arguments', 'separator'])

/**
 * Members beside whole arguments that no schema knows are metadata; this note tells of them. No other note excuses a
 * stretch that was passed over.
 */
const METADATA = 'unknown-member'

/** `"id": "call_1"`, `"index": 0`, and the attributes of a tag. */
const MEMBERS =
  /(["'])(?:id|type|index|function)\1\s*:\s*(?:"[^"\n]{0,80}"|'[^'\n]{0,80}'|\d{1,9}|null|None)?|\b[a-z]{1,20}\s*=\s*(?:"[^"\n]{0,80}"|'[^'\n]{0,80}')/g

/** What any checkpoint of Hunyuan may write behind each marker: `<tool_call:6124c78e>`. */
const SUFFIX = /(?<=<\/?[a-z_]{1,40}):[\w-]{1,32}(?=>)/g

/** Words of the grammars beside those of a format's markers: `"name"`, the envelope of a list, the language of a fence. */
const WORDS = ['name', 'arguments', 'parameters', 'tool_calls', 'function', 'string', 'true', 'false', 'json', 'python']

/** Words of the other grammars that a format reads beside the one that it writes. */
const OTHER_GRAMMARS: Readonly<Record<string, readonly string[]>> = {
  llama3: ['call'],
  // Around any value, though it is written around text alone.
  minicpm5: ['CDATA'],
  mistral: ['CALL_ID'],
  qwen: ['code', 'parameter'],
}

function readToTheEnd(trial: Trial): string | undefined {
  const { text, format } = trial
  const events = wholeEvents(trial)
  const { spans, result } = explainEvents(text, events)
  const excused = eventsOf(events, 'note').filter(({ code }) => (code as string) === METADATA)
  for (const call of result.toolCalls) {
    const named = [...call.repairs, ...excused]
    for (const { from, to, kind, why } of spans) {
      const span = { from: Math.max(from, call.from), to: Math.min(to, call.to) }
      if (span.from >= span.to) continue
      const rest = without(text, span, named)
      // A header and an object may both say the name, as the model wrote it.
      const mended = call.repairs.flatMap(({ kind, before }) => (kind === 'misspelt-header' ? [before] : []))
      const closed = writesTrees(format) ? keysIn(call.arguments) : []
      const known = [call.name, call.nativeId ?? '', ...closed, ...mended].flatMap((word) => wordsIn(word))
      const passed = READ.has(kind) ? (kind === 'marker' ? unread(rest, format, known) : '') : rest.trim()
      if (passed !== '')
        return `${show(passed)} inside ${shown(call)} was passed over (${kind}: ${why}) in ${show(text)}`
    }
  }
  return undefined
}

/** The keys of a value at any depth: in a tree each closes its element, too. */
function keysIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysIn(inner)])
}

/** A stretch of the text less what repairs name. */
function without(text: string, { from, to }: Stretch, named: readonly (Stretch | Repair)[]): string {
  const inside = named.filter((one) => one.from < to && one.to > from).sort((a, b) => a.from - b.from)
  let rest = ''
  let at = from
  for (const one of inside) {
    if (one.from > at) rest += text.slice(at, one.from)
    at = Math.max(at, one.to)
    // A space or a token that a repair puts in parts two words.
    if ('after' in one && (one.after === ' ' || one.after.startsWith('<|'))) rest += ' '
  }
  return at < to ? rest + text.slice(at, to) : rest
}

/** The first word of a stretch that explain calls a marker and that is neither of the format's syntax nor of the call's name or id. */
function unread(text: string, format: Format, known: readonly string[]): string {
  const own = vocabularyOf(format)
  const rest = text.replace(MEMBERS, ' ')
  const words = wordsIn(format.id.startsWith('hunyuan') ? rest.replace(SUFFIX, '') : rest)
  return words.find((word) => !own.has(word) && !known.includes(word)) ?? ''
}

const vocabularies = new Map<Format, ReadonlySet<string>>()

function vocabularyOf(format: Format): ReadonlySet<string> {
  const known =
    vocabularies.get(format) ??
    new Set([...WORDS, ...(OTHER_GRAMMARS[format.id] ?? []), ...piecesOf(format).flatMap((word) => wordsIn(word))])
  vocabularies.set(format, known)
  return known
}

/** Letters, digits and what joins them in a marker. */
function wordsIn(text: string): string[] {
  return text.match(/[\p{L}\p{N}_▁\\]+/gu) ?? []
}

function shown({ name, argumentsText }: ToolCall): string {
  return show(`${name} ${argumentsText}`)
}
