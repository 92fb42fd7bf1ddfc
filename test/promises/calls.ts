import fc from 'fast-check'
import type { JsonSchema } from '../../src/index.js'
import type { Call } from './format-facts.js'
import { argumentTrees, ODD_CHARACTERS, strings } from './values.js'

const NAMES = ['f', 'get_weather', 'get', 'write_file', 'search', 'a.b', 'run', 'list_files']
const ODD_NAMES = [
  'get-weather',
  'ns.tool',
  'ns:tool',
  'a/b',
  'functions.f',
  'größe',
  '工具',
  'x'.repeat(128),
  'F2',
  '_f',
  'city',
  'true',
]

export const names: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_NAMES) },
)

export const oddNames: fc.Arbitrary<string> = fc.constantFrom(...NAMES, ...ODD_NAMES)

export const calls: fc.Arbitrary<Call[]> = fc.array(fc.record({ name: names, arguments: argumentTrees }), {
  minLength: 1,
  maxLength: 3,
})

const PROSE = [
  'Checking the ferry now.',
  'A < B and B > C',
  'costs 5 | 6',
  'see [1]',
  'it is "so"',
  '- one\n- two',
  '\n',
  '\n\n',
  ' ',
  'Done!',
  'e.g. f(x)',
  '1. First',
]

/** What stands around calls: mostly words, sometimes anything. */
export const prose: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  {
    weight: 4,
    arbitrary: fc
      .array(fc.constantFrom(...PROSE, ...ODD_CHARACTERS), { minLength: 1, maxLength: 4 })
      .map((pieces) => pieces.join(' ')),
  },
  { weight: 1, arbitrary: strings },
)

/** What `render` takes. */
export interface Turn {
  calls: Call[]
  content: string
  reasoning: string
}

export const turns: fc.Arbitrary<Turn> = fc.record({ calls, content: prose, reasoning: prose })

/** Tools that offer exactly these calls, with the types that their arguments have. */
export function toolsFor(calls: readonly Call[]): { name: string; inputSchema: JsonSchema }[] {
  const tools = new Map<string, Map<string, Set<string>>>()
  for (const call of calls) {
    const parameters = tools.get(call.name) ?? new Map<string, Set<string>>()
    tools.set(call.name, parameters)
    for (const [key, value] of Object.entries(call.arguments)) {
      const types = parameters.get(key) ?? new Set<string>()
      parameters.set(key, types.add(typeOf(value)))
    }
  }
  return [...tools].map(([name, parameters]) => ({
    name,
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries([...parameters].map(([key, types]) => [key, { type: [...types] }])),
    },
  }))
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value
}
