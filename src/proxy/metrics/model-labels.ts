/** The label of all models beyond those that have one of their own. */
const OTHER = 'other'

/** More models than this have no numbers of their own. */
const MOST_MODELS = 100

/** A longer name is cut. */
const LONGEST = 100

/**
 * The labels of models in metrics. Names come from requests, so their number is bounded: a client that makes up names
 * cannot make the metrics grow. What may not stand in a label is replaced.
 *
 * @example createModelLabels()('Qwen/Qwen3-8B') // 'Qwen/Qwen3-8B'
 */
export function createModelLabels(most = MOST_MODELS): (model: string) => string {
  const known = new Set<string>()
  return (model) => {
    const name = labelValue(model).slice(0, LONGEST)
    if (known.has(name)) return name
    if (known.size >= most) return OTHER
    known.add(name)
    return name
  }
}

/**
 * A text as the value of a label: without what would end it, and without characters that nobody sees.
 *
 * @example labelValue('a"b\n') // 'a_b_'
 */
export function labelValue(text: string): string {
  return text.replace(/[\\"\p{C}\p{Zl}\p{Zp}]/gu, '_')
}
