import type { BlockMarks, Spaces, Tag, TaggedDescription, TreeDescription } from '../../described/format-description.js'
import { type Piece, piecesOf, spaceBefore, spaceBehind } from './pieces.js'
import type { Turn } from './probe.js'
import { COUNT, INNER, NAME, OTHER_NAME, OTHER_VALUE, TEXT, VALUE } from './sentinels.js'
import { type FindShape, type Shape, seen, spacesOf } from './shape.js'
import { stopBehind } from './split.js'
import type { Talk } from './talk.js'

/** Calls whose name and keys stand in tags. */
export const taggedShape: FindShape = (talk) => {
  const cut = cutTags(talk)
  if (cut === undefined) return undefined
  const { one, call, parameter, calls, outer } = cut
  const typed = typingOf(talk, parameter.open)
  const described: TaggedDescription = {
    family: 'tagged',
    ...(outer.block === undefined ? {} : { block: outer.block }),
    call,
    parameter: { open: typed.open, close: parameter.close },
    ...(typed.attribute ? { typing: 'attribute' } : { typing: 'schema' }),
    trim: cut.isOnLines ? 'newline' : 'none',
    layout: cut.layout,
    ...(talk.calls('lines and marks')?.text.includes('<![CDATA[') === true ? { cdata: true } : {}),
    oneBlock: outer.block?.around !== 'each call',
    ...spacesOf(outer.spaces),
  }
  return {
    calls: described,
    stops: stopBehind(one.text.slice(calls.to), '', outer.block !== undefined, talk.stops),
    about: {
      '': seen('tags hold the name and the keys, and values stand between them'),
      call: seen('the tag that holds the name, and the one behind the last value'),
      parameter: seen('the tag that holds the key, and the one behind the value'),
      typing: typed.attribute
        ? seen('the tag of a number differs from that of a text')
        : seen('tags of texts and of numbers are the same, so that the schema tells', 0.9),
      trim: seen(cut.isOnLines ? 'values stand on lines of their own' : 'values stand right between their tags', 0.9),
      ...outer.about,
    },
  } satisfies Shape
}

/** Calls whose values stand in one another, each in a tag with its key and its type. */
export const treeShape: FindShape = (talk) => {
  const cut = cutTags(talk)
  const nested = talk.calls('nested arguments')
  // What is in a map has a tag of its own: in other formats it is JSON.
  if (nested === undefined || !piecesOf(nested.text).some(({ isMarker, text }) => isMarker && text.includes(INNER)))
    return undefined
  if (cut?.outer.block === undefined) return undefined
  const { one, call, parameter, calls, outer } = cut
  const described: TreeDescription = {
    family: 'tree',
    block: { open: outer.block?.open ?? '', close: outer.block?.close ?? '' },
    call,
    value: { open: typingOf(talk, parameter.open).open, close: parameter.close },
    ...spacesOf(outer.spaces),
  }
  return {
    calls: described,
    stops: stopBehind(one.text.slice(calls.to), '', true, talk.stops),
    about: {
      '': seen('what stands in a map has a tag of its own'),
      value: seen('the tags around a value hold its key'),
      ...outer.about,
    },
  } satisfies Shape
}

interface TagCut {
  readonly one: Turn
  readonly call: Tag
  readonly parameter: Tag
  readonly isOnLines: boolean
  readonly layout: 'lines' | 'packed' | 'closer'
  /** From the opener of the first call to behind its closer. */
  readonly calls: { readonly from: number; readonly to: number }
  readonly outer: Outer
}

interface Outer {
  readonly block: BlockMarks | undefined
  readonly spaces: Spaces
  readonly about: Shape['about']
}

