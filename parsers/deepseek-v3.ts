import { readDeepSeekHead } from '../src/families/deepseek-head.js'
import { nameJson } from '../src/families/name-json.js'
import { spellings } from '../src/families/spellings.js'
import type { Format } from '../src/format.js'
import { RenderError } from '../src/format.js'
import { plainText, spacedJson } from '../src/render.js'

const SECTION = { open: '<｜tool▁calls▁begin｜>', close: '<｜tool▁calls▁end｜>' }
const CALL = { open: '<｜tool▁call▁begin｜>', close: '<｜tool▁call▁end｜>' }
const SEPARATOR = '<｜tool▁sep｜>'
/** What R1's distilled models write for the section's opener. */
const SHORT_SECTION = '<｜tool▁calls｜>'
const STOP = '<｜end▁of▁sentence｜>'
const THINK = { open: '<think>', close: '</think>' }

/** Calls of DeepSeek in either shape: they read both, since models and settings confuse them. */
export const deepSeekCalls = nameJson({
  section: { open: [SECTION.open], close: [SECTION.close], alike: [SHORT_SECTION] },
  call: { open: [CALL.open], close: [CALL.close] },
  head: readDeepSeekHead,
  fence: true,
  spellings,
  // Kimi writes this one as well, with headers of its own.
  shared: ['<|tool_call_begin|>'],
})

const MARKERS = [SECTION.open, SECTION.close, CALL.open, CALL.close, SEPARATOR, SHORT_SECTION, STOP].flatMap(spellings)

/** What both formats of DeepSeek have in common. */
export const deepSeek = {
  streams: 'argument text as it comes',
  headers: ['<｜Assistant｜>'],
  stops: spellings(STOP),
  reasoning: { blocks: [THINK], opener: 'held' },
  families: [deepSeekCalls],
} as const satisfies Partial<Format>

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
  aliases: ['deepseekv3', 'deepseek_v3', 'deepseek-r1', 'deepseek_r1', 'deepseek'],
  wire: '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>NAME + a json fence + <｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  models: 'DeepSeek V3, V3-0324, R1, R1-0528, V2.5, Coder-V2',
  modelPatterns: [
    /\bdeepseek-?r1(?!-distill)/i,
    /\bdeepseek-?v3(?![._-]?[1-9](?!\d))/i,
    /\bdeepseek-?v2\.5/i,
    /\bdeepseek-coder-v2/i,
  ],
  thinkingModels: [/\bdeepseek-?r1/i],
  looks: [`${SECTION.open}${CALL.open}function${SEPARATOR}`],
  flags: { vllm: 'deepseek_v3', sglang: 'deepseekv3', llamacpp: 'auto', dynamo: 'deepseek_v3', ollama: 'deepseek3' },
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

/** The text of a completion with these calls, each without its markers. */
export function renderDeepSeek(content: string, reasoning: string, calls: readonly string[], between: string): string {
  const markers = [...MARKERS, THINK.open, THINK.close, '```']
  const think = reasoning === '' ? '' : `${THINK.open}${plainText('reasoning', reasoning, markers)}${THINK.close}`
  const text = think + plainText('content', content, markers)
  if (calls.length === 0) return text
  return text + SECTION.open + calls.map((call) => CALL.open + call + CALL.close).join(between) + SECTION.close
}

/** A name that is read back as it is. */
export function deepSeekName(name: string): string {
  const head = readDeepSeekHead(`${name}${SEPARATOR}{`)
  if (typeof head !== 'object' || head.name !== name || name.includes('\\') || name.length > 128) {
    throw new RenderError(
      `DeepSeek cannot write the name ${JSON.stringify(name)}: no white space, brackets, quotes, commas, "<", "\`" or "\\"`,
    )
  }
  return name
}
