import type { Format } from '../src/format.js'
import { hermes } from './hermes.js'

/** Every format that the library knows. */
export const allFormats: readonly Format[] = [hermes]
