import type { EngineFlags, Format } from '../engine/format.js'
import { usualFlags } from './engines.js'
import { modelFlags } from './model-flags.js'

/** A format that a model writes. */
export interface FormatMatch {
  format: string
  /** Why it is taken to be so, for people. */
  why: string
  /** What inference engines call the parser of this format; by the name of a model, what they are told for this model. */
  flags: EngineFlags
  /** The prompt already opens the reasoning block, so texts begin inside it. Absent where that is not known. */
  startInReasoning?: boolean
}

/**
 * Models that are named after what they were made from, but write calls of a format of their own, or none at all. Of such a
 * name only these words count.
 */
const DERIVED_MODELS: readonly RegExp[] = [
  /xlam|functionary|firefunction|nemo-minitron/i,
  // Those of Nemotron 3 write what their name says.
  /\bnemotron-(?:nano|super|ultra)(?!-3\b)/i,
  /\b(?:open|neural)hermes|\bdolphin|\btulu/i,
  // Models that answer with numbers, labels, sound or a transcript.
  /embed(?!ded)|rerank|reward|guard|transcri|translate|\b(?:e5|gte|ocr|tts|asr|prm|realtime)\b/i,
]

/** A format whose pattern hits a part of a name. */
interface Hit {
  readonly match: FormatMatch
  readonly from: number
  readonly to: number
}

/**
 * Formats of a model, by its name (`Qwen/Qwen2.5-7B-Instruct`, `qwen2.5:7b`, a file's path), best first. Nothing for a
 * name that says nothing.
 */
export function matchModel(model: string, formats: readonly Format[]): FormatMatch[] {
  const name = String(model).slice(0, 300)
  // `Qwen_Qwen3-8B` and `Qwen3 Coder 30B` are spelled otherwise by their makers.
  const plain = name.replace(/\s|_(?=[a-z])/gi, '-').replaceAll('\\', '/')
  // The folder or owner says less than the name.
  const base = plain.lastIndexOf('/') + 1
  const derived = hitOf(DERIVED_MODELS, plain, base)
  const hits: Hit[] = []
  for (const format of formats) {
    const hit = hitOf(format.modelPatterns, plain)
    if (hit === undefined || (derived !== undefined && (hit.to <= derived.from || derived.to <= hit.from))) continue
    hits.push({ match: describe(format, name.slice(hit.from, hit.to), plain), ...hit })
  }
  // A model is named first for what it was made into (Hermes-3-Llama-3.1-8B), and the longest hit there says the most.
  const isOwn = ({ to }: Hit) => Number(to > base)
  const sorted = hits.sort((a, b) => isOwn(b) - isOwn(a) || a.from - b.from || b.to - a.to)
  return sorted.map(({ match }) => match)
}

/** Where the first of the patterns hits that does, in the name from `start` on. */
function hitOf(patterns: readonly RegExp[], name: string, start = 0): { from: number; to: number } | undefined {
  for (const pattern of patterns) {
    const hit = pattern.exec(name.slice(start))
    if (hit !== null) return { from: start + hit.index, to: start + hit.index + hit[0].length }
  }
  return undefined
}

function describe(format: Format, hit: string, name: string): FormatMatch {
  const isUnsettled = format.unsettledModels?.some((pattern) => pattern.test(name)) === true
  const thinking = isUnsettled ? undefined : format.thinkingModels?.some((pattern) => pattern.test(name))
  return {
    format: format.id,
    why: `the name says ${JSON.stringify(hit)}: ${format.models}`,
    flags: { ...usualFlags(format.flags), ...modelFlags(format.id, name).tools },
    ...(thinking === undefined ? {} : { startInReasoning: thinking }),
  }
}
