import type { PairSyntax } from '../families/pairs/pair-syntax.js'
import { PairTags } from '../families/pairs/pair-tags.js'
import { pairs } from '../families/pairs/pairs.js'
import { type PairsGrammar, taggedOf } from '../families/pairs/pairs-grammar.js'
import { renderTagged } from '../families/tagged/tagged-render.js'
import { behind, type Context, type DescribedCalls, inside, STRINGS_AS_THEY_COME } from './described-calls.js'
import { wrongField } from './description-error.js'
import type { PairsDescription, Tag } from './format-description.js'

export function describedPairs(calls: PairsDescription, { at, stops }: Context): DescribedCalls {
  const { block, call, nameEnd, key, type, value, valueOnNextLine, suffixes, trim, layout, jsonBody, objects } = calls
  const { spaces = {} } = calls
  const pair = ({ open, close }: Tag) => [open, close] as const
  const syntax: PairSyntax = {
    ...(block === undefined ? {} : { block: pair(block) }),
    call: pair(call),
    ...(nameEnd === undefined ? {} : { nameEnd }),
    key: pair(key),
    ...(type === undefined ? {} : { type: pair(type) }),
    value: pair(value),
    ...(valueOnNextLine === true ? { space: '\n' } : {}),
    ...(suffixes === undefined ? {} : { suffixes }),
  }
  checkMarkers(calls, at)
  const grammar: PairsGrammar = {
    syntax,
    ...(trim === 'newline' ? { trim } : {}),
    layout: layout ?? 'packed',
    ...(jsonBody === 'native' ? { jsonBody } : {}),
    ...(objects === true ? { objects: 'native' } : {}),
  }
  const tags = new PairTags(syntax)
  const tagged = taggedOf(grammar, tags)
  return {
    families: [pairs(grammar)],
    streams: STRINGS_AS_THEY_COME,
    write(content, all, schema) {
      const text = all.map((one) => renderTagged(tagged, one, schema, stops, tags)).join(spaces.between ?? '')
      return behind(content, spaces, inside(block, text, spaces.inBlock))
    },
  }
}

/** Markers are read as tags. Only a value may have no opener. */
function checkMarkers({ block, call, nameEnd, key, type, value }: PairsDescription, at: string): void {
  const markers = Object.entries({ block, call, key, type, value }).flatMap(([field, tag]): [string, string][] =>
    tag === undefined
      ? []
      : [
          [`${field}.open`, tag.open],
          [`${field}.close`, tag.close],
        ],
  )
  if (nameEnd !== undefined) markers.push(['nameEnd', nameEnd])
  for (const [field, marker] of markers) {
    const mayBeEmpty = field === 'value.open'
    if (!/^<[^<>\s]{1,128}>$/.test(marker) && !(mayBeEmpty && marker === ''))
      throw wrongField(`${at}.${field}`, 'a marker between < and >', marker)
  }
}
