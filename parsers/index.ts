import type { Format } from '../src/format.js'
import { deepseekJson } from './deepseek-json.js'
import { hermes } from './hermes.js'
import { llama3 } from './llama3.js'
import { llama4Pythonic } from './llama4-pythonic.js'
import { pythonic } from './pythonic.js'

/** Every format that the library knows. */
export const allFormats: readonly Format[] = [hermes, llama3, deepseekJson, pythonic, llama4Pythonic]
