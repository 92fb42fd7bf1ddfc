import { CALL_SHAPE } from '../src/engine/call-shape.js'
import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { THINK as THINK_TAG } from '../src/engine/reasoning-blocks.js'
import { bareJson } from '../src/families/bare-json/bare-json.js'
import { jsonCalls } from '../src/families/json-calls/json-calls.js'
import { listOrObject } from '../src/families/json-calls/list-or-object.js'
import { fieldHead, nameBefore } from '../src/families/name-json/call-head.js'
import { nameJson } from '../src/families/name-json/name-json.js'
import { headlessCalls } from '../src/recovery/headless-call.js'
import { spacedJson } from '../src/values/json/spaced-json.js'

const OPEN = '[TOOL_CALLS]'
/** No token of theirs, but written by some. */
const CLOSE = '[/TOOL_CALLS]'
const ID = '[CALL_ID]'
const ARGS = '[ARGS]'
const THINK = { open: '[THINK]', close: '[/THINK]' }
const STOP = '</s>'
const MARKERS = [OPEN, CLOSE, ID, ARGS, THINK.open, THINK.close, THINK_TAG.open, THINK_TAG.close, STOP, '```']

const readHead = fieldHead({
  fields: [{ is: 'name' }, { is: 'id', after: ID, optional: true }],
  argumentsAfter: ARGS,
  argumentsMarker: 'optional',
  stops: [STOP],
})

/**
 * Every Mistral since 7B v0.3. The model's name does not tell the shape of its calls: the text does.
 *
 *     completion = [reasoning] text { section } text [stop]
 *     reasoning  = "[THINK]" … "[/THINK]" | "<think>" … "</think>"
 *     section    = "[TOOL_CALLS]" ( array | object | compact )
 *     array      = "[" [ object { "," object } ] "]"                              v2 to v7
 *     object     = {"name": …, "arguments": {…}, "id": …}
 *     compact    = name [ "[CALL_ID]" id ] [ "[ARGS]" ] {…}                       v11 on: the marker before each call
 *
 * Without the marker: an array or object that is the whole message, `name[ARGS]{…}` at its start, fences of calls.
 * Source: the tokenizers of mistral-common.
 */
export const mistral: Format = {
  id: 'mistral',
  aliases: ['magistral', 'devstral', 'mixtral'],
  wire: '[TOOL_CALLS]NAME[ARGS]{…} or [TOOL_CALLS] [{"name": …, "arguments": {…}}]',
  models: 'Mistral 7B v0.3, Nemo, Small, Medium, Large; Mixtral, Ministral, Magistral, Devstral, Codestral, Voxtral',
  modelPatterns: [/\b(?:mi[sx]tral|ministral|magistral|devstral|codestral|pixtral|voxtral|leanstral|mathstral)/i],
  looks: [OPEN],
  flags: {
    vllm: 'mistral',
    sglang: 'mistral',
    dynamo: 'mistral',
    smg: 'mistral',
    llamacpp: 'ministral_3',
    ollama: 'ministral',
    mlx: 'mistral',
  },
  streams: 'argument text as it comes',
  headers: [],
  stops: [STOP],
  reasoning: { blocks: [THINK, THINK_TAG] },
  families: [
    { ...listOrObject(jsonCalls({ open: [OPEN], close: [], payloads: 'one' })), strays: [CLOSE] },
    nameJson({ call: { open: [OPEN], close: [] }, head: readHead, unmarkedStart: true }),
    headlessCalls([ARGS]),
    bareJson({
      where: 'text-start',
      withoutTools: 'text-start',
      commit: 'end',
      lists: true,
      envelope: 'tool_calls',
      shape: CALL_SHAPE,
      fences: { labels: ['json', ''], withoutTools: 'whole-text' },
    }),
  ],
  makeId: (index) => `call${index.toString(36).padStart(5, '0')}`,
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const blocks = calls.map(
      ({ name, arguments: args, id }) =>
        `${OPEN}${nameBefore(ARGS, readHead, name)}${idOf(id)}${ARGS}${spacedJson(args)}`,
    )
    return think + plainText('content', content, MARKERS) + blocks.join('')
  },
}

/** Ids that these models know; others are left out. */
function idOf(id: string | undefined): string {
  return id !== undefined && /^[a-zA-Z0-9]{9}$/.test(id) ? ID + id : ''
}
