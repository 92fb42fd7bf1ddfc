import type { Format } from '../../src/engine/format.js'
import { deepSeek, deepSeekName, renderDeepSeek } from '../../src/families/name-json/deepseek.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

/**
 * DeepSeek V3.1 and V3.1-Terminus.
 *
 *     section = "<｜tool▁calls▁begin｜>" call { call } "<｜tool▁calls▁end｜>"
 *     call    = "<｜tool▁call▁begin｜>" name "<｜tool▁sep｜>" object "<｜tool▁call▁end｜>"
 *
 * The shape of V3 is read too. Source: the chat template of deepseek-ai/DeepSeek-V3.1.
 */
export const deepseekV31: Format = {
  id: 'deepseek-v3.1',
  aliases: ['deepseek-v31'],
  wire: '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>NAME<｜tool▁sep｜>{…}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  models: 'DeepSeek V3.1, V3.1-Terminus, V3.2-Exp; Cogito v2.1',
  modelPatterns: [
    /\bdeepseek[.-]?(?:chat-)?v3[._p-]?1(?!\d)/i,
    // Amazon's id of V3.1 tells the version of the id only.
    /\bdeepseek\.v3-v1:/i,
    /\bdeepseek-?v3[._-]?2-exp/i,
    /\bcogito.*(?:671b|2[._p]1)/i,
  ],
  flags: {
    vllm: 'deepseek_v31',
    sglang: 'deepseekv31',
    dynamo: 'deepseek_v3_1',
    smg: 'deepseek31',
    llamacpp: 'auto',
    ollama: 'cogito',
    trtllm: 'deepseekv3.1',
  },
  ...deepSeek,
  render: ({ calls, content, reasoning }) =>
    renderDeepSeek(
      content,
      reasoning,
      calls.map(({ name, arguments: args }) => `${deepSeekName(name)}<｜tool▁sep｜>${spacedJson(args)}`),
      '',
    ),
}
