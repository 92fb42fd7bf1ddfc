import type { Format, RenderCall } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { fieldHead, type NameField, nameBefore } from '../../src/families/name-json/call-head.js'
import { nameJson } from '../../src/families/name-json/name-json.js'
import { headlessCalls } from '../../src/recovery/headless-call.js'
import { misspeltMarkers } from '../../src/recovery/misspelt-markers.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const SECTION = { open: '<|tool_calls_section_begin|>', close: '<|tool_calls_section_end|>' }
const CALL = { open: '<|tool_call_begin|>', close: '<|tool_call_end|>' }
const ARGS = '<|tool_call_argument_begin|>'
const OLD_THINK = { open: '◁think▷', close: '◁/think▷' }
const STOP = '<|im_end|>'
const REASONING = [THINK, OLD_THINK]
const MARKERS = [
  ...[SECTION, CALL, ...REASONING].flatMap(({ open, close }) => [open, close]),
  ...['<|tool_call_section_begin|>', '<|tool_call_section_end|>', ARGS, STOP, '```'],
]

/** `functions.get_tide:0`; the prefix and the index may be missing. */
const ID = /^(?:functions\.)?(.{1,128}?)(?::\d{1,9})?$/u
/** An id without a name: `functions.:0` */
const BARE_INDEX = /^(?:functions\.)?:\d{1,9}$/
/** `functions_get_tide_0`, `functionsget_tide0`, `functions:get_tide:0` */
const LOOSE_ID = /^functions[._:]?(.{1,128}?)[:_]?(\d{1,9})$/u

const readHead = fieldHead({
  fields: [{ is: 'name' }],
  argumentsAfter: ARGS,
  argumentsMarker: 'required',
  stops: [STOP, SECTION.open, SECTION.close, CALL.open, CALL.close],
  decode: nameIn,
})

/**
 * Kimi K2, K2-Thinking, K2.5 and later.
 *
 *     completion = [reasoning] text [section] [stop]
 *     reasoning  = "<think>" … "</think>"
 *     section    = "<|tool_calls_section_begin|>" call { call } "<|tool_calls_section_end|>"
 *     call       = "<|tool_call_begin|>" id "<|tool_call_argument_begin|>" object "<|tool_call_end|>"
 *     id         = "functions." NAME ":" INDEX
 *
 * White space may stand between all of them, and calls may stand without their section, which may also be opened inside the
 * reasoning. The id is the call's own (`nativeId`). K2.7 also writes `functions_NAME_INDEX`, and `tool_call_section` in the
 * singular; some quants lose the separators of the id. Source: the chat templates of moonshotai/Kimi-K2-Instruct and Kimi-K2.5.
 */
export const kimiK2: Format = {
  id: 'kimi-k2',
  aliases: ['kimi_k25', 'kimi-k2.5', 'kimi'],
  wire: `${CALL.open}functions.NAME:0${ARGS}{…}${CALL.close}, in ${SECTION.open}…`,
  models: 'Kimi K2, K2-Thinking, K2.5, K2.6, K2.7-Code',
  modelPatterns: [/\bkimi-?k2/i, /\bkimi-?linear/i],
  // From K2.5 on the prompt opens the reasoning.
  thinkingModels: [/\bkimi-?k2[._p][5-9]/i],
  looks: [SECTION.open, `${CALL.open}functions.`],
  flags: {
    vllm: 'kimi_k2',
    sglang: 'kimi_k2',
    dynamo: 'kimi_k2',
    smg: 'kimik2',
    llamacpp: 'kimi_k2',
    mlx: 'kimi_k2',
    trtllm: 'kimi_k2',
    lmdeploy: 'kimi_k2',
  },
  streams: 'argument text as it comes',
  headers: ['<|im_assistant|>assistant<|im_middle|>'],
  stops: [STOP],
  reasoning: { blocks: REASONING },
  families: [
    nameJson({
      section: { open: [SECTION.open], close: [SECTION.close] },
      sectionless: 'native',
      call: { open: [CALL.open], close: [CALL.close] },
      head: readHead,
      spellings: (marker) => [marker, marker.replace('calls_section', 'call_section')],
      // DeepSeek's, where its pipes are spelt in ASCII.
      shared: [CALL.open],
    }),
    headlessCalls([ARGS]),
    misspeltMarkers({ open: [SECTION.open], close: [SECTION.close] }),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = think + plainText('content', content, MARKERS)
    if (calls.length === 0) return text
    const blocks = calls.map(
      (call, index) => CALL.open + idOf(call, index) + ARGS + spacedJson(call.arguments) + CALL.close,
    )
    return text + SECTION.open + blocks.join('') + SECTION.close
  },
}

function nameIn(id: string): NameField {
  const name = BARE_INDEX.test(id) ? '' : (ID.exec(id)?.[1] ?? id)
  const [, loose, index] = LOOSE_ID.exec(id) ?? []
  if (loose === undefined || loose === name) return { name, id }
  return { name, id, meant: { name: loose, written: `functions.${loose}:${index}` } }
}

/** The id that the call came with, if it is one of Kimi's. */
function idOf({ name, id }: RenderCall, index: number): string {
  const own = id !== undefined && /^functions\..{1,128}:\d{1,9}$/u.test(id) && nameIn(id).name === name
  return nameBefore(`${ARGS}{`, readHead, name, own ? id : `functions.${name}:${index}`)
}
