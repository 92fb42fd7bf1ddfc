import type { Format, RenderCall } from '../src/engine/format.js'
import { plainText } from '../src/engine/plain-text.js'
import { fieldHead, nameBefore } from '../src/families/name-json/call-head.js'
import { nameJson } from '../src/families/name-json/name-json.js'
import { headlessCalls } from '../src/recovery/headless-call.js'
import { leftOut } from '../src/recovery/left-out.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'
import { spacedJson } from '../src/values/json/spaced-json.js'

const THINK = { open: '<|think|>', close: '<|end|>' }
const SECTION = { open: '<|tool_calls|>', close: '<|calls|>' }
const CALL = { open: '<|tool_call:begin|>', close: '<|tool_call:end|>' }
const NAME = '<|tool_call:name|>'
const ARGS = '<|tool_call:args|>'
/** Begins a further message of the turn, and what stands around content. */
const BEGIN = '<|begin|>assistant'
const CONTENT = '<|content|>'
const FLUSH = '<|flush|>'
const STOPS = ['<|endoftext|>']
const MARKERS = [
  ...[THINK, SECTION, CALL].flatMap(({ open, close }) => [open, close]),
  ...[NAME, ARGS, BEGIN, CONTENT, FLUSH, ...STOPS, '```'],
]

const readHead = fieldHead({
  fields: [{ is: 'id' }, { is: 'name', after: NAME }],
  argumentsAfter: ARGS,
  argumentsMarker: 'required',
  stops: [...STOPS, SECTION.open, SECTION.close, CALL.open, CALL.close],
})

/**
 * Solar Open 100B.
 *
 *     completion = [reasoning "<|begin|>assistant"] [content] [section] [stop]
 *     reasoning  = "<|think|>" … "<|end|>"
 *     content    = "<|content|>" text ( "<|flush|>" | "<|end|>" "<|begin|>assistant" )
 *     section    = "<|tool_calls|>" call { call } "<|calls|>"
 *     call       = "<|tool_call:begin|>" [ID] "<|tool_call:name|>" NAME "<|tool_call:args|>" object "<|tool_call:end|>"
 *
 * The closer of the section is a stop token, which servers take out. Source: the plugin of the model's authors for vLLM.
 */
export const solarOpen: Format = {
  id: 'solar-open',
  aliases: ['solar_open'],
  wire: '<|tool_calls|><|tool_call:begin|>ID<|tool_call:name|>NAME<|tool_call:args|>{…}<|tool_call:end|><|calls|>',
  models: 'Solar-Open 100B',
  modelPatterns: [/\bsolar-?open(?!-?2)/i],
  thinkingModels: [],
  looks: [SECTION.open + CALL.open, CALL.open],
  flags: { llamacpp: 'auto' },
  streams: 'argument text as it comes',
  headers: [BEGIN],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [
    nameJson({
      section: { open: [SECTION.open], close: [SECTION.close] },
      sectionless: 'native',
      call: { open: [CALL.open], close: [CALL.close] },
      head: readHead,
    }),
    headlessCalls([NAME, ARGS]),
    misspeltMarkers({ around: [SECTION.open], open: [CALL.open], close: [SECTION.close, CALL.close] }),
    leftOut([BEGIN, CONTENT, FLUSH]),
  ],
  render({ calls, content, reasoning }) {
    const messages: string[] = []
    if (reasoning !== '') messages.push(THINK.open + plainText('reasoning', reasoning, MARKERS) + THINK.close)
    if (content !== '') messages.push(CONTENT + plainText('content', content, MARKERS) + THINK.close)
    const blocks = calls.map((call) => CALL.open + headOf(call) + ARGS + spacedJson(call.arguments) + CALL.close)
    if (blocks.length > 0) messages.push(SECTION.open + blocks.join('') + SECTION.close)
    return messages.join(BEGIN)
  },
}

/** Its id, if it is one that the header can hold, and its name. */
function headOf({ name, id = '' }: RenderCall): string {
  const own = /^[\w-]{1,64}$/.test(id) ? id : ''
  nameBefore(`${ARGS}{`, readHead, name, own + NAME + name)
  return own + NAME + name
}
