import type { Family, Format, ReasoningBlock } from '../../engine/format.js'
import { plainText, plainThought } from '../../engine/plain-text.js'
import { misspeltMarkers } from '../../recovery/misspelt-markers.js'
import { spacedJson } from '../../values/json/spaced-json.js'
import { jsonCalls } from './json-calls.js'
import { loneCall } from './lone-call.js'

/**
 * The families of formats that write calls as Hermes does, in tags of their own:
 *
 *     <longcat_tool_call>
 *     {"name": "get_tide", "arguments": {"port": "Moss"}}
 *     </longcat_tool_call>
 *
 * `others` read what else the model writes between these tags.
 */
export function hermesBlocks(open: string, close: string, ...others: readonly Family[]): readonly Family[] {
  return [
    jsonCalls({ open: [open], close: [close], dropStrays: true }),
    ...others,
    loneCall(open, close),
    misspeltMarkers({ open: [open], close: [close] }),
  ]
}

/** Renders reasoning, content and one block for each call, each on lines of its own. */
export function renderHermesBlocks({
  open,
  close,
  think,
  markers,
}: {
  readonly open: string
  readonly close: string
  readonly think: Pick<ReasoningBlock, 'open' | 'close'>
  readonly markers: readonly string[]
}): Format['render'] {
  return ({ calls, content, reasoning }) => {
    const thought = plainThought(reasoning, think, markers)
    const blocks = calls.map(
      ({ name, arguments: args }) => `${open}\n${spacedJson({ name, arguments: args })}\n${close}`,
    )
    return thought + plainText('content', content, markers) + blocks.join('\n')
  }
}
