import { CALL_SHAPE } from '../../src/engine/call-shape.js'
import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { bareJson } from '../../src/families/bare-json/bare-json.js'
import type { BareJsonGrammar } from '../../src/families/bare-json/bare-json-grammar.js'
import { thenCalls } from '../../src/families/bare-json/then-calls.js'
import { FUNCTION_OPEN, functionTag } from '../../src/families/code/function-tag.js'
import { INTERPRETERS, pythonTag } from '../../src/families/code/python-tag.js'
import { pythonicCalls } from '../../src/families/pythonic/pythonic.js'
import { bareListText } from '../../src/families/pythonic/pythonic-text.js'
import { ASSISTANT_HEADERS } from '../../src/formats/headers.js'
import { misspeltMarkers } from '../../src/recovery/misspelt-markers.js'
import { orphanEnds } from '../../src/recovery/orphan-ends.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const TAG = '<|python_tag|>'
const STOPS = ['<|eot_id|>', '<|eom_id|>', '<|end_of_text|>']
const MARKERS = [TAG, '<function=', '</function>', ...Object.values(THINK), ...STOPS, ...ASSISTANT_HEADERS, '```']

/** Llama 3 writes `parameters`, so those stream; where `arguments` came first, or alone, they count. */
const BARE: BareJsonGrammar = {
  where: 'anywhere',
  withoutTools: 'behind-call',
  commit: 'arguments',
  shape: { ...CALL_SHAPE, nativeKey: 'parameters' },
  lists: true,
  separators: ';,',
  again: [TAG, FUNCTION_OPEN],
  pythonLists: true,
  fences: { withoutTools: 'never' },
}

/**
 * Llama 3.1, 3.2 and 3.3.
 *
 *     completion = [header] [reasoning] { text | tagged | function | calls | list } [stop]
 *     tagged     = "<|python_tag|>" ( calls | list | builtin | function | code )
 *     calls      = payload { [";" | ","] ["<|python_tag|>"] payload }
 *     payload    = object | "[" object { "," object } "]"
 *     object     = {"name": …, "parameters": {…}}                      keys in any order
 *     list       = "[" name "(" [key "=" value { "," key "=" value }] ")" … "]"
 *     builtin    = name ".call(" key "=" value { "," key "=" value } ")"
 *     function   = "<function=" name ">" [arguments] "</function>"
 *     code       = any text, for the code interpreter
 *
 * Without the tag, an object is a call only if it names a given tool, or stands at the start of the text or right behind a
 * call if no tools were given; never in a code fence, unless the whole text is one fence.
 *
 * Source: the prompt formats of meta-llama/llama-models.
 */
export const llama3: Format = {
  id: 'llama3',
  aliases: ['llama3_json', 'llama4_json', 'llama', 'llama3.1', 'llama3.2', 'llama3.3'],
  wire: '{"name": …, "parameters": {…}}',
  models: 'Llama 3.1, 3.2, 3.3',
  modelPatterns: [/\bllama-?v?3[._p-]?[1-3](?![\db])/i, /\bllama-?v?3\b/i, /(?:^|\/)nemotron:70b/i],
  nativelyBare: true,
  looks: [TAG],
  codeTools: INTERPRETERS,
  flags: {
    vllm: ['llama3_json', 'llama4_json'],
    sglang: 'llama3',
    dynamo: 'llama3_json',
    smg: ['llama', 'json'],
    llamacpp: 'auto',
    lmdeploy: 'llama3',
  },
  streams: 'argument text as it comes; builtin calls when they are closed',
  headers: ASSISTANT_HEADERS,
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [
    thenCalls(
      pythonTag({
        marker: TAG,
        further: BARE,
        list: pythonicCalls({ open: [TAG], close: [], commit: 'arguments' }),
      }),
      BARE,
    ),
    thenCalls(pythonicCalls({ open: [], close: [], bare: 'list' }), BARE),
    thenCalls(functionTag(), BARE),
    bareJson(BARE),
    misspeltMarkers({ open: [TAG] }),
    orphanEnds(['</function>']),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    // The tag makes a call certain, whatever stands before it and whatever tools are given.
    const objects = calls.map(({ name, arguments: args }) => TAG + spacedJson({ name, parameters: args }))
    const text = bareListText(plainText('content', content, MARKERS), [])
    return think + text + objects.join('; ')
  },
}
