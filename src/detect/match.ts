import type { EngineFlags, Format } from '../engine/format.js'

/** A format that a model writes. */
export interface FormatMatch {
  format: string
  /** Why it is taken to be so, for people. */
  why: string
  /** What inference engines call the parser of this format. */
  flags: EngineFlags
  /** The prompt already opens the reasoning block, so texts begin inside it. Absent where that is not known. */
  startInReasoning?: boolean
}

/**
 * Formats of a model, by its name (`Qwen/Qwen2.5-7B-Instruct`, `qwen2.5:7b`, a file's name), best first. Nothing for a
 * name that says nothing.
 */
export function matchModel(model: string, formats: readonly Format[]): FormatMatch[] {
  const name = String(model).slice(0, 300)
  // `Qwen_Qwen3-8B` and `Qwen3 Coder 30B` are spelled otherwise by their makers.
  const plain = name.replace(/\s|_(?=[a-z])/gi, '-')
  const matches: { match: FormatMatch; at: number; length: number }[] = []
  for (const format of formats) {
    for (const pattern of format.modelPatterns) {
      const hit = pattern.exec(plain)
      if (hit === null) continue
      const at = hit.index
      const { length } = hit[0]
      matches.push({ match: describe(format, name.slice(at, at + length), plain), at, length })
      break
    }
  }
  // A model is named first for what it was made into (Hermes-3-Llama-3.1-8B), and the longest hit there says the most.
  return matches.sort((a, b) => a.at - b.at || b.length - a.length).map(({ match }) => match)
}

function describe(format: Format, hit: string, name: string): FormatMatch {
  const thinking = format.thinkingModels?.some((pattern) => pattern.test(name))
  return {
    format: format.id,
    why: `the name says ${JSON.stringify(hit)}: ${format.models}`,
    flags: format.flags,
    ...(thinking === undefined ? {} : { startInReasoning: thinking }),
  }
}
