import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { QWEN_TAGS } from '../src/families/tagged/qwen-tags.js'
import { tagged } from '../src/families/tagged/tagged.js'
import type { TaggedGrammar } from '../src/families/tagged/tagged-grammar.js'
import { renderTagged } from '../src/families/tagged/tagged-render.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'

const OPEN = '<seed:tool_call>'
const CLOSE = '</seed:tool_call>'
const THINK = { open: '<seed:think>', close: '</seed:think>' }
const STOP = '<seed:eos>'
const MARKERS = [OPEN, CLOSE, '<function=', THINK.open, THINK.close, STOP, '```']

/** The tags of Qwen3-Coder in a block of another name. */
const TAGS: TaggedGrammar = { ...QWEN_TAGS, syntax: { ...QWEN_TAGS.syntax, blocks: ['seed:tool_call'] } }

/**
 * Seed-OSS: what Qwen3-Coder writes between tags, in a block of its own.
 *
 *     completion = [reasoning] { text | block } [stop]
 *     reasoning  = "<seed:think>" … "</seed:think>"
 *     block      = "<seed:tool_call>" call { call } "</seed:tool_call>"
 *     call       = "<function=" NAME ">" { parameter } "</function>"
 *     parameter  = "<parameter=" KEY ">" value "</parameter>"
 *
 * One line break at each edge of a value is markup. Source: the chat template of ByteDance-Seed/Seed-OSS-36B-Instruct.
 */
export const seedOss: Format = {
  id: 'seed-oss',
  aliases: ['seed_oss', 'seed'],
  wire: `${OPEN}<function=NAME><parameter=KEY>VALUE</parameter></function>${CLOSE}`,
  models: 'Seed-OSS 36B',
  modelPatterns: [/\bseed-?oss/i],
  looks: [OPEN],
  flags: { vllm: 'seed_oss', llamacpp: 'auto' },
  streams: 'string values as they come, others whole',
  headers: ['<seed:bos>assistant\n'],
  stops: [STOP],
  reasoning: { blocks: [THINK] },
  families: [tagged(TAGS), misspeltMarkers({ open: [OPEN], close: [CLOSE] })],
  render({ calls, content, reasoning, ...schema }) {
    const think = plainThought(reasoning, { ...THINK, close: `${THINK.close}\n` }, MARKERS)
    const text = plainText('content', content, MARKERS)
    const blocks = calls.map((call) => `${OPEN}\n${renderTagged(TAGS, call, schema, [STOP])}\n${CLOSE}`)
    return think + text + (text.trim() === '' || calls.length === 0 ? '' : '\n') + blocks.join('\n')
  },
}
