import { allFormats } from '../../../parsers/index.js'
import { DescriptionError } from '../../described/description-error.js'
import type { FieldReason, FormatDescription } from '../../described/format-description.js'
import { formatFromDescription } from '../../described/format-from-description.js'
import type { RenderTemplate } from '../../detect/template.js'
import type { Format } from '../../engine/format.js'
import { describeTalk } from './describe.js'
import { preparedTemplate } from './jinja.js'
import { findKnown } from './known.js'
import { probeTemplate } from './probe.js'
import { VALUE } from './sentinels.js'
import { cutTalk } from './talk.js'
import { endedTurns, type Trial, tryFormat } from './trial.js'

export interface FromTemplateOptions {
  /** The id of the format: lower-case letters, digits, `-` and `.`. Default `derived`. */
  readonly id?: string | undefined
  /** From where the template is, in words, for the description. Default `a chat template`. */
  readonly source?: string | undefined
  /** What the template is given beside messages and tools, such as `bos_token` and `eos_token`. */
  readonly context?: Readonly<Record<string, unknown>> | undefined
  /** Renders the template. Default: @huggingface/jinja, with limits of steps and of text. */
  readonly render?: RenderTemplate | undefined
  /** The formats that the template may turn out to write. Default: all of this library. */
  readonly formats?: readonly Format[] | undefined
  /**
   * The format is tried on each turn cut behind every so many characters. Default 1: anywhere. A larger number is faster, and may miss
   * a cut at which the format would make up a call.
   */
  readonly cutEvery?: number | undefined
}

/** A format that was found out from a chat template. */
export interface Derivation {
  /** What to read the model with: the known format, else the one that was made of `description`. */
  readonly format: Format
  /** What was found out, as data: to store, to review, for `formatFromDescription`. Undefined where only a known format fits. */
  readonly description: FormatDescription | undefined
  /** The id of the known format that this is. */
  readonly known: string | undefined
  /** The id of the known format that comes nearest, with why. */
  readonly nearest: string | undefined
  readonly why: string
  /** Why each field of the description is as it is, and how sure that is. */
  readonly reasons: Readonly<Record<string, FieldReason>>
  /** From 0 to 1: the least sure field, times the share of turns that were read right. */
  readonly confidence: number
  /** How the format did on what the template wrote. */
  readonly tried: Trial
  /** One call, as the template writes it behind the prompt. */
  readonly example: string
  /** In words: how the template wants its messages, and what could not be tried. */
  readonly notes: readonly string[]
}

/** No format could be made of a template. The message says why, and what to do. */
export class DerivationError extends Error {
  override name = 'DerivationError'
}

/**
 * Finds out what format a model writes, from its chat template: renders conversations with words that no template has, and
 * looks what stands around them. What was found is tried before it is handed out.
 *
 *     const { format, description, known } = formatFromTemplate(config.chat_template)
 *     parse(text, { format })
 *
 * A template is code. Each rendering is limited in its steps and in the length of its text; to be limited in time as well, run this
 * in a worker.
 * @throws DerivationError if the template writes no calls, or none that any format reads; RangeError for a wrong option
 */
export function formatFromTemplate(chatTemplate: string, options: FromTemplateOptions = {}): Derivation {
  const { id = 'derived', source = 'a chat template', context = {}, formats = allFormats, cutEvery = 1 } = options
  if (!Number.isInteger(cutEvery) || cutEvery < 1)
    throw new RangeError(`cutEvery: expected a whole number from 1, got ${cutEvery}`)
  const template = String(chatTemplate)
  const probed = probeTemplate(rendererOf(template, options.render), context)
  if ('why' in probed) {
    const [first] = probed.why
    const why = first === undefined ? 'it leaves calls out' : `it raised: ${first}`
    throw new DerivationError(
      `the template writes no calls (${why}). Try callsift detect on a text of the model, or describe the format by hand`,
    )
  }
  const talk = cutTalk(probed, template)
  const descriptions = describeTalk(talk, id, source)
  const one = talk.calls('one call')?.text ?? ''
  // What stands before a value too ends nothing there.
  const ends = [...new Set([...talk.stops, ...descriptions.flatMap(({ stops = [] }) => stops)])].filter(
    (end) => !one.slice(0, one.indexOf(VALUE)).includes(end),
  )
  const { equal, nearest, why } = findKnown(talk, ends, formats)
  const left = probed.turns.filter((turn) => !talk.turns.includes(turn))
  const notes = [...probed.notes, ...left.map(({ probe }) => `it writes ${probe} as several messages`)]
  const made = descriptions.flatMap((description) => {
    try {
      const format = formatFromDescription(description)
      return [{ description, format, tried: tryFormat(format, talk.turns, cutEvery) }]
    } catch (error) {
      if (!(error instanceof DescriptionError)) throw error
      notes.push(`${UNMADE} (${error.message})`)
      return []
    }
  })
  const [best] = made.toSorted((a, b) => b.tried.right.length - a.tried.right.length)
  const format = equal ?? best?.format
  const tried = equal === undefined ? best?.tried : tryFormat(equal, endedTurns(talk.turns, ends, equal), cutEvery)
  const reads = tried?.right.some((probe) => probe !== 'answer' && probe !== 'reasoning and an answer') === true
  if (
    format === undefined ||
    tried === undefined ||
    !reads ||
    (equal === undefined && (tried.madeUp > 0 || tried.otherwiseChunked > 0))
  ) {
    const example = JSON.stringify(probed.turn('one call')?.text.trim().slice(0, 200))
    const what =
      format === undefined || !reads ? 'is of none of the families that are known' : 'could not be read safely'
    throw new DerivationError(`what the template writes ${what}: ${example}. ${why}. Describe the format by hand`)
  }
  const reasons = best?.description.about ?? {}
  const least = equal === undefined ? Math.min(1, ...Object.values(reasons).map(({ confidence }) => confidence)) : 1
  return {
    format,
    description: best !== undefined && best.tried.right.length > 0 ? best.description : undefined,
    known: equal?.id,
    nearest: nearest?.id,
    why,
    reasons,
    confidence: Math.round(100 * least * (tried.right.length / talk.turns.length)) / 100,
    tried,
    example: probed.turn('one call')?.text ?? '',
    notes,
  }
}

const UNMADE = 'no format can be made of it'

function rendererOf(template: string, render: RenderTemplate | undefined) {
  if (render !== undefined) return (context: Record<string, unknown>) => render(template, context)
  try {
    return preparedTemplate(template)
  } catch (error) {
    throw new DerivationError(`the template cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
