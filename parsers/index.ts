import type { Format } from '../src/format.js'
import { deepseekJson } from './deepseek-json.js'
import { deepseekV31 } from './deepseek-v3.1.js'
import { deepseekV32 } from './deepseek-v3.2.js'
import { deepseekV3 } from './deepseek-v3.js'
import { deepseekV4 } from './deepseek-v4.js'
import { hermes } from './hermes.js'
import { internlm2 } from './internlm2.js'
import { llama3 } from './llama3.js'
import { llama4Pythonic } from './llama4-pythonic.js'
import { mistral } from './mistral.js'
import { pythonic } from './pythonic.js'
import { qwen3Coder } from './qwen3-coder.js'

/** Every format that the library knows. */
export const allFormats: readonly Format[] = [
  hermes,
  llama3,
  mistral,
  deepseekV3,
  deepseekV31,
  deepseekV32,
  deepseekV4,
  deepseekJson,
  internlm2,
  pythonic,
  llama4Pythonic,
  qwen3Coder,
]
