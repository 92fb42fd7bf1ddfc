import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { tree } from '../../src/families/tree/tree.js'
import { renderTree } from '../../src/families/tree/tree-render.js'
import type { TreeSyntax } from '../../src/families/tree/tree-tags.js'

const TOKEN = ']<]minimax[>['
const SYNTAX: TreeSyntax = { token: TOKEN, block: 'tool_call', call: 'invoke', item: 'item' }
const THINK = { open: '<mm:think>', close: '</mm:think>' }
const STOP = '[e~['
const MARKERS = [TOKEN, THINK.open, THINK.close, STOP, '```']

/**
 * MiniMax M3 and M3.1: a tree of elements named after their keys. With NS for the token `]<]minimax[>[`, which stands before
 * each tag, so that ordinary tags are text:
 *
 *     completion = [reasoning] text [block] [stop]
 *     reasoning  = "<mm:think>" … "</mm:think>"              a turn without it may begin with the closer alone
 *     block      = NS "<tool_call>" call { call } NS "</tool_call>"
 *     call       = NS "<invoke name=\"" NAME "\">" { element } NS "</invoke>"
 *     element    = NS "<" KEY ">" ( text | { element } ) NS "</" KEY ">"
 *
 * The schema types them: an object has elements, a list has elements called `item`, or its key comes again; all else is
 * text. Source: the chat template of MiniMaxAI/MiniMax-M3, and its parsers in vLLM, SGLang and llama.cpp.
 */
export const minimaxM3: Format = {
  id: 'minimax-m3',
  aliases: ['minimax_m3', 'minimaxm3'],
  wire: `NS<tool_call>NS<invoke name="NAME">NS<KEY>VALUENS</KEY>NS</invoke>NS</tool_call>, NS = ${TOKEN}`,
  models: 'MiniMax M3, M3.1',
  modelPatterns: [/\bminimax-?m3/i],
  unsettledModels: [/\bminimax-?m3/i],
  looks: [TOKEN],
  flags: {
    vllm: 'minimax_m3',
    sglang: 'minimax-m3',
    dynamo: ['minimax_m3', 'minimax-m3', 'minimax_m3_nom', 'minimax-m3-nom'],
    smg: 'minimax_m3',
    llamacpp: 'minimax_m3',
  },
  streams: 'string values as they come, others whole',
  headers: [']~b]ai\n'],
  stops: [STOP],
  reasoning: { blocks: [THINK] },
  families: [tree({ syntax: SYNTAX })],
  render({ calls, content, reasoning, tool }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = think + plainText('content', content, MARKERS)
    if (calls.length === 0) return text
    const blocks = calls.map((call) => `${renderTree(SYNTAX, call, tool)}\n`)
    return `${text}${text === '' ? '' : '\n'}${TOKEN}<tool_call>\n${blocks.join('')}${TOKEN}</tool_call>`
  },
}
