import { autoFormat } from '../detect/auto.js'
import { type Detection, type DetectOptions, type Detector, detector, lookElsewhere } from '../detect/detect.js'
import { allFlags } from '../detect/engines.js'
import { escapedCall } from '../detect/escaped-markers.js'
import { lostOpeners } from '../detect/lost-opener.js'
import { type FormatMatch, matchModel } from '../detect/match.js'
import { reasoningInWords } from '../detect/reasoning-parsers.js'
import { respelledMarkers } from '../detect/respelled-marker.js'
import { strippedCalls } from '../detect/stripped-call.js'
import { matchTemplate, type TemplateOptions } from '../detect/template.js'
import { type Known, namesOf, type UnreadFormat } from '../detect/unread.js'
import { unreadCalls } from '../detect/unread-call.js'
import type { Format, RenderCall } from '../engine/format.js'
import { grammarOf } from '../engine/grammar.js'
import type { ParserOptions } from '../engine/options.js'
import { type FindOtherFormat, type OtherFormat, type Parser, Session } from '../engine/session.js'
import { type ParseFunctions, parseFunctions } from '../engine/streams.js'
import { type Explanation, explainEvents } from '../explain/explain.js'
import { policyFor } from '../fitting/policy-for.js'
import { isObject } from '../tools/is-object.js'
import { readTools } from '../tools/schema.js'
import type { ToolsInput } from '../tools/tools-input.js'
import { nearNames } from './near-names.js'
import { renderReadable } from './render.js'

/** A set of formats, by id and alias, and what can be done with them. */
export interface Registry extends ParseFunctions {
  /** Its formats, in the order in which `auto` prefers them. */
  formats(): readonly Format[]
  /**
   * The format with this id, alias or engine's name. Throws a RangeError for an unknown name, with the nearest names or what
   * engines mean by it.
   */
  getFormat(idOrAlias: string): Format
  /** Makes a parser for one text. Throws a TypeError or RangeError for wrong options. */
  createParser(options: ParserOptions): Parser
  /**
   * The formats that find calls in a text, best first, with the places. Empty for prose, data and code. If the prompt opened
   * the reasoning or a message, say so with `prompt` or `startInReasoning`, as for `parse`.
   */
  detect(text: string, options?: DetectOptions): Detection[]
  /** What became of every character of a text, by which rule, and what to do about it. */
  explain(text: string, options: ParserOptions): Explanation
  /** The formats that a model of this name writes, best first. Empty for an unknown name. */
  formatForModel(model: string): FormatMatch[]
  /** The formats that a chat template writes, best first: by the calls that it renders, if `render` is given (any Jinja library). */
  formatForTemplate(chatTemplate: string, options?: TemplateOptions): FormatMatch[]
  /** Writes calls as a model of the format would. Throws a RenderError for what the format cannot express. */
  render(calls: readonly RenderCall[], options: RenderOptions): string
}

export interface RenderOptions {
  format: string | Format
  /** The text before the calls. */
  content?: string | undefined
  reasoning?: string | undefined
  /** The tools that the calls are of. Formats whose text does not show the type of a value need them. */
  tools?: ToolsInput | undefined
}

/**
 * Makes a registry of formats: `parse` and everything else, for these formats only. If two share an alias, the first has it.
 *
 * @param known formats that errors and notes may name, although none in the registry reads them
 * @throws RangeError if two formats have the same id
 * @example createRegistry([mine, ...formats()]).parse(text, { format: 'auto' })
 */
