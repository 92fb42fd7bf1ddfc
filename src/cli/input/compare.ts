/** Something that is not the same on two sides; undefined where a side has nothing there. */
export interface Differing {
  /** As `toolCalls[0].arguments.port`. */
  readonly at: string
  readonly a: unknown
  readonly b: unknown
}

/** More are not looked for. */
const MOST = 100

/**
 * Where two JSON values differ, member by member, in the order of the first; the order of members does not matter.
 *
 * @example compare({ port: 'Moss' }, { port: 'Tau' }) // [{ at: 'port', a: 'Moss', b: 'Tau' }]
 */
export function compare(a: unknown, b: unknown, at = ''): Differing[] {
  if (a === b) return []
  if (
    typeof a !== 'object' ||
    typeof b !== 'object' ||
    a === null ||
    b === null ||
    Array.isArray(a) !== Array.isArray(b)
  )
    return [{ at, a, b }]
  const differing: Differing[] = []
  const [one, other] = [a, b] as Record<string, unknown>[]
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const place = Array.isArray(a)
      ? `${at}[${name}]`
      : /^[A-Za-z_$][\w$]{0,60}$/.test(name)
        ? `${at}.${name}`
        : `${at}[${JSON.stringify(name)}]`
    const own = (value: Record<string, unknown> | undefined) =>
      value !== undefined && Object.hasOwn(value, name) ? value[name] : undefined
    differing.push(...compare(own(one), own(other), place.replace(/^\./, '')))
    if (differing.length >= MOST) return differing.slice(0, MOST)
  }
  return differing
}
