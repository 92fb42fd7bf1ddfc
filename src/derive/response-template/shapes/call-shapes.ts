import { CALL_SHAPE, type CallShape } from '../../../engine/call-shape.js'
import type { Family } from '../../../engine/format.js'
import { bareJson } from '../../../families/bare-json/bare-json.js'
import { delimited } from '../../../families/delimited/delimited.js'
import { jsonCalls } from '../../../families/json-calls/json-calls.js'
import type { MarkerPair } from '../../../families/pairs/pair-syntax.js'
import { pairs } from '../../../families/pairs/pairs.js'
import { pythonicCalls } from '../../../families/pythonic/pythonic.js'
import { QWEN_TAGS } from '../../../families/tagged/qwen-tags.js'
import { tagged } from '../../../families/tagged/tagged.js'
import { headlessStrings } from '../../../recovery/headless-string.js'
import { misspeltMarkers } from '../../../recovery/misspelt-markers.js'
import type { ContentReader } from '../content.js'
import type { Field } from '../template.js'
import { anchorPieces, outline, piecesOf, textsOf } from './pieces.js'

/** A shape of calls that families read: in what words it was recognised, and what reads it. */
export interface CallsShape {
  readonly wire: string
  readonly families: readonly Family[]
  /** Further texts that end the turn. */
  readonly stops?: readonly string[]
}

const NAME = '{name}'

/** The families that read the calls of a field; undefined if it has none of the shapes that they know. */
export function callsShapeOf(field: Field): CallsShape | undefined {
  for (const shape of [objects, map, tags, elements, bareObjects, callList, pythonLike]) {
    const found = shape(field)
    if (found !== undefined) return found
  }
  return undefined
}

/** `<tool_call>{"name": …, "arguments": {…}}</tool_call>` */
function objects(field: Field): CallsShape | undefined {
  const open = textsOf(field.open)
  const close = textsOf(field.close)
  const shape = objectShape(field)
  if (shape === undefined || open === undefined || open.length === 0 || close === undefined) return undefined
  const markers = { open, close }
  const [name] = shape.nameKeys
  return {
    wire: `${open[0]}{${JSON.stringify(name)}: …, ${JSON.stringify(shape.argumentKeys[0])}: {…}}${close[0] ?? ''}`,
    families: [jsonCalls({ ...markers, shape, dropStrays: true }), misspeltMarkers(markers)],
  }
}

/** The keys of the object that is the call, by the transform. */
function objectShape({ content, transform, isEach }: Field): CallShape | undefined {
  if (!isPlainJson(content)) return undefined
  const prefix = isEach ? '' : 'content.'
  const call = callIn(transform)
  if (transform === undefined || transform === '{content}' || call === '{content}') return CALL_SHAPE
  if (typeof call !== 'object') return undefined
  const name = keyOf(call.name, prefix)
  const args = keyOf(call.arguments, prefix)
  if (name === undefined || args === undefined) return undefined
  return { ...CALL_SHAPE, nameKeys: [name], argumentKeys: [args], nested: false }
}

function isPlainJson({ name, args }: ContentReader): boolean {
  return name === 'json' && !args.allow_non_json && !args.unquoted_keys && (args.string_delims ?? []).length === 0
}

/** What becomes the call: the value of `function`, or the transform itself. */
function callIn(transform: unknown): { name?: unknown; arguments?: unknown } | string | undefined {
  if (typeof transform !== 'object' || transform === null) return undefined
  const call: unknown = 'function' in transform ? transform.function : transform
  return typeof call === 'string' || (typeof call === 'object' && call !== null) ? call : undefined
}

function keyOf(placeholder: unknown, prefix: string): string | undefined {
  if (typeof placeholder !== 'string' || !placeholder.startsWith(`{${prefix}`)) return undefined
  const key = placeholder.slice(1 + prefix.length, -1)
  return key.includes('.') ? undefined : key
}

