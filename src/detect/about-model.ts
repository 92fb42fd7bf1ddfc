import type { Engine, EngineFlags, Format } from '../engine/format.js'
import { quote } from '../text/quote.js'
import { CHOOSING, choiceOf } from './engine-choices.js'
import { allFlags, ENGINES, flagsOf, usualFlags } from './engines.js'
import { type FormatMatch, matchModel } from './match.js'
import { modelFlags } from './model-flags.js'
import { reasoningOf } from './reasoning-of.js'
import { reasoningInWords, reasoningParserOf } from './reasoning-parsers.js'
import { type Known, namesOf, type UnreadFormat } from './unread.js'
import { WITHOUT_CALLS } from './without-calls.js'

/** A format that a model writes, and how to have it read. */
export interface ModelFormat extends FormatMatch {
  /** What its reasoning stands between; empty where the format has none. */
  reasoning: string[]
  /** What engines call the parser of its reasoning. Empty: it does not reason; absent: not known. */
  reasoningFlags?: EngineFlags
  /** Engines that choose wrongly for this model if no flag names a parser. */
  warnings: string[]
}

/** A format that is known and cannot be read, with what engines call its parsers. */
export interface UnreadModelFormat {
  format: string
  models: string
  wire: string
  flags: EngineFlags
  reasoningFlags?: EngineFlags
}

/** What is known about a model, or about the name of an engine's parser. */
export interface AboutModel {
  model: string
  /**
   * `read`: it writes the `formats`. `unread`: it writes a format that cannot be read yet. `no-calls`: it writes no tool
   * calls. `parser`: a name of no one format, which engines know. `unknown`: the name says nothing.
   */
  verdict: 'read' | 'unread' | 'no-calls' | 'parser' | 'unknown'
  /** The verdict in a sentence. */
  says: string
  /** Best first. */
  formats: ModelFormat[]
  unread?: UnreadModelFormat
}

/**
 * What a model writes, by its name, or what an engine means by the name of a parser. Every name gets an answer in words.
 * @example aboutModel('Qwen/Qwen3.6-27B', formats, known).formats[0]?.warnings // ['vLLM’s Rust frontend … takes qwen3_json …']
 */
export function aboutModel(model: string, formats: readonly Format[], known: Known): AboutModel {
  const name = String(model).slice(0, 300)
  const answer = (verdict: AboutModel['verdict'], says: string): AboutModel => ({
    model: name,
    verdict,
    says,
    formats: [],
  })
  const matches = matchName(name, formats, known)
  const [best] = matches
  if (best !== undefined) {
    const found = matches.map((match) => describe(match, name, formats, known))
    return { ...answer('read', `${quote(name)}: ${best.format}, since ${best.why}`), formats: found }
  }
  const unread =
    known.unread.find((format) => namesOf(format).includes(name)) ??
    known.unread.find(({ modelPatterns }) => modelPatterns.some((pattern) => pattern.test(name)))
  if (unread !== undefined) {
    const says = `${quote(name)} means ${unread.id} (${unread.models}), a format that callsift knows but cannot read yet`
    return { ...answer('unread', says), unread: asUnread(unread) }
  }
  const none = WITHOUT_CALLS.find(({ models }) => models.test(name.slice(name.lastIndexOf('/') + 1)))
  if (none !== undefined) return answer('no-calls', `${quote(name)} writes no tool calls: ${none.because}`)
  const noFormat = known.noFormats.find(({ names }) => names.includes(name))
  if (noFormat !== undefined)
    return answer('parser', `${quote(name)} names no format: it ${noFormat.means}. Instead, ${noFormat.instead}`)
  const reasoning = reasoningInWords(name)
  if (reasoning !== undefined)
    return answer('parser', `${quote(name)} is a reasoning parser and does not name a format of calls (${reasoning})`)
  return answer('unknown', `${quote(name)} says nothing about a format`)
}

