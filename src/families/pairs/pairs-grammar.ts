import { ONE_BLOCK, type TaggedGrammar } from '../tagged/tagged-grammar.js'
import type { PairSyntax } from './pair-syntax.js'
import { PairTags } from './pair-tags.js'

/** Calls whose keys and values are elements of their own, as data. */
export interface PairsGrammar {
  readonly syntax: PairSyntax
  /** One newline at each edge of a value is markup. Default: all of it is the value's. */
  readonly trim?: 'newline'
  /** Where newlines are written: before every marker, before none, or before the call's closer only. Read is any. */
  readonly layout: 'lines' | 'packed' | 'closer'
  /** A JSON object behind the name, in place of pairs, is the model's own way too. Default: it is a repair. */
  readonly jsonBody?: 'native'
  /** A call may be one JSON object instead, with its name and its arguments: `<ifm|tool_call>{"name": …}</ifm|tool_call>`. */
  readonly objects?: 'native'
}

/** The same as tags that hold names. `tags`: what reads them. */
export function taggedOf({ syntax, trim, layout, jsonBody }: PairsGrammar, tags = new PairTags(syntax)): TaggedGrammar {
  return {
    syntax: tags.syntax,
    typing: 'schema',
    trim: trim ?? 'none',
    ...ONE_BLOCK,
    stop: 'last',
    atEnd: 'trusted',
    bare: 'known',
    jsonBody: jsonBody ?? 'repair',
    duplicates: 'accepted',
    quotable: true,
    ...(layout === 'lines' ? {} : { layout }),
  }
}
