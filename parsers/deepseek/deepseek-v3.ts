import type { Format } from '../../src/engine/format.js'
import { deepSeek, deepSeekName, renderDeepSeek } from '../../src/families/name-json/deepseek.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const SEPARATOR = '<｜tool▁sep｜>'

/**
 * DeepSeek V3, V3-0324 and R1; Coder-V2 and V2.5 write the same.
 *
 *     completion = [reasoning] text [section] [stop]
 *     section    = "<｜tool▁calls▁begin｜>" call { newline call } "<｜tool▁calls▁end｜>"
 *     call       = "<｜tool▁call▁begin｜>function<｜tool▁sep｜>" name newline fence "<｜tool▁call▁end｜>"
 *     fence      = "```json" newline object newline "```"
 *
 * The shape of V3.1 is read too. Source: the chat templates of deepseek-ai/DeepSeek-V3-0324 and DeepSeek-R1.
 */
export const deepseekV3: Format = {
  id: 'deepseek-v3',
  aliases: ['deepseek-r1', 'deepseek_r1'],
  wire: '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>NAME + a json fence + <｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  models: 'DeepSeek V3, V3-0324, R1, R1-0528, V2.5, Coder-V2',
  modelPatterns: [
    // Distills are told to write so too, but mostly write plain JSON.
    /\bdeepseek[.-]?r1/i,
    /\bdeepseek[.-]?(?:chat-)?v3(?![._p-]?[1-9](?!\d))/i,
    /\bdeepseek-?v2\.5/i,
    /\bdeepseek-coder-v2/i,
  ],
  thinkingModels: [/\bdeepseek[.-]?r1/i],
  looks: [`<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function${SEPARATOR}`],
  flags: {
    vllm: 'deepseek_v3',
    sglang: 'deepseekv3',
    dynamo: 'deepseek_v3',
    smg: 'deepseek',
    llamacpp: 'auto',
    ollama: 'deepseek3',
    trtllm: 'deepseekv3',
  },
  ...deepSeek,
  render: ({ calls, content, reasoning }) =>
    renderDeepSeek(
      content,
      reasoning,
      calls.map(
        ({ name, arguments: args }) =>
          `function${SEPARATOR}${deepSeekName(name)}\n\`\`\`json\n${spacedJson(args)}\n\`\`\``,
      ),
      '\n',
    ),
}
