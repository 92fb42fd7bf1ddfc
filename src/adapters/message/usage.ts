/** Token counts, as any provider names them. */
export interface Counts {
  readonly [name: string]: unknown
}

/**
 * The token counts of two answers together: numbers are added, whatever they are called.
 *
 * @example addUsage({ prompt_tokens: 3 }, { prompt_tokens: 5 }) // { prompt_tokens: 8 }
 */
export function addUsage<T extends Counts>(one: T | undefined, other: T | undefined): T | undefined {
  if (one === undefined || other === undefined) return one ?? other
  const sum: { [name: string]: unknown } = { ...one }
  for (const [name, value] of Object.entries(other)) {
    const own = one[name]
    if (typeof value === 'number' && typeof own === 'number') sum[name] = own + value
    else sum[name] = isCounts(value) && isCounts(own) ? addUsage(own, value) : (value ?? own)
  }
  return sum as T
}

function isCounts(value: unknown): value is Counts {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
