import type { Format } from '../src/engine/format.js'
import { beam } from './beam.js'
import { deepseekJson } from './deepseek/deepseek-json.js'
import { deepseekV31 } from './deepseek/deepseek-v3.1.js'
import { deepseekV32 } from './deepseek/deepseek-v3.2.js'
import { deepseekV3 } from './deepseek/deepseek-v3.js'
import { deepseekV41 } from './deepseek/deepseek-v4.1.js'
import { deepseekV4 } from './deepseek/deepseek-v4.js'
import { harmony } from './harmony.js'
import { hermes } from './hermes.js'
import { inkling } from './inkling.js'
import { internlm2 } from './internlm2.js'
import { llama3 } from './llama/llama3.js'
import { llama4Pythonic } from './llama/llama4-pythonic.js'
import { mimo } from './mimo.js'
import { mistral } from './mistral.js'
import { glimmer } from './muse/glimmer.js'
import { muse } from './muse/muse.js'
import { pythonic } from './pythonic.js'
import { qwen } from './qwen/qwen.js'
import { qwen3Coder } from './qwen/qwen3-coder.js'

/**
 * Every format that the library knows. Where several would read a text equally well, `auto` and `detect` take the first:
 * the one that most models write.
 */
export const allFormats: readonly Format[] = [
  hermes,
  qwen3Coder,
  mimo,
  qwen,
  pythonic,
  llama3,
  llama4Pythonic,
  mistral,
  deepseekV31,
  deepseekV3,
  deepseekV4,
  deepseekV41,
  deepseekV32,
  deepseekJson,
  internlm2,
  harmony,
  beam,
  inkling,
  glimmer,
  muse,
]
