import type { Format } from '../../engine/format.js'
import { plainText } from '../../engine/plain-text.js'
import { headlessCalls } from '../../recovery/headless-call.js'
import { misspeltMarkers } from '../../recovery/misspelt-markers.js'
import { spellings } from '../../recovery/spellings.js'
import { nameBefore } from './call-head.js'
import { readDeepSeekHead } from './deepseek-head.js'
import { nameJson } from './name-json.js'

const SECTION = { open: '<｜tool▁calls▁begin｜>', close: '<｜tool▁calls▁end｜>' }
const CALL = { open: '<｜tool▁call▁begin｜>', close: '<｜tool▁call▁end｜>' }
const SEPARATOR = '<｜tool▁sep｜>'
/** What R1's distilled models write for the section's opener. */
const SHORT_SECTION = '<｜tool▁calls｜>'
const STOP = '<｜end▁of▁sentence｜>'
const THINK = { open: '<think>', close: '</think>', alike: ['<｜end▁of▁thinking｜>'] }

/** Calls of DeepSeek in either shape: they read both, since models and settings confuse them. */
const deepSeekCalls = nameJson({
  section: { open: [SECTION.open], close: [SECTION.close], alike: [SHORT_SECTION] },
  call: { open: [CALL.open], close: [CALL.close] },
  head: readDeepSeekHead,
  fence: true,
  spellings,
  // Kimi writes this one as well, with headers of its own.
  shared: ['<|tool_call_begin|>'],
})

/** What both formats of DeepSeek have in common. */
export const deepSeek = {
  streams: 'argument text as it comes',
  headers: ['<｜Assistant｜>'],
  stops: spellings(STOP),
  reasoning: { blocks: [THINK] },
  families: [
    deepSeekCalls,
    headlessCalls(spellings(SEPARATOR)),
    misspeltMarkers({ around: [SECTION.open, SHORT_SECTION], open: [CALL.open], close: [SECTION.close, CALL.close] }),
  ],
} as const satisfies Partial<Format>

/** The text of a completion with these calls, each without its markers. */
export function renderDeepSeek(content: string, reasoning: string, calls: readonly string[], between: string): string {
  const tokens = [SECTION.open, SECTION.close, CALL.open, CALL.close, SEPARATOR, SHORT_SECTION, STOP].flatMap(spellings)
  const markers = [...tokens, THINK.open, THINK.close, '```']
  const think = reasoning === '' ? '' : `${THINK.open}${plainText('reasoning', reasoning, markers)}${THINK.close}`
  const text = think + plainText('content', content, markers)
  if (calls.length === 0) return text
  return text + SECTION.open + calls.map((call) => CALL.open + call + CALL.close).join(between) + SECTION.close
}

/** A name that is read back as it is. Throws a `RenderError` for any other. */
export function deepSeekName(name: string): string {
  return nameBefore(`${SEPARATOR}{`, readDeepSeekHead, name)
}
