import type { Format } from '../../src/engine/format.js'
import { museFormat, museRules } from '../../src/families/channels/muse.js'

/**
 * Muse Spark: the messages of Muse Glimmer, to more recipients.
 *
 *     recipient  = "self" (reasoning) | "user" | "commentary" (content) | "developer" (left out) | NAME (calls)
 *
 * A message without a recipient is reasoning. Names also come as NAME.NAME. Source: the parsers of vLLM and SGLang (`muse`).
 */
export const muse: Format = {
  id: 'muse',
  aliases: ['musespark1x', 'muse-spark'],
  wire: ' to=NAME.NAME<|message|><atem:function_calls><atem:invoke name="NAME.NAME"><atem:parameter name="KEY">VALUE…<|eom|>',
  models: 'Muse Spark',
  modelPatterns: [/\bmuse-?spark/i],
  flags: { vllm: ['muse', 'musespark1x'], sglang: 'muse', mlx: 'muse_spark' },
  ...museFormat(
    museRules({ self: 'reasoning', user: 'content', commentary: 'content', developer: 'left out' }, 'reasoning'),
  ),
}
