import type { CallOptions } from '../../adapters/message/call-options.js'
import { createRetry, type Retry } from '../../adapters/message/retry.js'
import type { ParseResult } from '../../event/event.js'
import { feedbackWith } from '../../formats/feedback.js'
import type { Tally } from '../metrics/tally.js'
import { countRefused, createTally } from '../metrics/tally.js'
import type { CallRules } from '../requests/chat-request.js'
import type { ProxySettings } from '../settings/options.js'
import type { ChosenFormat } from './choose-format.js'
import { createTurn, type MakeTurnParser, type Turn } from './turn.js'

/** How the text of one reply is read, and what was seen in it. */
export interface Reading {
  /** Opens the reader of a choice; for the answer that follows a corrected one anew. */
  openTurn(index: unknown): Turn
  /** Where an answer with calls that failed is to be corrected. */
  readonly retry: Retry | undefined
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

/**
 * Makes the reading of one reply.
 *
 * @param asks how often the model may be asked again, and whether the reply goes out whole
 * @throws TypeError for tools that are none, with the place
 */
export function createReading(
  settings: ProxySettings,
  { format, startInReasoning }: ChosenFormat,
  rules: CallRules,
  model: string,
  asks: { readonly limit: number; readonly whole: boolean } = { limit: 0, whole: false },
): Reading & Seen {
  const { registry, parser, calls, reasoningKey, logContents } = settings
  const options = { ...parser, ...rules, format, startInReasoning }
  // A parser that is never used: wrong tools are to be told before the upstream is asked.
  registry.createParser(options)
  const tally = createTally()
  const texts: string[] = []
  let logged = 0
  let finish: string | undefined
  const makeParser: MakeTurnParser = (start) =>
    registry.createParser(start === undefined ? options : { ...options, startInReasoning: start })
  const feedback = (failed: ParseResult) =>
    feedbackWith(registry)(failed, { tools: rules.tools, format: format === 'auto' ? failed.format : format })
  const retry =
    asks.limit === 0
      ? undefined
      : createRetry({
          ...asks,
          feedback,
          policy: calls.policy,
          oneCall: (rules.parallelCalls ?? parser.parallelCalls) === false,
          longest: settings.replyLimit,
        })
  return {
    openTurn: (index) => createTurn(makeParser, tally, index === 0 || index === undefined ? retry : undefined),
    retry,
    callOptions: { ...calls, onNotes: (notes) => countRefused(tally, notes), feedback },
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
