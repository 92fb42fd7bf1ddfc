import type { Known } from '../detect/unread.js'

/**
 * What the engines name and callsift cannot read. An entry is taken out when its format lands: its names, models and
 * patterns go into the format's own file, and a test fails while both hold.
 */
export const known: Known = {
  unread: [
    {
      id: 'glm-4',
      aliases: ['chatglm3', 'glm-4-9b'],
      wire: 'NAME + newline + {…}',
      models: 'GLM-4 9B, 32B, ChatGLM3',
      modelPatterns: [/\bglm-?4-(?:9b|32b|z1)/i, /\bchatglm-?3/i],
      flags: {},
      markers: [],
      isNameLine: true,
    },
  ],
  noFormats: [
    {
      names: ['hf', 'response_template'],
      means: 'reads whatever the response_template in the tokenizer_config.json of the checkpoint says',
      instead: 'name the format that the model writes; callsift match NAME or tokenizer_config.json finds it',
    },
    { names: ['passthrough'], means: 'reads no calls', instead: 'leave callsift out, or name a format' },
    {
      names: ['default'],
      means: 'reads JSON after <TOOLCALL>, <|python_tag|> or no marker, from any model',
      instead: 'use llama3, or the format that callsift match NAME finds',
    },
  ],
}
