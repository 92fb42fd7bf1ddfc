import { isBlank } from './characters.js'
import { MarkerSet } from './matcher.js'

/** What the tags of a format look like, as data. */
export interface TagSyntax {
  /**
   * Where a call's name and a parameter's key are written: `<function=NAME>`, `<invoke name="NAME">`, or behind or
   * between tags.
   */
  readonly names: 'equals' | 'attribute' | 'elements'
  /** The quotes around attribute values may be left out. */
  readonly quotes?: 'optional'
  /** Names of the block around calls (`tool_call`). The first is the one that the format itself writes. */
  readonly blocks: readonly string[]
  readonly call: string
  readonly parameter: string
  /** Where keys are elements of their own: what opens and what closes one. */
  readonly key?: readonly [open: string, close: string]
  /**
   * A token between the bracket and the word, with the pipes that may surround it, the format's own first:
   * `<｜DSML｜invoke`. `space` is what the format writes behind it (`<｜DSML｜ invoke`); both ways are read.
   */
  readonly token?: { readonly word: string; readonly pipes: string; readonly space?: ' ' }
  /** Special tokens in place of the tags of the block: `<｜tool_calls_begin｜>`. Then `blocks` is empty. */
  readonly blockMarks?: { readonly open: string; readonly close: string }
  /** Markers between the tags of calls, which mean nothing: `<｜tool_call_end｜>`. */
  readonly asides?: readonly string[]
  /** Special tokens in place of the tags of calls: `<|message|>`, `<|call|>`. The name of such a tag is empty. */
  readonly callMarks?: { readonly open: readonly string[]; readonly close: readonly string[] }
  /** The attribute that tells text from JSON: `string="true"`. */
  readonly textAttribute?: string
  /** The attribute that names the value's type in JSON: `type="string"`. */
  readonly typeAttribute?: string
  /** The word of an element around arguments that are one JSON object, in place of parameters. */
  readonly body?: string
  /** Models also close a parameter by `</parameter1>`, `</parameter_function>` or `</parameter/>`. */
  readonly looseEnds?: boolean
}

/** What a word of a syntax names. */
export type TagWord = readonly [string, 'block' | 'call' | 'parameter']

const words = new WeakMap<TagSyntax, readonly TagWord[]>()

/** The words of a syntax, collected once for all its readers. */
export function wordsOf(syntax: TagSyntax): readonly TagWord[] {
  const known = words.get(syntax)
  if (known !== undefined) return known
  const blocks = syntax.blocks.map((word): TagWord => [word, 'block'])
  const made: TagWord[] = [...blocks, [syntax.call, 'call'], [syntax.parameter, 'parameter']]
  words.set(syntax, made)
  return made
}

/** How a tag begins, as the format writes it: its kind, and how long it is up to the end of its word. */
export interface TagBeginning {
  readonly kind: TagWord[1]
  readonly isEnd: boolean
  readonly length: number
}

const beginnings = new WeakMap<TagSyntax, MarkerSet<TagBeginning>>()

/**
 * The beginnings of a syntax's tags, collected once for all its readers: `<function`, `</｜DSML｜invoke`, and up to the name
 * where it is an attribute: `<invoke name="`.
 */
export function beginningsOf(syntax: TagSyntax): MarkerSet<TagBeginning> {
  const known = beginnings.get(syntax)
  if (known !== undefined) return known
  const { token, names } = syntax
  const [pipe = ''] = token?.pipes ?? ''
  const prefix = token === undefined ? '' : pipe + token.word + pipe + (token.space ?? '')
  const markers = wordsOf(syntax).flatMap(([word, kind]): [string, TagBeginning][] => {
    const opener = `<${prefix}${word}`
    const closer = `</${prefix}${word}`
    return [
      [
        names === 'attribute' && kind !== 'block' ? `${opener} name="` : opener,
        { kind, isEnd: false, length: opener.length },
      ],
      [closer, { kind, isEnd: true, length: closer.length }],
    ]
  })
  const made = new MarkerSet(markers)
  beginnings.set(syntax, made)
  return made
}

export type TagKind =
  | 'block'
  | 'block-end'
  | 'call'
  | 'call-end'
  | 'parameter'
  | 'parameter-end'
  | 'body'
  | 'body-end'
  /** A marker between calls that means nothing. */
  | 'aside'
  /** A tag with the format's token and an unknown word: `<｜DSML｜toolcalls>`. */
  | 'other'
  | 'other-end'

/** One tag of the text. Indices count from its first character. */
export interface Tag {
  readonly kind: TagKind
  /** The call's name or the parameter's key; undefined where there is none. */
  readonly name: string | undefined
  readonly nameFrom: number
  readonly nameTo: number
  readonly length: number
  /** Cut short by the end of its line, or longer than any tag: only its beginning is known. */
  readonly broken: boolean
  /** What the text attribute says about the value: it is text, or JSON. */
  readonly value: 'text' | 'json' | undefined
  /** The type of the value, where the format writes one: `integer`. */
  readonly type?: string | undefined
  /** `<invoke name="f"/>` */
  readonly selfClosing: boolean
  /** Span of the attributes that mean nothing to the format; empty if there are none. */
  readonly extraFrom: number
  readonly extraTo: number
  /** Written as `looseEnds` allows, or so that only its place shows what it is. */
  readonly loose: boolean
}

/**
 * Makes a tag of `length` characters; `more` holds the properties that are not the default. (Spreading them took a sixth of
 * the time of small calls.)
 */
export function tagOf(kind: TagKind, length: number, more: Partial<Tag> = {}): Tag {
  const { name, nameFrom, nameTo } = withoutBlanks(more.name, more.nameFrom ?? 0, more.nameTo ?? 0)
  // Not by spreading `more`: so all tags have one shape, and cost half as much.
  return {
    kind,
    name,
    nameFrom,
    nameTo,
    length,
    broken: more.broken ?? false,
    value: more.value,
    type: more.type,
    selfClosing: more.selfClosing ?? false,
    extraFrom: more.extraFrom ?? 0,
    extraTo: more.extraTo ?? 0,
    loose: more.loose ?? false,
  }
}

/** A name, and where it stands. */
interface Named {
  readonly name: string | undefined
  readonly nameFrom: number
  readonly nameTo: number
}

/** A name without the blanks at its edges: `<invoke name=" f">`. One of nothing else stays as it is. */
export function withoutBlanks(name: string | undefined, nameFrom: number, nameTo: number): Named {
  if (name === undefined || name === '' || !(isBlank(name, 0) || isBlank(name, name.length - 1)))
    return { name, nameFrom, nameTo }
  const begun = name.trimStart()
  const trimmed = begun.trimEnd()
  if (trimmed === '') return { name, nameFrom, nameTo }
  return {
    name: trimmed,
    nameFrom: nameFrom + name.length - begun.length,
    nameTo: nameTo - (begun.length - trimmed.length),
  }
}
