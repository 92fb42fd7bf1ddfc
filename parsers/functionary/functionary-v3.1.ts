import { type Format, RenderError } from '../../src/engine/format.js'
import { plainText } from '../../src/engine/plain-text.js'
import { QWEN_TAGS } from '../../src/families/tagged/qwen-tags.js'
import { tagged } from '../../src/families/tagged/tagged.js'
import type { TaggedGrammar } from '../../src/families/tagged/tagged-grammar.js'
import { ASSISTANT_HEADERS } from '../../src/formats/headers.js'
import { headlessObjects } from '../../src/recovery/headless-objects.js'
import { misspeltMarkers } from '../../src/recovery/misspelt-markers.js'
import { orphanEnds } from '../../src/recovery/orphan-ends.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const OPEN = '<function='
const CLOSE = '</function>'
const STOPS = ['<|eot_id|>', '<|eom_id|>', '<|end_of_text|>']
const MARKERS = [OPEN, CLOSE, '```', ...STOPS, ...ASSISTANT_HEADERS]

/** The tags of Qwen3-Coder without their block, and an object in place of parameters. */
const TAGS: TaggedGrammar = {
  ...QWEN_TAGS,
  syntax: { names: 'equals', blocks: [], call: 'function', parameter: 'parameter' },
  jsonBody: 'only',
}

/**
 * Functionary v3.1: the way of Llama 3.1's own examples.
 *
 *     completion = { text | call } [stop]
 *     call       = "<function=" NAME ">" object "</function>"
 *
 * Source: the chat template of meetkai/functionary-small-v3.1.
 */
export const functionaryV31: Format = {
  id: 'functionary-v3.1',
  aliases: ['functionary_v3_1'],
  wire: '<function=NAME>{…}</function>',
  models: 'Functionary v3.1',
  modelPatterns: [/\bfunctionary(?:-\w+)?-v?3[._p]1(?!\d)/i],
  flags: { llamacpp: 'auto' },
  looks: ['<function='],
  streams: 'argument text as it comes',
  headers: ASSISTANT_HEADERS,
  stops: STOPS,
  reasoning: undefined,
  families: [tagged(TAGS), headlessObjects([CLOSE]), orphanEnds([CLOSE]), misspeltMarkers({ open: [] })],
  render({ calls, content, reasoning }) {
    if (reasoning !== '') throw new RenderError('this format has no reasoning')
    const blocks = calls.map(({ name, arguments: args }) => `${OPEN}${nameOf(name)}>${spacedJson(args)}${CLOSE}`)
    return plainText('content', content, MARKERS) + blocks.join('')
  },
}

/** A name that the tag can hold. */
function nameOf(name: string): string {
  if (/^[^\s{}<>"'=]{1,128}$/.test(name)) return name
  throw new RenderError(
    `functionary-v3.1 cannot write the name ${JSON.stringify(name)}: 1 to 128 characters, none of them white space, a bracket or a quote`,
  )
}
