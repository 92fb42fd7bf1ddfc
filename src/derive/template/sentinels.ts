/** Words that no template writes by itself, so that what stands around them is the template's. */

export const QUESTION = 'zq question'
export const ANSWER = 'zc answer'
export const THOUGHT = 'zr thought'

/** The two tools of all probes. */
export const NAME = 'zq_alpha'
export const OTHER_NAME = 'zq_beta'

/** Parameters by their types, in the order in which calls have them. */
export const TEXT = 'zk_text'
export const COUNT = 'zk_count'
const FLAG = 'zk_flag'
const LIST = 'zk_list'
const MAP = 'zk_map'
/** A key in that map. */
export const INNER = 'zk_inner'

export const VALUE = 'zv one'
export const OTHER_VALUE = 'zv two'

const properties = {
  [TEXT]: { type: 'string', description: 'zd' },
  [COUNT]: { type: 'integer', description: 'zd' },
  [FLAG]: { type: 'boolean', description: 'zd' },
  [LIST]: { type: 'array', items: { type: 'string' }, description: 'zd' },
  [MAP]: { type: 'object', properties: { [INNER]: { type: 'string', description: 'zd' } }, description: 'zd' },
}

/** As chat APIs hold them. */
export const TOOLS = [NAME, OTHER_NAME].map((name) => ({
  type: 'function',
  function: { name, description: 'zd', parameters: { type: 'object', properties, required: [] } },
}))

export interface ProbeCall {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
}

/** What a probe says the assistant said. */
export interface Said {
  readonly calls: readonly ProbeCall[]
  readonly content: string
  readonly reasoning: string
}

/** The words of it that stand apart: content, and the names of calls. */
export function wordsOf({ content, calls }: Said): string[] {
  return [content, ...calls.map(({ name }) => name)].filter((word) => word !== '')
}

const said = (calls: readonly ProbeCall[], content = '', reasoning = ''): Said => ({ calls, content, reasoning })
const call = (args: Readonly<Record<string, unknown>>, name = NAME): ProbeCall => ({ name, arguments: args })
const ONE = call({ [TEXT]: VALUE })
const OTHER = call({ [TEXT]: OTHER_VALUE }, OTHER_NAME)
const TYPED = call({ [TEXT]: VALUE, [COUNT]: 12, [FLAG]: true })

/** What a template is asked to write. */
export const PROBES = {
  answer: said([], ANSWER),
  'no arguments': said([call({})]),
  'one call': said([ONE]),
  'two calls': said([ONE, OTHER]),
  'two arguments': said([call({ [TEXT]: VALUE, [COUNT]: 12 })]),
  'typed arguments': said([TYPED]),
  'nested arguments': said([call({ [LIST]: ['zv one', 'zv two'], [MAP]: { [INNER]: 'zv in' } })]),
  'lines and marks': said([call({ [TEXT]: 'zv "one"\n  <b>two</b>, \\ {3}' })]),
  'three calls': said([ONE, OTHER, TYPED]),
  'content and a call': said([ONE], ANSWER),
  'reasoning and an answer': said([], ANSWER, THOUGHT),
  'reasoning and a call': said([ONE], '', THOUGHT),
} as const satisfies Readonly<Record<string, Said>>

export type ProbeName = keyof typeof PROBES
