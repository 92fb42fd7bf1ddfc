import { existsSync } from 'node:fs'
import fc from 'fast-check'
import type { Format, ParserOptions } from '../../src/index.js'
import { readCases } from '../support/case.js'
import { type Turn, toolsFor, turns } from './calls.js'
import { alphabetOf, piecesOf, renderOf } from './format-facts.js'
import { mutate, mutation } from './mutate.js'
import { LONE_SURROGATES, ODD_CHARACTERS } from './values.js'

/** A text and the options to read it with. */
export interface Sample {
  text: string
  options: Omit<ParserOptions, 'format'>
}

/** Tags of thoughts that stay content, in any format. */
const SHOWN = ['<thinking>', '</thinking>']

/** Every kind of text: rendered, damaged, noise, odd characters, fixtures. */
export function samplesOf(format: Format): fc.Arbitrary<Sample> {
  const pieces = [...piecesOf(format), ...SHOWN]
  const damaged = fc.tuple(rendered(format), fc.array(mutation, { minLength: 1, maxLength: 4 }))
  const cases = fixturesOf(format)
  return fc.oneof(
    { weight: 2, arbitrary: rendered(format) },
    {
      weight: 5,
      arbitrary: damaged.map(([sample, steps]) => ({ ...sample, text: mutate(sample.text, pieces, steps) })),
    },
    { weight: 3, arbitrary: withOptions(noise(format)) },
    { weight: 1, arbitrary: withOptions(oddText(pieces)) },
    ...(cases.length === 0 ? [] : [{ weight: 3, arbitrary: fixtures(cases, pieces) }]),
  )
}

/** (a) What the format renders, with tools that offer the calls, other tools or none. */
function rendered(format: Format): fc.Arbitrary<Sample> {
  return fc
    .tuple(turns, options, fc.constantFrom('theirs', 'theirs', 'hostile', 'none given'))
    .map(([turn, rest, given]) => {
      const tools = toolsFor(turn.calls)
      const others = given === 'hostile' ? HOSTILE_TOOLS : undefined
      return { text: textOf(format, turn), options: { ...rest, tools: given === 'theirs' ? tools : others } }
    })
}

/** The turn as text; what the format refuses is left out, until something can be said. */
function textOf(format: Format, { calls, content, reasoning }: Turn): string {
  const tools = toolsFor(calls)
  const plain = calls.map((_, i) => ({ name: 'get_weather', arguments: { city: `Bergen ${i}` } }))
  return (
    renderOf(format, calls, { content, reasoning, tools }) ??
    renderOf(format, calls, { content: 'Now:', tools }) ??
    renderOf(format, plain, { content: 'Now:', tools: toolsFor(plain) }) ??
    content
  )
}

/** (c) Dense noise over the characters of the format's syntax, its pieces and beginnings of them. */
export function noise(format: Format): fc.Arbitrary<string> {
  const pieces = [...piecesOf(format), ...SHOWN]
  const token = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...alphabetOf(format)) },
    { weight: 4, arbitrary: fc.constantFrom(...pieces) },
    { weight: 2, arbitrary: cutPieces(pieces) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('get_weather', '"name": "f", ', '{"a": 1}', '"x"', "'y'", '\n', '```json\n', '```'),
    },
  )
  return fc.array(token, { maxLength: 40 }).map((tokens) => tokens.join(''))
}

function cutPieces(pieces: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...pieces), fc.nat({ max: 1000 }))
    .map(([piece, n]) => piece.slice(0, n % piece.length))
}

/** (d) Surrogates, whole and halved, other scripts and control characters between pieces of the syntax. */
function oddText(pieces: readonly string[]): fc.Arbitrary<string> {
  const token = fc.constantFrom(...ODD_CHARACTERS, ...LONE_SURROGATES, ...pieces, 'a', '"', '{', '}')
  return fc.array(token, { maxLength: 30 }).map((tokens) => tokens.join(''))
}

function fixtures(cases: readonly Sample[], pieces: readonly string[]): fc.Arbitrary<Sample> {
  return fc
    .tuple(fc.constantFrom(...cases), fc.array(mutation, { maxLength: 2 }))
    .map(([sample, steps]) => ({ ...sample, text: mutate(sample.text, pieces, steps) }))
}

/** The fixtures of a format as samples. */
export function fixturesOf(format: Format): Sample[] {
  const file = new URL(`../../fixtures/${format.id}.jsonl`, import.meta.url)
  if (!existsSync(file)) return []
  return readCases(file).map(({ completion, tools, options }) => ({ text: completion, options: { tools, ...options } }))
}

const TOOLS = toolsFor([
  { name: 'get_weather', arguments: { city: 'Bergen', n: 1 } },
  { name: 'f', arguments: { a: true } },
  { name: 'get', arguments: {} },
])

/** Schemas that refer to themselves or to nothing, and patterns that take for ever. */
const HOSTILE_TOOLS = ['f', 'get_weather', 'get'].map((name) => ({
  name,
  inputSchema: {
    $defs: { loop: { anyOf: [{ $ref: '#/$defs/loop' }, { $ref: '#' }] }, deep: { items: { $ref: '#/$defs/deep' } } },
    type: 'object',
    properties: {
      a: { $ref: '#/$defs/loop' },
      city: { type: 'string', pattern: '^(a+)+$' },
      n: { $ref: '#/nowhere' },
      path: { type: 'string', pattern: '(' },
      content: { $ref: '#/$defs/deep' },
      name: { enum: [] },
      id: { type: ['integer', 'null', 'tree'] },
    },
    required: ['constructor', '__proto__'],
  },
}))

/** Options other than tools: mostly none. */
export const options: fc.Arbitrary<Omit<ParserOptions, 'format'>> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Omit<ParserOptions, 'format'>>(
      { damaged: 'drop' },
      { repair: false },
      { startInReasoning: true },
      { callsInReasoning: 'never' },
      { callsInReasoning: 'never', startInReasoning: true },
      { toolChoice: 'none' },
      { toolChoice: 'required' },
      { coerce: true },
      { limits: { calls: 1 } },
      { limits: { argumentChars: 12 } },
      { limits: { depth: 2 } },
    ),
  },
)

function withOptions(text: fc.Arbitrary<string>): fc.Arbitrary<Sample> {
  return fc
    .tuple(text, options, fc.constantFrom(undefined, TOOLS, TOOLS, HOSTILE_TOOLS))
    .map(([text, rest, tools]) => ({ text, options: { ...rest, tools } }))
}
