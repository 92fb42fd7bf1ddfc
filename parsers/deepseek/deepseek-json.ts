import type { Format } from '../../src/engine/format.js'
import { lineEnd, plainText, plainThought } from '../../src/engine/plain-text.js'
import { bareJson } from '../../src/families/bare-json/bare-json.js'
import { ANY_LINE } from '../../src/families/bare-json/usual-places.js'
import { strippedCall } from '../../src/families/json-calls/stripped-call.js'
import { misspeltMarkers } from '../../src/recovery/misspelt-markers.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const THINK = { open: '<think>', close: '</think>', alike: ['<｜end▁of▁thinking｜>'] }
const STOPS = ['<｜end▁of▁sentence｜>']
const MARKERS = [THINK.open, THINK.close, ...STOPS, '```']

/**
 * DeepSeek models that were told in the prompt to answer with JSON: DeepSeek-Coder, the R1 distills.
 *
 *     completion = [reasoning] { text | calls | fence | stripped } [stop]
 *     calls      = payload { [","] payload }                            at the beginning of a line
 *     payload    = object | "[" object { "," object } "]" | {"tool_calls": [ object, … ]}
 *     object     = {"name": …, "arguments": {…}} | {"type": "function", "function": { … }}
 *     fence      = "```" ["json"] calls "```"
 *     stripped   = "function" name newline "```json" arguments "```"    a V3 call without its special tokens
 *
 * Names must be those of given tools, if tools were given. Everything else is content.
 */
export const deepseekJson: Format = {
  id: 'deepseek-json',
  aliases: [],
  wire: '{"name": …, "arguments": {…}}',
  models: 'DeepSeek-Coder and R1 distills that answer with plain JSON',
  modelPatterns: [/\bdeepseek-coder[:-](?!v2)/i, /\bdeepseek-r1(?:.*distill|:(?:1\.5|7|14|32|70)b)/i],
  thinkingModels: [/\bdeepseek-r1/i],
  looks: ['{"tool_calls":'],
  nativelyBare: true,
  flags: {},
  streams: 'argument text as it comes',
  headers: [],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [bareJson(ANY_LINE), strippedCall(), misspeltMarkers({ open: [] })],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = plainText('content', content, MARKERS)
    const objects = calls.map(({ name, arguments: args }) => spacedJson({ name, arguments: args }))
    return `${think}${text}${objects.length === 0 ? '' : lineEnd(text)}${objects.join('\n')}`
  },
}
