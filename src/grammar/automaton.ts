/** A state of the texts that hold none of some markers: which character leads where. Any other leads to the first state. */
export interface State {
  /** Where characters lead, where that is not the first state: one of the others, or `undefined` for none. */
  readonly next: ReadonlyMap<string, number | undefined>
}

/**
 * The states of the texts that hold none of these markers, the first state first. All are states in which a text may end.
 * @example statesWithout(['ab'])[0].next.get('a') // 1
 */
export function statesWithout(markers: readonly string[]): State[] {
  // Every state is the longest beginning of a marker that the text ends with.
  const starts = new Set([''])
  for (const marker of markers) for (const start of prefixes(marker)) starts.add(start)
  const names = [...starts].filter((start) => !markers.some((marker) => start.includes(marker)))
  const index = new Map(names.map((name, i) => [name, i]))
  const alphabet = new Set(markers.flatMap((marker) => [...marker]))
  return names.map((name) => {
    const next = new Map<string, number | undefined>()
    for (const character of alphabet) {
      const text = name + character
      const isOver = markers.some((marker) => text.endsWith(marker))
      const state = isOver ? undefined : longestEnd(text, index)
      if (state !== 0) next.set(character, state)
    }
    return { next }
  })
}

function prefixes(marker: string): string[] {
  const characters = [...marker]
  return characters.slice(0, -1).map((_, i) => characters.slice(0, i + 1).join(''))
}

function longestEnd(text: string, index: ReadonlyMap<string, number>): number {
  const characters = [...text]
  for (let from = 0; from < characters.length; from++) {
    const state = index.get(characters.slice(from).join(''))
    if (state !== undefined) return state
  }
  return 0
}