/** Is the name what the opener took in, and are the arguments the content? */
function isNamed({ transform, isEach }: Field): boolean {
  const call = callIn(transform)
  return !isEach && typeof call === 'object' && call.name === NAME && call.arguments === '{content}'
}

/** `<|tool_call>call:f{city:<|"|>Oslo<|"|>}<tool_call|>` */
function map(field: Field): CallsShape | undefined {
  const { content, open } = field
  const [close, another] = textsOf(field.close) ?? []
  const [pair, second] = content.args.string_delims ?? []
  if (content.name !== 'json' || content.args.unquoted_keys !== true || !isNamed(field)) return undefined
  if (pair === undefined || second !== undefined || pair[0] !== pair[1]) return undefined
  if (open === undefined || close === undefined || another !== undefined) return undefined
  const found = /^(<[^<>{}]{1,60}>)([\w:.-]{1,20})\{name\}$/.exec(outline(anchorPieces(open)))
  if (found === null) return undefined
  const [, marker = '', prefix = ''] = found
  const [delimiter] = pair
  return {
    wire: `${marker}${prefix}NAME{key:${delimiter}text${delimiter}}${close}`,
    families: [delimited({ open: marker, close, prefix, delimiter }), headlessStrings(delimiter)],
  }
}

/** `<tool_call><function=f><parameter=city>Oslo</parameter></function></tool_call>` */
function tags(field: Field): CallsShape | undefined {
  const { content, open } = field
  const typing = typingOf(content)
  if (typing === undefined || open === undefined || !isNamed(field)) return undefined
  const header = outline(anchorPieces(open))
  const isAttribute = header.endsWith('"{name}">')
  const [, block, call = ''] = (isAttribute ? CALL_BY_ATTRIBUTE : CALL_BY_EQUALS).exec(header) ?? []
  const value = tagOutline(content)
  const [, parameter = '', space] = (isAttribute ? VALUE_BY_ATTRIBUTE : VALUE_BY_EQUALS).exec(value) ?? []
  const closer = outline(field.close === undefined ? [] : anchorPieces(field.close))
  if (call === '' || parameter === '' || !closer.endsWith(`</${block ?? call}>`)) return undefined
  const names = isAttribute ? 'attribute' : 'equals'
  const [opens, closes] = block === undefined ? [[], []] : [[`<${block}>`], [`</${block}>`]]
  return {
    wire:
      header.replace('> <', '><').replace(NAME, 'NAME') +
      value.replace('{key}', 'KEY').replace(/ ?\{value\} ?/, 'VALUE'),
    families: [
      tagged({
        ...QWEN_TAGS,
        syntax: { names, blocks: block === undefined ? [] : [block], call, parameter },
        typing,
        trim: space === ' ' ? 'newline' : 'none',
      }),
      ...(block === undefined ? [] : [misspeltMarkers({ open: opens, close: closes })]),
    ],
  }
}

const CALL_BY_EQUALS = /^(?:<([\w:.-]{1,60})> ?)?<([\w:.-]{1,60})=\{name\}>$/
const CALL_BY_ATTRIBUTE = /^(?:<([\w:.-]{1,60})> ?)?<([\w:.-]{1,60}) name="\{name\}">$/
const VALUE_BY_EQUALS = /^<([\w:.-]{1,60})=\{key\}>( ?)\{value\} ?<\/\1>$/
const VALUE_BY_ATTRIBUTE = /^<([\w:.-]{1,60}) name="\{key\}">( ?)\{value\} ?<\/\1>$/

/** Where the types of raw values stand. */
function typingOf({ name, args }: ContentReader): 'schema' | 'json' | undefined {
  if (name !== 'xml-inline' || args.merge_duplicates === true) return undefined
  const parser = args.value_parser
  if (parser === undefined || parser.name === 'text') return 'schema'
  const { allow_non_json, ...others } = parser.args
  return parser.name === 'json' && allow_non_json === true && Object.keys(others).length === 0 ? 'json' : undefined
}

function tagOutline({ args }: ContentReader): string {
  return args.tags === undefined ? '' : outline(piecesOf(args.tags.node))
}

