import { delimited } from '../families/delimited/delimited.js'
import { renderDelimited } from '../families/delimited/delimited-render.js'
import { headlessStrings } from '../recovery/headless-string.js'
import { ARGUMENT_BY_ARGUMENT, behind, type DescribedCalls } from './described-calls.js'
import type { DelimitedDescription } from './format-description.js'

export function describedDelimited({ call, prefix, delimiter, spaces = {} }: DelimitedDescription): DescribedCalls {
  const grammar = { open: call.open, close: call.close, prefix, delimiter }
  return {
    families: [delimited(grammar), headlessStrings(delimiter)],
    streams: ARGUMENT_BY_ARGUMENT,
    write: (content, all) =>
      behind(content, spaces, all.map((one) => renderDelimited(grammar, one)).join(spaces.between ?? '')),
  }
}