function cutTags(talk: Talk): TagCut | undefined {
  const one = talk.calls('one call')
  const cut = one && cutCall(one.text, NAME, VALUE)
  if (one === undefined || cut === undefined) return undefined
  const { name, key, valueEnd, end } = cut
  const { text } = one
  const value = text.slice(key.to, valueEnd.from)
  const isOnLines = value.startsWith('\n') && value.endsWith('\n') && value !== VALUE
  const beforeKey = text.slice(name.to, key.from)
  const beforeEnd = text.slice(valueEnd.to, end.from)
  return {
    one,
    call: { open: name.text.replace(NAME, '{name}'), close: end.text.replace(NAME, '{name}') },
    parameter: { open: key.text.replace(TEXT, '{key}'), close: valueEnd.text.replace(TEXT, '{key}') },
    isOnLines,
    layout: beforeKey.includes('\n') ? 'lines' : beforeEnd.includes('\n') ? 'closer' : 'packed',
    calls: { from: name.from, to: end.to },
    outer: outerOf(talk, one.text, name.from, end.to),
  }
}

/** The tags of the call of this name and value. */
function cutCall(text: string, called: string, value: string, start = 0) {
  const at = text.indexOf(value, start)
  const pieces = piecesOf(text).filter(({ from }) => from >= start)
  const before = pieces.filter(({ isMarker, to }) => isMarker && to <= at)
  const behind = pieces.filter(({ isMarker, from }) => isMarker && from >= at)
  const key = before.findLast(({ text }) => text.includes(TEXT))
  const name = before.findLast(({ text }) => text.includes(called))
  const [valueEnd, end] = behind
  if (key === undefined || name === undefined || valueEnd === undefined || end === undefined) return undefined
  if (key !== before.at(-1) || key.from < name.to || !/^<\//.test(end.text.replace(/^<[|｜]/, '<'))) return undefined
  return { name, key, valueEnd, end }
}

/** The block around calls: what does not come again between two is around all, what does is around each. */
function outerOf(talk: Talk, one: string, from: number, to: number): Outer {
  const before = one.slice(0, from)
  const behind = one.slice(to)
  const opener = piecesOf(before).findLast(({ isMarker }) => isMarker)
  const closer = piecesOf(behind)[0]
  const two = talk.calls('two calls')
  const first = two && cutCall(two.text, NAME, VALUE)
  const second = first && two && cutCall(two.text, OTHER_NAME, OTHER_VALUE, first.end.to)
  const between = first && second && two?.text.slice(first.end.to, second.name.from)
  const again = between === undefined ? [] : piecesOf(between)
  if (opener === undefined || closer === undefined || !closer.isMarker || talk.stops.includes(closer.text)) {
    const spaces = { before: spaceBefore(before), between: between ?? '' }
    return { block: undefined, spaces, about: {} }
  }
  const isEach = again.length > 0
  const open = before.slice(opener.from).trim()
  const spaces = {
    before: spaceBefore(before),
    ...(isEach
      ? {
          inBlock: spaceBehind(before),
          between: between?.slice((again[0] as Piece).to, (again.at(-1) as Piece).from) ?? '',
        }
      : { inBlock: spaceBehind(before), between: between ?? '' }),
  }
  const reason =
    two === undefined
      ? seen('stands around the one call of a turn', 0.7)
      : seen(isEach ? 'comes again around the second of two calls' : 'stands once, around two calls')
  return {
    block: { open, close: closer.text, around: isEach ? 'each call' : 'all calls' },
    spaces,
    about: { block: reason },
  }
}

/** Does the tag say what the value is? Two values of different types show it. */
function typingOf(talk: Talk, open: string): { open: string; attribute: boolean } {
  const typed = talk.calls('two arguments')?.text ?? ''
  const other = piecesOf(typed)
    .find(({ isMarker, text }) => isMarker && text.includes(COUNT))
    ?.text.replace(COUNT, '{key}')
  if (other === undefined || other === open) return { open, attribute: false }
  for (const [text, count, place] of [
    ['true', 'false', '{isText}'],
    ['string', 'number', '{type}'],
    ['string', 'integer', '{type}'],
    ['raw', 'json', '{type}'],
  ] as const) {
    const form = open.replace(`"${text}"`, `"${place}"`)
    if (form !== open && form.replace(place, count) === other) return { open: form, attribute: true }
  }
  return { open, attribute: false }
}