/** `<tool_call>f<arg_key>city</arg_key><arg_value>Oslo</arg_value></tool_call>` */
function elements(field: Field): CallsShape | undefined {
  const { content, open } = field
  if (typingOf(content) !== 'schema' || open === undefined || !isNamed(field)) return undefined
  const pieces = anchorPieces(open)
  const call = /^<([\w|:.-]{1,60})>\{name\}\*?$/.exec(outline(pieces))?.[1]
  const found = PAIR.exec(tagOutline(content))
  if (call === undefined || found === null) return undefined
  const [, key = '', space, value = ''] = found
  const [close] = textsOf(field.close) ?? []
  if (close !== `</${call}>`) return undefined
  const element = (word: string): MarkerPair => [`<${word}>`, `</${word}>`]
  const syntax = { call: element(call), key: element(key), value: element(value) }
  return {
    wire: `<${call}>NAME<${key}>KEY</${key}><${value}>VALUE</${value}></${call}>`,
    families: [
      space === ' '
        ? pairs({ syntax: { ...syntax, space: '\n' }, layout: 'lines' })
        : pairs({ syntax, layout: 'packed' }),
    ],
  }
}

const PAIR = /^<([\w|:.-]{1,60})>\{key\}<\/\1>( ?)<([\w|:.-]{1,60})>\{value\}<\/\3>$/

/** `{"name": "f", "parameters": {…}}` and a stop token, without a marker. */
function bareObjects(field: Field): CallsShape | undefined {
  const { content, open, close } = field
  if (!isPlainJson(content) || open === undefined || close === undefined || !isNamed(field)) return undefined
  const found = /^\{"(\w{1,40})": ?"\{name\}", ?"(\w{1,40})":$/.exec(outline(anchorPieces(open)))
  const closers = textsOf(close)
  if (found === null || closers === undefined || !closers.every((text) => text.startsWith('}'))) return undefined
  const [, name = '', args = ''] = found
  return {
    wire: `{"${name}": …, "${args}": {…}}`,
    families: [
      bareJson({
        where: 'anywhere',
        withoutTools: 'behind-call',
        commit: 'arguments',
        shape: { ...CALL_SHAPE, nameKeys: [name], argumentKeys: [args] },
        separators: ';,',
      }),
    ],
    stops: closers.map((text) => text.slice(1)).filter((text) => text !== ''),
  }
}

/** A list of calls as Python writes them, between two markers. */
function callList(field: Field): CallsShape | undefined {
  const open = textsOf(field.open)
  const close = textsOf(field.close)
  if (field.content.name !== 'python-call-list' || open === undefined || open.length === 0) return undefined
  if (close === undefined || close.length === 0) return undefined
  return listBetween(open, close)
}

/** The same as tags of one argument each: `<|tool_call_start|>[f(city='Oslo')]<|tool_call_end|>`. */
function pythonLike(field: Field): CallsShape | undefined {
  const { content, open, close } = field
  if (content.name !== 'xml-inline' || open === undefined || close === undefined || !isNamed(field)) return undefined
  const [first, ...rest] = anchorPieces(open)
  if (first?.is !== 'choice' || outline(rest) !== '{name}(') return undefined
  const [opener, another, ...others] = first.options.map(outline)
  const marker = /^(<[^<>{}]{1,60}>)\[$/.exec(opener ?? '')?.[1]
  if (marker === undefined || another !== ',' || others.length > 0) return undefined
  const closers = textsOf(close) ?? []
  const end = closers.find((text) => text.startsWith(')]'))?.slice(2)
  if (end === undefined || end === '' || !closers.includes(')')) return undefined
  if (!tagOutline(content).startsWith('{key}={value}')) return undefined
  return listBetween([marker], [end])
}

function listBetween(open: readonly string[], close: readonly string[]): CallsShape {
  return {
    wire: `${open[0]}[name(key="value"), …]${close[0]}`,
    families: [pythonicCalls({ open, close, strays: close }), misspeltMarkers({ open, close })],
  }
}
