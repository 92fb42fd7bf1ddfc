import { CALL_SHAPE } from '../../engine/call-shape.js'
import type { Family } from '../../engine/format.js'
import { misspeltMarkers } from '../../recovery/misspelt-markers.js'
import { jsonCalls } from '../json-calls/json-calls.js'
import { bareJson } from './bare-json.js'

/** The markers of a block, and what may separate its objects where it stands without them. */
export interface BlockOrBare {
  readonly open: string
  readonly close: string
  readonly separators?: string
}

/**
 * Call objects in a block, which models also write without its markers: at the start of the text, or in a fence that is the
 * whole text: `<TOOLCALL>[{"name": …, "arguments": {…}}]</TOOLCALL>`.
 */
export function blockOrBare({ open, close, ...objects }: BlockOrBare): Family[] {
  const markers = { open: [open], close: [close] }
  return [
    jsonCalls({ ...markers, dropStrays: true }),
    bareJson({
      where: 'text-start',
      withoutTools: 'text-start',
      commit: 'end',
      lists: true,
      ...objects,
      shape: CALL_SHAPE,
      close: [close],
      fences: { labels: ['json', ''], withoutTools: 'whole-text' },
    }),
    misspeltMarkers(markers),
  ]
}
