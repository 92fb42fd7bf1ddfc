import type { Format } from '../../src/engine/format.js'
import { museFormat, museRules } from '../../src/families/channels/muse.js'

/**
 * Muse Glimmer.
 *
 *     completion = message { "<|start|>assistant" message }            the prompt holds the first "<|start|>assistant"
 *     message    = [ " to=" recipient ] "<|message|>" text ( "<|eom|>" | "<|eot|>" | end of the text )
 *     recipient  = "self" (reasoning) | "user" (content) | NAME (calls)
 *     calls      = "<atem:function_calls>" call { call } "</atem:function_calls>"
 *     call       = "<atem:invoke name=\"" NAME "\">" { parameter } "</atem:invoke>"
 *     parameter  = "<atem:parameter name=\"" KEY "\">" value "</atem:parameter>"
 *
 * Values have the type of the tool's schema; where it says nothing they are JSON if they parse, else text.
 * Source: the parsers of SGLang (`muse`), vLLM (`muse_glimmer`) and Ollama (`glimmer`).
 */
export const glimmer: Format = {
  id: 'glimmer',
  aliases: ['muse_glimmer', 'muse-glimmer'],
  wire: ' to=NAME<|message|><atem:function_calls><atem:invoke name="NAME"><atem:parameter name="KEY">VALUE…<|eom|>',
  models: 'Muse Glimmer 30B',
  modelPatterns: [/\bmuse-?glimmer/i],
  flags: { vllm: 'muse_glimmer', sglang: 'muse', llamacpp: 'muse_glimmer', ollama: 'glimmer' },
  ...museFormat(museRules({ self: 'reasoning', user: 'content' }, 'content')),
}
