import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { renderTagged } from '../../src/families/tagged/tagged-render.js'
import { XTML, xtml } from '../../src/families/tagged/xtml.js'
import { XtmlTags } from '../../src/families/tagged/xtml-tags.js'

const THINK = { open: '<|open|>think<|sep|>', close: '<|close|>think<|sep|>' }
/** Around the answer. */
const RESPONSE = { open: '<|open|>response<|sep|>', close: '<|close|>response<|sep|>' }
const TOOLS = { open: '<|open|>tools<|sep|>', close: '<|close|>tools<|sep|>' }
const MESSAGE_END = '<|close|>message<|sep|>'
const STOPS = [MESSAGE_END, '<|end_of_msg|>']
const MARKERS = ['<|open|>', '<|close|>', '<|sep|>', '<|end_of_msg|>', '```']

/**
 * Kimi K3: XTML.
 *
 *     completion = [think] [response] [tools] "<|close|>message<|sep|>" "<|end_of_msg|>"
 *     think      = "<|open|>think<|sep|>" … "<|close|>think<|sep|>"                         the reasoning
 *     response   = "<|open|>response<|sep|>" … "<|close|>response<|sep|>"                   the answer
 *     tools      = "<|open|>tools<|sep|>" call { call } "<|close|>tools<|sep|>"
 *     call       = "<|open|>call tool=\"" NAME "\" index=\"" N "\"<|sep|>" ( { argument } | json ) "<|close|>call<|sep|>"
 *     argument   = "<|open|>argument key=\"" KEY "\" type=\"" TYPE "\"<|sep|>" value "<|close|>argument<|sep|>"
 *     json       = "<|open|>json type=\"object\"<|sep|>" object "<|close|>json<|sep|>"
 *
 * A value of the type `string` is text as it is, any other is JSON. Attributes escape `"` and `&`. The prompt opens the
 * reasoning, or the answer where the model is not to think. Source: the readers of SGLang and vLLM.
 */
export const kimiK3: Format = {
  id: 'kimi-k3',
  aliases: ['kimi_k3', 'kimik3'],
  wire: '<|open|>call tool="NAME" index="1"<|sep|><|open|>argument key="KEY" type="string"<|sep|>VALUE<|close|>argument<|sep|>…',
  models: 'Kimi K3',
  modelPatterns: [/\bkimi-?k3/i],
  thinkingModels: [/\bkimi-?k3/i],
  looks: [TOOLS.open, '<|open|>call tool='],
  flags: {
    vllm: 'kimi_k3',
    sglang: 'kimi_k3',
    dynamo: ['kimi_k3', 'kimi-k3'],
    smg: 'kimi_k3',
    llamacpp: 'kimi_k3',
    mlx: 'kimi_k3',
  },
  streams: 'string values as they come, others whole',
  // The prompt may end within the opener of a channel.
  headers: ['<|open|>message role="assistant"<|sep|>', 'response<|sep|>'],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  frames: [RESPONSE],
  families: [xtml()],
  render({ calls, content, reasoning, ...schema }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = content === '' ? '' : RESPONSE.open + plainText('content', content, MARKERS) + RESPONSE.close
    const tags = new XtmlTags()
    const blocks = calls.map((call, i) => renderTagged(XTML, call, schema, STOPS, tags, ` index="${i + 1}"`))
    const tools = calls.length === 0 ? '' : TOOLS.open + blocks.join('') + TOOLS.close
    return think + text + tools
  },
}
