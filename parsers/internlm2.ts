import { CALL_SHAPE } from '../src/engine/call-shape.js'
import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { THINK } from '../src/engine/reasoning-blocks.js'
import { jsonCalls } from '../src/families/json-calls/json-calls.js'
import { junkBefore } from '../src/recovery/junk-before.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'
import { secondMarker } from '../src/recovery/second-marker.js'
import { spacedJson } from '../src/values/json/spaced-json.js'

const OPEN = '<|action_start|>'
const PLUGIN = '<|plugin|>'
const CLOSE = '<|action_end|>'
const STOPS = ['<|im_end|>', '</s>']
const MARKERS = [OPEN, CLOSE, THINK.open, THINK.close, ...STOPS, '```']

/**
 * InternLM 2 and 2.5.
 *
 *     completion = text { block [text] } [stop]
 *     block      = "<|action_start|>" "<|plugin|>" object "<|action_end|>"     white space between the markers
 *     object     = {"name": …, "parameters": {…}}                              or "arguments"; "parameters" comes first
 *
 * `<|action_start|><|interpreter|>` holds code, and is text. Source: the chat format of InternLM2, and its parsers in
 * vLLM and SGLang.
 */
export const internlm2: Format = {
  id: 'internlm2',
  aliases: ['internlm2.5', 'internlm2_5'],
  wire: '<|action_start|><|plugin|>\\n{"name": …, "parameters": {…}}<|action_end|>',
  models: 'InternLM 2, 2.5, 3; Intern-S1',
  modelPatterns: [/\binternlm-?[23]/i, /\bintern-?s1/i],
  looks: [`${OPEN}${PLUGIN}`, `${OPEN} ${PLUGIN}`],
  flags: { vllm: 'internlm', sglang: 'interns1', lmdeploy: ['internlm', 'intern-s1'] },
  streams: 'argument text as it comes',
  headers: ['<|im_start|>assistant\n'],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [
    secondMarker(
      PLUGIN,
      junkBefore(
        [CLOSE],
        jsonCalls({
          open: [OPEN],
          close: [CLOSE],
          shape: { ...CALL_SHAPE, argumentKeys: ['parameters', 'arguments'] },
          dropStrays: true,
        }),
      ),
    ),
    misspeltMarkers({ open: [OPEN, PLUGIN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const blocks = calls.map(
      ({ name, arguments: args }) => `${OPEN}${PLUGIN}\n${spacedJson({ name, parameters: args })}${CLOSE}`,
    )
    return think + plainText('content', content, MARKERS) + blocks.join('\n')
  },
}
