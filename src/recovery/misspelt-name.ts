import { WAIT } from '../text/cursor.js'
import type { OfferedTools } from '../tools/offered-tools.js'

/** The text behind the key is examined this far. */
const LONGEST_NAME = 128
/** Words that models write for the key of a name, of other formats' headers: `{"function=f", "arguments": …` */
const OTHER_KEYS = ['function', 'tool']
/** Behind the name: its quote, and what may follow a member. */
const BEHIND = /^([^"\\\s]{0,128})"\s{0,20}[,}]/

/** The name that a damaged member of a call object can only mean, and how much text behind the key belongs to it. */
export interface MisspeltName {
  readonly name: string
  readonly length: number
}

/**
 * Reads the name of a given tool in a key that took it along, since a quote or the colon between the two is missing or is
 * another character: `{"name="get_weather", "arguments": …`, `{"name: get_weather", …` (decision 14).
 * @param behind the text behind the key's closing quote; `ended`: there is no more of it
 */
export function misspeltName(
  key: string,
  nameKeys: readonly string[],
  tools: OfferedTools,
  behind: string,
  ended: boolean,
): MisspeltName | undefined | typeof WAIT {
  const own = [...nameKeys, ...OTHER_KEYS].find((one) => key.startsWith(one))
  if (own === undefined || !tools.given) return undefined
  const rest = key.slice(own.length).trim()
  if (rest.charAt(0) !== '=' && rest.charAt(0) !== ':') return undefined
  const inKey = rest.slice(1).trim()
  if (inKey !== '') return tools.has(inKey) ? { name: inKey, length: 0 } : undefined
  const found = BEHIND.exec(behind)
  const [, name = ''] = found ?? []
  if (tools.has(name)) return { name, length: name.length + 1 }
  return found === null && !ended && behind.length < LONGEST_NAME + 22 ? WAIT : undefined
}

/** Does the name of a given tool stand at an index, and behind it what no name holds: `f, "arguments…`, where a quote is missing? */
export function holdsName(text: string, at: number, { names }: OfferedTools): boolean {
  return names.some((name) => text.startsWith(name, at) && !/[\w.-]/.test(text.charAt(at + name.length)))
}