/** Formats by a name: that of a parser says exactly which, that of a model may say several. */
function matchName(name: string, formats: readonly Format[], known: Known): FormatMatch[] {
  const byModel = matchModel(name, formats)
  const byFlag = matchFlag(name, formats)
  const [flagged] = byFlag
  if (flagged === undefined) return known.unread.some((format) => namesOf(format).includes(name)) ? [] : byModel
  return byModel[0]?.format === flagged.format
    ? byModel
    : [flagged, ...byModel.filter(({ format }) => format !== flagged.format)]
}

/** The format whose parser an engine calls so. */
function matchFlag(name: string, formats: readonly Format[]): readonly FormatMatch[] {
  const format =
    formats.find(({ id }) => id === name) ??
    formats.find(({ aliases, flags }) => [...aliases, ...allFlags(flags)].includes(name))
  if (format === undefined) return []
  const engines = (Object.keys(ENGINES) as Engine[]).filter((engine) => flagsOf(format.flags, engine).includes(name))
  const whose = engines.map((engine) => ENGINES[engine].title).join(', ')
  const why =
    engines.length > 0
      ? `${quote(name)} is the name of its parser in ${whose}: ${format.models}`
      : `${quote(name)} is a name of it: ${format.models}`
  return [{ format: format.id, why, flags: usualFlags(format.flags) }]
}

function describe(match: FormatMatch, name: string, formats: readonly Format[], known: Known): ModelFormat {
  const format = formats.find(({ id }) => id === match.format)
  const { reasoning } = modelFlags(match.format, name)
  return {
    ...match,
    reasoning: format === undefined ? [] : reasoningOf(format),
    ...(reasoning && { reasoningFlags: reasoning }),
    warnings: format === undefined ? [] : warningsOn(name, format, match.flags, reasoning, [formats, known]),
  }
}

/** A format that cannot be read yet, in public terms. */
export function asUnread({ id, models, wire, flags, reasoning }: UnreadFormat): UnreadModelFormat {
  return {
    format: id,
    models,
    wire,
    flags: usualFlags(flags),
    ...(reasoning && { reasoningFlags: usualFlags(reasoning) }),
  }
}

/** Warnings of engines that, without a flag, choose a parser that reads another format. */
function warningsOn(
  name: string,
  format: Format,
  flags: EngineFlags,
  reasoning: EngineFlags | undefined,
  [formats, known]: readonly [readonly Format[], Known],
): string[] {
  const warnings: string[] = []
  for (const { engine, title, tools, reasoning: reasoningChoices } of CHOOSING) {
    const parser = choiceOf(tools, name)
    if (parser !== undefined && parser !== flags[engine] && !flagsOf(format.flags, engine).includes(parser)) {
      const meant = [...formats, ...known.unread].find((one) => flagsOf(one.flags, engine).includes(parser))
      const reads = meant === undefined ? '' : `, which reads ${meant.id}`
      warnings.push(
        `${title}, unless told otherwise, uses ${parser} for this name${reads}: ${setTo(engine, flags, 'tools')}`,
      )
    }
    const chosen = choiceOf(reasoningChoices, name)
    const right = reasoning?.[engine]
    if (chosen === undefined || right === undefined || chosen === right) continue
    const reads = reasoningParserOf(engine, chosen)?.reads
    if (reads !== undefined && reads !== reasoningParserOf(engine, right)?.reads)
      warnings.push(
        `${title}, unless told otherwise, uses the reasoning parser ${chosen} for this name, which reads ${reads}: ${setTo(engine, reasoning ?? {}, 'reasoning')}`,
      )
  }
  return warnings
}

function setTo(engine: Engine, flags: EngineFlags, which: 'tools' | 'reasoning'): string {
  const flag = flags[engine]
  return flag === undefined ? 'it has no parser for this format' : `set ${ENGINES[engine][which] ?? ''} ${flag}`
}
