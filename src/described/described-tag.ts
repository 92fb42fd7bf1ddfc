import { TOKEN_PIPES } from '../families/tagged/tagged-grammar.js'
import type { TagSyntax } from '../text/tag.js'
import { DescriptionError, wrongField } from './description-error.js'
import type { BlockMarks, Tag, TaggedDescription } from './format-description.js'

/** `<function={name}>`, `<invoke name="{name}">`, `<｜DSML｜parameter name="{key}" string="{isText}">` */
const TAG =
  /^<(?:([|｜‖])([\w-]{1,64})\1( ?))?([\w:.-]{1,64})(?:=\{(?:name|key)\}| name="\{(?:name|key)\}"(?: ([\w-]{1,64})="\{(isText|type)\}")?)>$/
/** `<tool_call>`, `<｜DSML｜tool_calls>` */
const BLOCK = /^<(?:([|｜‖])([\w-]{1,64})\1( ?))?([\w:.-]{1,64})>$/

interface NamedTag {
  readonly names: 'equals' | 'attribute'
  /** Of all tags of a format, as they begin: `<`, `<｜DSML｜ `. */
  readonly start: string
  readonly token: TagSyntax['token']
  readonly word: string
  readonly attribute: Pick<TagSyntax, 'textAttribute' | 'typeAttribute'>
}

/**
 * What the tags of a description look like, for their reader.
 * @param at the field that holds the description
 * @throws DescriptionError for what is no tag with a name
 */
export function tagSyntax({ block, call, parameter, typing, asides }: TaggedDescription, at: string): TagSyntax {
  const own = namedTag(call, '{name}', `${at}.call`)
  const inner =
    parameter === undefined ? { ...own, word: 'parameter' } : namedTag(parameter, '{key}', `${at}.parameter`)
  if (inner.names !== own.names || inner.start !== own.start)
    throw wrongField(`${at}.parameter.open`, `a tag that is written as ${call.open} is`, parameter?.open)
  if (typing === 'attribute' && Object.keys(inner.attribute).length === 0)
    throw wrongField(`${at}.parameter.open`, 'a tag with {isText} or {type}', parameter?.open)
  const { names, token, word } = own
  return {
    names,
    ...blockSyntax(block, own.start, `${at}.block`),
    call: word,
    parameter: inner.word,
    ...(token === undefined ? {} : { token }),
    ...(names === 'equals' ? { looseEnds: true } : {}),
    ...inner.attribute,
    ...(asides === undefined ? {} : { asides }),
  }
}

function namedTag({ open, close }: Tag, place: '{name}' | '{key}', at: string): NamedTag {
  const [, pipe, token, space, word = '', attribute, says] = (open.includes(place) && TAG.exec(open)) || []
  if (word === '')
    throw wrongField(`${at}.open`, `a tag with ${place}, such as <function=${place}> or <invoke name="${place}">`, open)
  const start = open.slice(0, open.indexOf(word, 1 + (pipe === undefined ? 0 : 2 + (token ?? '').length)))
  const end = `</${start.slice(1)}${word}>`
  if (close !== end) throw wrongField(`${at}.close`, end, close)
  return {
    names: open.includes(`=${place}`) ? 'equals' : 'attribute',
    start,
    token:
      pipe === undefined || token === undefined
        ? undefined
        : { word: token, pipes: pipe + TOKEN_PIPES.replace(pipe, ''), ...(space === ' ' ? { space: ' ' } : {}) },
    word,
    attribute:
      attribute === undefined ? {} : says === 'type' ? { typeAttribute: attribute } : { textAttribute: attribute },
  }
}

/** A block in tags of the same make, or between special tokens. */
function blockSyntax(
  block: BlockMarks | undefined,
  start: string,
  at: string,
): Pick<TagSyntax, 'blocks'> | Pick<TagSyntax, 'blocks' | 'blockMarks'> {
  if (block === undefined) return { blocks: [] }
  const { open, close, alsoOpen = [] } = block
  const words = [open, ...alsoOpen].map((marker) => wordIn(marker, start))
  if (words.every((word) => word !== undefined)) {
    const end = `</${start.slice(1)}${words[0]}>`
    if (close !== end) throw wrongField(`${at}.close`, end, close)
    return { blocks: words }
  }
  if (alsoOpen.length > 0)
    throw new DescriptionError(`${at}.alsoOpen: special tokens around a block come in one spelling`)
  if (close === '') throw wrongField(`${at}.close`, 'the marker that closes the block', close)
  return { blocks: [], blockMarks: { open, close } }
}

/** The word of the tag of a block, if it begins as all tags of its format do. */
function wordIn(open: string, start: string): string | undefined {
  const word = BLOCK.exec(open)?.[4]
  return word !== undefined && open === `${start}${word}>` ? word : undefined
}
