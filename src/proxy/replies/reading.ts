import type { CallOptions } from '../../adapters/message/call-options.js'
import type { Format } from '../../engine/format.js'
import { feedbackWith } from '../../formats/feedback.js'
import type { Tally } from '../metrics/tally.js'
import { countRefused, createTally } from '../metrics/tally.js'
import type { CallRules } from '../requests/chat-request.js'
import type { ProxySettings } from '../settings/options.js'
import type { MakeTurnParser } from './turn.js'

/** How the text of one reply is read, and what was seen in it. */
export interface Reading {
  readonly makeParser: MakeTurnParser
  /** What every wire is told about calls. */
  readonly callOptions: CallOptions
  readonly reasoningKey: 'reasoning_content' | 'reasoning' | 'none'
  readonly tally: Tally
  /** The name of the model in the request. */
  readonly model: string
  /** Told of each piece of the model's text, for a log with contents. */
  text(piece: string): void
  /** Told of each finish reason. */
  finished(reason: string): void
}

/** The format of a model's text, and why it is taken to be so. */
export interface ChosenFormat {
  readonly format: string | Format
  readonly why: string
  readonly startInReasoning: boolean
}

/**
 * Decides the format: the rule of the model, else the option, else what a name of the model says, else the first marker
 * in the text. The names are that of the request and those that the upstream knows the model by.
 *
 * @example chooseFormat(settings, ['qwen2.5:7b']) // { format: 'hermes', why: 'the name says …', startInReasoning: false }
 */
export function chooseFormat(settings: ProxySettings, names: readonly string[]): ChosenFormat {
  const { registry } = settings
  const rule = settings.findRule(names[0] ?? '')
  const match = names.flatMap((name) => registry.formatForModel(name).slice(0, 1))[0]
  const startInReasoning = rule?.startInReasoning ?? settings.startInReasoning ?? match?.startInReasoning ?? false
  if (rule?.format !== undefined && rule.format !== 'auto')
    return { format: rule.format, why: 'a rule of models', startInReasoning }
  if (settings.format !== 'auto') return { format: settings.format, why: 'the option format', startInReasoning }
  if (match !== undefined) return { format: match.format, why: match.why, startInReasoning }
  return { format: 'auto', why: 'no name of the model says it: the first marker in the text decides', startInReasoning }
}

/**
 * Makes the reading of one reply.
 *
 * @throws TypeError for tools that are none, with the place
 */
export function createReading(
  settings: ProxySettings,
  { format, startInReasoning }: ChosenFormat,
  rules: CallRules,
  model: string,
): Reading & Seen {
  const { registry, parser, calls, reasoningKey, logContents } = settings
  const options = { ...parser, ...rules, format, startInReasoning }
  // A parser that is never used: wrong tools are to be told before the upstream is asked.
  registry.createParser(options)
  const tally = createTally()
  const texts: string[] = []
  let logged = 0
  let finish: string | undefined
  return {
    makeParser: (start) =>
      registry.createParser(start === undefined ? options : { ...options, startInReasoning: start }),
    callOptions: {
      ...calls,
      onNotes: (notes) => countRefused(tally, notes),
      feedback: (failed) => feedbackWith(registry)(failed, { tools: rules.tools, format }),
    },
    reasoningKey,
    tally,
    model,
    text(piece) {
      if (!logContents || logged >= MOST_LOGGED) return
      texts.push(piece.slice(0, MOST_LOGGED - logged))
      logged += piece.length
    },
    finished(reason) {
      finish = reason
    },
    seenText: () => (logContents ? texts.join('') : undefined),
    seenFinish: () => finish,
  }
}

/** What a reading has seen, for the log. */
export interface Seen {
  seenText(): string | undefined
  seenFinish(): string | undefined
}

/** More text than this of one reply is not logged (UTF-16 units). */
const MOST_LOGGED = 256 * 1024