export function createRegistry(formats: readonly Format[], known: Known = NOTHING_MORE): Registry {
  const ids = formats.map(({ id }) => id)
  const byName = new Map<string, Format>()
  for (const format of formats) {
    if (byName.has(format.id))
      throw new RangeError(`createRegistry: two formats have the id ${JSON.stringify(format.id)}`)
    byName.set(format.id, format)
  }
  for (const format of formats) {
    for (const name of [...format.aliases, ...allFlags(format.flags)]) {
      if (!byName.has(name)) byName.set(name, format)
    }
  }

  let auto: Format | undefined
  let detecting: Detector | undefined
  let lookingForUnread: FindOtherFormat | undefined

  function getFormat(idOrAlias: string): Format {
    const format = byName.get(idOrAlias)
    if (format !== undefined) return format
    const meant = whatElse(String(idOrAlias), known)
    if (meant !== undefined) throw new RangeError(meant)
    const near = nearNames(String(idOrAlias), [...byName.keys()])
    const names = near.length > 0 ? `Near names: ${near.join(', ')}` : `Formats: ${ids.join(', ') || 'none'}`
    throw new RangeError(`unknown format ${JSON.stringify(idOrAlias)}. ${names}`)
  }

  function createParser(options: ParserOptions): Parser {
    const format = options?.format
    if (typeof format !== 'string' && !isFormat(format)) {
      const found =
        format === undefined ? 'missing' : `${isObject(format) ? 'this object' : String(format)} is not a format`
      throw new TypeError(`options.format: ${found}. Expected an id (${ids.join(', ')}), a Format value or 'auto'`)
    }
    // Undecided, it is every format that found no call, so that another one is no news but where it is a loss.
    const isAuto = format === 'auto'
    const chosen = isAuto ? (auto ??= autoFormat(formats)) : typeof format === 'string' ? getFormat(format) : format
    const grammar = grammarOf(chosen)
    // One closure for a parser, since many may be open at once: what it looks with is made once for the format.
    return new Session(grammar, options, policyFor, (text, read) => {
      // Beside calls only a loss is news, and there is none without the name of a given tool.
      const { called } = read
      if (called && !read.namesTool) return unread(text, read)
      const own = isAuto ? formats : [chosen]
      const lookForStripped = grammar.once('stripped calls', () => strippedCalls(own, formats, isAuto))
      const stripped = lookForStripped(text, read, options.startInReasoning === true)
      const isNews = (other: OtherFormat | undefined) => other !== undefined && (!called || other.isLoss)
      const found = isNews(stripped)
        ? stripped
        : lookElsewhere(text, { ...read, called: isAuto || called }, detectIn, options)
      if (found?.isLoss === true) return found
      const detectOwn: Detector = (...copy) => grammar.once('own detector', () => detector([grammar]))(...copy)
      const escaped = escapedCall(text, isAuto ? detectIn : detectOwn, options)
      if (isNews(escaped)) return escaped
      const lookForRespelled = grammar.once('respelled markers', () => respelledMarkers(own, formats))
      const lookForOpener = grammar.once('lost openers', () => lostOpeners(own, formats))
      return lookForRespelled(text, read) ?? lookForOpener(text, read) ?? found ?? unread(text, read)
    })
  }

  const unread: FindOtherFormat = (text, read) => {
    lookingForUnread ??= unreadCalls(formats, known)
    return lookingForUnread(text, read)
  }

  const detectIn: Detector = (text, options, marked) => {
    detecting ??= detector(formats.map(grammarOf))
    return detecting(text, options, marked)
  }

  const functions = parseFunctions(createParser)
  return {
    ...functions,
    formats: () => formats,
    getFormat,
    createParser,
    detect: (text, { tools, prompt, startInReasoning, callsInReasoning } = {}) =>
      detectIn(text, { tools, prompt, startInReasoning, callsInReasoning }).map(({ format, score, evidence }) => ({
        format,
        score,
        evidence,
      })),
    explain(text, options) {
      const parser = createParser(options)
      const events = parser.push(text)
      return explainEvents(text, [...events, ...parser.end()])
    },
    formatForModel: (model) => matchModel(model, formats),
    formatForTemplate: (chatTemplate, options) => matchTemplate(chatTemplate, formats, options),
    render(calls, { format, content = '', reasoning = '', tools }) {
      const chosen = typeof format === 'string' ? getFormat(format) : format
      const read = (text: string) => functions.parse(text, { format: chosen, tools })
      return renderReadable(chosen, calls, { content, reasoning }, readTools(tools), read)
    },
  }
}

const NOTHING_MORE: Known = { unread: [], noFormats: [] }

/** What a name means that is no format of the registry, and what to do; undefined for one that nobody knows. */
function whatElse(name: string, { unread, noFormats }: Known): string | undefined {
  const format = unread.find((one) => namesOf(one).includes(name))
  if (format !== undefined) return notRead(format)
  const none = noFormats.find(({ names }) => names.includes(name))
  if (none !== undefined) return `${JSON.stringify(name)} names no format: it ${none.means}. Instead, ${none.instead}`
  const reasoning = reasoningInWords(name)
  if (reasoning === undefined) return undefined
  return `${JSON.stringify(name)} is a reasoning parser, not a format (${reasoning}). Name the format of the calls, and set startInReasoning if the prompt opens the reasoning`
}

/** What to do about a format that is known and cannot be read. */
function notRead({ id, models, wire }: UnreadFormat): string {
  return `the format ${JSON.stringify(id)} (${models}: ${wire}) is known, but not read yet. Let the engine parse its calls, or describe it with defineFormat`
}

function isFormat(value: unknown): value is Format {
  return isObject(value) && Array.isArray(value.families) && Array.isArray(value.stops)
}
