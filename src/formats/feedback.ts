import { type Format, type RenderCall, RenderError } from '../engine/format.js'
import type { Note, NoteCode, ParseResult, ToolCall } from '../event/event.js'
import { quote } from '../text/quote.js'
import { readTools, type Tools } from '../tools/schema.js'
import type { ToolsInput } from '../tools/tools-input.js'
import { nearNames } from './near-names.js'
import { renderFormat } from './render.js'
import { sampleArguments } from './sample-arguments.js'

/** So many calls are told of one by one: a model that spoilt more has made the same fault each time. */
const MOST_CALLS = 4
/** So many names of tools are listed. */
const MOST_NAMES = 32

/** What a model attempted where no call came of it, by the note that tells of it. */
const ATTEMPTS: Partial<Record<NoteCode, (message: string) => string>> = {
  'damaged-block': (message) => `What you wrote cannot be read as a call: ${reasonOf(message)}.`,
  'stripped-markers': () => 'You wrote a call without its markers, so it was not run.',
  'looks-like': () => 'You wrote a call in a form that is not read here, so it was not run.',
  'looks-like-call': () => 'You began a line like a call, but it cannot be read as one.',
  'unknown-tool': () => 'You called a tool that was not offered, so it was not run.',
  'draft-only': () => 'You drafted a call inside your reasoning, so it was not run. Write it after the reasoning.',
  'truncated-call': () => 'Your text ended inside a call, so it was not run.',
  'tool-choice': () => 'You were asked to call a tool, but called none.',
}

export interface FeedbackOptions {
  /** The tools that the model was offered, for their names and the shape of their arguments. */
  tools?: ToolsInput | undefined
  /** The format that the model writes. Default: that of the result. */
  format?: string | Format | undefined
}

/**
 * Makes the function that tells a model about its calls that were not run: what was wrong with each, and how to write it, in
 * its own format. It gives an empty text where nothing was wrong.
 *
 * @param formats where the formats of results are looked up
 * @example feedbackWith(registry)(parse(text, options), { tools }) // 'Your call of "f" was not run: …'
 */
export function feedbackWith(formats: {
  getFormat(name: string): Format
}): (result: ParseResult, options?: FeedbackOptions) => string {
  function find(format: string | Format): Format | undefined {
    if (typeof format !== 'string') return format
    try {
      return formats.getFormat(format)
    } catch {
      // `auto`, where no format was decided, or a format of somebody's own: how to write a call is not known.
      return undefined
    }
  }
  return (result, { tools, format = result.format } = {}) => feedbackOn(result, readTools(tools), find(format))
}

/**
 * What to tell a model about its calls that were not run: what was wrong with each, and how to write it, in the format
 * that it writes. Empty where nothing was wrong.
 *
 * @param format undefined where it is not known: then nothing is shown of how to write a call
 */
function feedbackOn(result: ParseResult, tools: Tools, format: Format | undefined): string {
  const { toolCalls, incomplete, notes } = result
  const failed = [...incomplete, ...toolCalls.filter((call) => isUnknown(call, tools) || hasIssues(call))]
  failed.sort((a, b) => a.index - b.index)
  const sentences = failed.slice(0, MOST_CALLS).flatMap((call) => aboutCall(call, notes, tools, format))
  if (failed.length > MOST_CALLS)
    sentences.push(`${failed.length - MOST_CALLS} more of your calls were not run either.`)
  if (failed.length === 0 && toolCalls.length === 0) sentences.push(...aboutAttempt(notes, tools, format))
  return sentences.join('\n')
}

function isUnknown({ name }: ToolCall, tools: Tools): boolean {
  return tools.given && !tools.has(name)
}

function hasIssues({ issues }: ToolCall): boolean {
  return issues !== undefined && issues.length > 0
}

function aboutCall(call: ToolCall, notes: readonly Note[], tools: Tools, format: Format | undefined): string[] {
  if (isUnknown(call, tools)) return [`There is no tool named ${quote(call.name)}. ${namesOf(call.name, tools)}`]
  const own = notes.filter(({ from, to }) => from >= call.from && to <= call.to)
  const missing = own.filter(({ code }) => code === 'missing-argument').map(({ message }) => `${message}.`)
  return [
    `Your call of ${quote(call.name)} was not run: ${whyOf(call, own)}.`,
    ...missing,
    ...shown(exampleOf(call.name, call, tools), tools, format),
  ]
}

/** What is wrong with a call, in words that need no place in the text. */
function whyOf(call: ToolCall, own: readonly Note[]): string {
  const refused = own.find(({ code }) => code === 'refused-call')
  if (refused !== undefined) return reasonOf(refused.message)
  if (call.status === 'truncated') {
    const limit = own.find(({ code }) => code === 'limit')
    return limit === undefined ? 'your text ended inside it' : limit.message
  }
  if (call.status === 'malformed') {
    const damaged = own.find(({ code }) => code === 'damaged-call')
    return damaged === undefined ? 'it cannot be read' : reasonOf(damaged.message)
  }
  const issues = (call.issues ?? []).slice(0, MOST_CALLS)
  return issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
}

const REASON_BEHIND = [' cannot be read: ', ' is withheld: ', ' cannot be read as a call: ']

/** `the call of "f" cannot be read: at 64: expected …` is `expected …` for somebody who cannot count characters. */
function reasonOf(message: string): string {
  const phrase = REASON_BEHIND.find((one) => message.includes(one))
  const reason = phrase === undefined ? message : message.slice(message.indexOf(phrase) + phrase.length)
  return reason.replace(/^at \d{1,15}: /, '')
}

function aboutAttempt(notes: readonly Note[], tools: Tools, format: Format | undefined): string[] {
  for (const { code, message } of notes) {
    const said = ATTEMPTS[code]?.(message)
    if (said === undefined) continue
    const [name] = tools.names.filter((one) => message.includes(JSON.stringify(one))).concat(tools.names)
    return [said, ...(name === undefined ? [] : shown(exampleOf(name, undefined, tools), tools, format))]
  }
  return []
}

function exampleOf(name: string, call: ToolCall | undefined, tools: Tools): RenderCall {
  const wrong = new Set((call?.issues ?? []).map(({ path }) => path.split(/[.[]/, 1)[0] ?? ''))
  const good = Object.entries(call?.arguments ?? {}).filter(([key]) => !wrong.has(key) && !wrong.has(''))
  return { name, arguments: sampleArguments(tools.get(name)?.parameters, Object.fromEntries(good)) }
}

/** How the call is written, if the format can. */
function shown(call: RenderCall, tools: Tools, format: Format | undefined): string[] {
  if (format === undefined) return ['Write it again, whole.']
  try {
    return [
      'Write it again, whole, in this form, with your own values:',
      renderFormat(format, [call], {}, tools).trim(),
    ]
  } catch (error) {
    if (error instanceof RenderError) return ['Write it again, whole.']
    throw error
  }
}

function namesOf(name: string, { names }: Tools): string {
  if (names.length === 0) return 'No tool can be called.'
  const [near] = nearNames(name, names)
  const listed = names.slice(0, MOST_NAMES).join(', ')
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ''
  return `${near === undefined ? '' : `Did you mean ${quote(near)}? `}The tools are: ${listed}${more}.`
}
