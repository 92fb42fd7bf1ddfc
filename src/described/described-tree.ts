import { tree } from '../families/tree/tree.js'
import { renderTree } from '../families/tree/tree-render.js'
import type { TreeSyntax } from '../families/tree/tree-tags.js'
import { behind, type Context, type DescribedCalls, inside, STRINGS_AS_THEY_COME } from './described-calls.js'
import { wrongField } from './description-error.js'
import type { Tag, TreeDescription } from './format-description.js'

const BLOCK = /^<([\w:.-]{1,64})>$/
const CALL = /^<([\w:.-]{1,64})(?: id="\{id\}")? name="\{name\}">$/
const TYPED_VALUE = /^<([\w:.-]{1,64}) name="\{key\}" type="\{type\}">$/
const KEY_VALUE = /^<\{key\}>$/

export function describedTree(calls: TreeDescription, { at, ids }: Context): DescribedCalls {
  const { spaces = {} } = calls
  const syntax = treeSyntax(calls, at)
  const { token } = syntax
  const hasId = calls.call.open.includes('{id}')
  return {
    families: [tree({ syntax })],
    streams: STRINGS_AS_THEY_COME,
    write(content, all, { tool }) {
      const texts = all.map((one, i) =>
        renderTree(syntax, one, tool, hasId ? (ids.written(one, i) ?? String(i)) : undefined),
      )
      const block = { open: token + calls.block.open, close: token + calls.block.close }
      return behind(content, spaces, inside(block, texts.join(spaces.between ?? ''), spaces.inBlock))
    },
  }
}

/** @throws DescriptionError naming the field that is no tag of a tree */
function treeSyntax({ token = '', block, call, value, item }: TreeDescription, at: string): TreeSyntax {
  const isKeyed = KEY_VALUE.test(value.open)
  if (isKeyed && token === '')
    throw wrongField(`${at}.token`, 'a token before each tag, since values are named after their keys', token)
  const words = {
    block: wordOf(block, BLOCK, `${at}.block`, 'a tag: <calls>'),
    call: wordOf(call, CALL, `${at}.call`, 'a tag with {name}: <call name="{name}">'),
  }
  if (!isKeyed) {
    const expected = 'a tag with {key}: <{key}> or <value name="{key}" type="{type}">'
    return { token, ...words, value: wordOf(value, TYPED_VALUE, `${at}.value`, expected) }
  }
  if (value.close !== '</{key}>') throw wrongField(`${at}.value.close`, '</{key}>', value.close)
  return {
    token,
    ...words,
    ...(item === undefined ? {} : { item: wordOf(item, BLOCK, `${at}.item`, 'a tag: <item>') }),
  }
}

function wordOf({ open, close }: Tag, pattern: RegExp, at: string, expected: string): string {
  const word = pattern.exec(open)?.[1]
  if (word === undefined) throw wrongField(`${at}.open`, expected, open)
  if (close !== `</${word}>`) throw wrongField(`${at}.close`, `</${word}>`, close)
  return word
}
