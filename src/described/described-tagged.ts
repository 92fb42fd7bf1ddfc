import { type Family, RenderError } from '../engine/format.js'
import { QWEN_TAGS } from '../families/tagged/qwen-tags.js'
import { tagged } from '../families/tagged/tagged.js'
import { ONE_BLOCK, type TaggedGrammar, WITH_TOKEN, withoutToken } from '../families/tagged/tagged-grammar.js'
import { isName } from '../families/tagged/tagged-header.js'
import { renderTagged } from '../families/tagged/tagged-render.js'
import { headlessObjects } from '../recovery/headless-objects.js'
import { orphanEnds } from '../recovery/orphan-ends.js'
import { spacedJson } from '../values/json/spaced-json.js'
import {
  AS_IT_COMES,
  behind,
  type Context,
  type DescribedCalls,
  framesOf,
  inside,
  STRINGS_AS_THEY_COME,
  spellable,
} from './described-calls.js'
import { tagSyntax } from './described-tag.js'
import type { TaggedDescription } from './format-description.js'

export function describedTagged(calls: TaggedDescription, { at, stops }: Context): DescribedCalls {
  const { block, call, parameter, spaces = {} } = calls
  const grammar = taggedGrammar(calls, at)
  const frame = framesOf(block)
  return {
    families: [tagged(grammar), ...damaged(calls, grammar)],
    streams: parameter === undefined ? AS_IT_COMES : STRINGS_AS_THEY_COME,
    ...(block === undefined ? {} : spellable(frame.open, frame.close)),
    write(content, all, schema) {
      const texts = all.map((one) => {
        if (parameter !== undefined) return renderTagged(grammar, one, schema, stops)
        if (!isName(one.name)) throw new RenderError(`${one.name}: the tag of a call cannot hold this name`)
        return call.open.replace('{name}', () => one.name) + spacedJson(one.arguments) + call.close
      })
      const { inBlock, between = '' } = spaces
      const around = (text: string) => inside(block, text, inBlock)
      const text = block?.around === 'each call' ? texts.map(around).join(between) : around(texts.join(between))
      return behind(content, spaces, text)
    },
  }
}

/** What reads calls whose tags are damaged, or lost their special token. */
function damaged({ block, call, parameter }: TaggedDescription, grammar: TaggedGrammar): Family[] {
  const { token } = grammar.syntax
  if (token !== undefined) {
    const [pipe = ''] = token.pipes
    return [tagged(withoutToken(grammar, pipe + token.word + pipe))]
  }
  if (block !== undefined) return []
  const ends = [call.close]
  return parameter === undefined ? [headlessObjects(ends), orphanEnds(ends)] : [orphanEnds(ends)]
}

/** The grammar of calls in tags. `at`: the field that describes it. */
export function taggedGrammar(calls: TaggedDescription, at: string): TaggedGrammar {
  const { block, parameter, trim = 'none', layout = 'lines', jsonBody = 'repair' } = calls
  const syntax = tagSyntax(calls, at)
  const { names, token, textAttribute, typeAttribute } = syntax
  const { typing = textAttribute === undefined && typeAttribute === undefined ? 'schema' : 'attribute' } = calls
  const before = calls.spaces?.before ?? ''
  return {
    ...QWEN_TAGS,
    ...(token === undefined ? {} : WITH_TOKEN),
    // A value that holds a call has no block in it that would be counted.
    ...(block === undefined ? { nesting: 'anywhere' } : {}),
    ...(calls.oneBlock === true ? ONE_BLOCK : {}),
    syntax: names === 'attribute' && token === undefined ? { ...syntax, quotes: 'optional' } : syntax,
    typing: typing === 'json or text' ? 'json' : typing,
    trim,
    bare: names === 'equals' || block === undefined ? 'known' : 'whole',
    jsonBody: parameter === undefined ? 'only' : jsonBody,
    ...(layout === 'lines' ? {} : { layout }),
    ...(calls.cdata === true ? { cdata: 'read' } : {}),
    ...(token !== undefined && /^\n{1,4}$/.test(before) ? { separator: before } : {}),
  }
}
