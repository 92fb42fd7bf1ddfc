import type { Family } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { MapValue } from '../../values/json/map-value.js'
import { nameJson } from '../name-json/name-json.js'
import { delimitedHead } from './delimited-head.js'

/** Calls whose arguments are a map with bare keys, and strings between delimiters: `call:f{city:<|"|>Oslo<|"|>,days:2}` */
export interface DelimitedGrammar {
  /** Around a call: `<|tool_call>` and `<tool_call|>`. */
  readonly open: string
  readonly close: string
  /** Before the name: `call:`. */
  readonly prefix: string
  /** At both ends of a string: `<|"|>`. */
  readonly delimiter: string
}

/**
 * The family of formats that write the arguments of a call as a map with bare keys. The name stands outside of them, as in
 * `name-json`, which reads all else.
 */
export function delimited({ open, close, prefix, delimiter }: DelimitedGrammar): Family {
  return nameJson({
    call: { open: [open], close: [close] },
    spellings: (marker) => (marker === open ? [open, collapsed(open)] : [marker]),
    head: delimitedHead(prefix),
    delimiter,
    value: ({ cursor, out }: Reading) =>
      new MapValue(cursor, out.settings.repair, out.settings.depth, delimiter, (at) => out.tooDeep(at)),
  })
}

/** `<|tool_call>call:` as some models write it: `<tool_call:` */
function collapsed(open: string): string {
  return `${open.replace('|', '').slice(0, -1)}:`
}
