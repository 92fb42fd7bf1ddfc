import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { fieldHead, nameBefore } from '../src/families/name-json/call-head.js'
import { nameJson } from '../src/families/name-json/name-json.js'
import { headlessCalls } from '../src/recovery/headless-call.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'
import { spacedJson } from '../src/values/json/spaced-json.js'

const THINK = { open: '<|plamo:begin_think:plamo|>', close: '<|plamo:end_think:plamo|>' }
const SECTION = { open: '<|plamo:begin_tool_requests:plamo|>', close: '<|plamo:end_tool_requests:plamo|>' }
const REQUEST = { open: '<|plamo:begin_tool_request:plamo|>', close: '<|plamo:end_tool_request:plamo|>' }
const NAME = { open: '<|plamo:begin_tool_name:plamo|>', close: '<|plamo:end_tool_name:plamo|>' }
const ARGS = { open: '<|plamo:begin_tool_arguments:plamo|>', close: '<|plamo:end_tool_arguments:plamo|>' }
const JSON_HEADER = '<|plamo:constrain|>json<|plamo:msg|>'
const CALL = { open: REQUEST.open + NAME.open, close: ARGS.close + REQUEST.close }
const BEFORE_ARGS = NAME.close + ARGS.open + JSON_HEADER
const STOP = '<|plamo:tag|>'
const MARKERS = ['<|plamo:', '```']

const readHead = fieldHead({
  fields: [{ is: 'name' }],
  argumentsAfter: BEFORE_ARGS,
  argumentsMarker: 'required',
  stops: ['<|plamo:'],
})

/**
 * PLaMo 3. With P(x) for `<|plamo:x:plamo|>`:
 *
 *     completion = [reasoning] text [section] "<|plamo:tag|>"
 *     reasoning  = P(begin_think) … P(end_think)                          mostly opened by the prompt
 *     section    = P(begin_tool_requests) call { call } P(end_tool_requests)
 *     call       = P(begin_tool_request) name arguments P(end_tool_request)
 *     name       = P(begin_tool_name) NAME P(end_tool_name)
 *     arguments  = P(begin_tool_arguments) "<|plamo:constrain|>json<|plamo:msg|>" object P(end_tool_arguments)
 *
 * A section ends open reasoning. Source: vLLM's reader of the format.
 */
export const plamo3: Format = {
  id: 'plamo3',
  aliases: ['plamo-3'],
  wire: '<|plamo:begin_tool_request:plamo|><|plamo:begin_tool_name:plamo|>NAME…<|plamo:constrain|>json<|plamo:msg|>{…}…',
  models: 'PLaMo 3',
  modelPatterns: [/\bplamo-?3/i],
  thinkingModels: [/\bplamo-?3/i],
  looks: [SECTION.open, REQUEST.open],
  flags: { vllm: 'plamo3' },
  streams: 'argument text as it comes',
  headers: [],
  stops: [STOP],
  reasoning: { blocks: [THINK] },
  families: [
    nameJson({
      section: { open: [SECTION.open], close: [SECTION.close] },
      call: { open: [CALL.open], close: [CALL.close] },
      head: readHead,
      // The end of the arguments ends the call, whatever became of the marker behind it.
      spellings: (marker) => (marker === CALL.close ? [marker, ARGS.close] : [marker]),
    }),
    headlessCalls([NAME.close, ARGS.open, JSON_HEADER]),
    misspeltMarkers({ open: [SECTION.open], close: [SECTION.close] }),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = think + plainText('content', content, MARKERS)
    if (calls.length === 0) return text
    const blocks = calls.map(
      ({ name, arguments: args }) =>
        CALL.open + nameBefore(`${BEFORE_ARGS}{`, readHead, name) + BEFORE_ARGS + spacedJson(args) + CALL.close,
    )
    return text + SECTION.open + blocks.join('') + SECTION.close
  },
}
