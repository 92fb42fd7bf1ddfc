import { isObject } from '../../tools/is-object.js'
import { decimalNumber } from '../../values/number/number.js'
import { readCallList } from './call-list.js'
import { fault, kindOf, readPatternAt, wrong } from './fault.js'
import { readDialect } from './json-dialect.js'
import { findAll } from './pattern/find-all.js'
import type { Program } from './pattern/program.js'
import { jsonValue, type Value } from './value.js'

/** Reads the text of a region, or of a value in it, as its template says. */
export interface ContentReader {
  readonly name: ContentName
  readonly args: ContentArgs
  /** Throws a `ContentFault` for a text that is something else. */
  read(text: string): Value
}

export type ContentName = (typeof NAMES)[number]

/** The arguments of a content parser that were given. */
export interface ContentArgs {
  readonly strip?: boolean
  readonly unquoted_keys?: boolean
  readonly string_delims?: readonly (readonly [string, string])[]
  readonly allow_non_json?: boolean
  readonly tag_pattern?: string
  readonly merge_duplicates?: boolean
  readonly line_sep?: string
  readonly kv_sep?: string
  readonly value_parser?: ContentReader
  /** Of `tag_pattern`. */
  readonly tags?: Program
}

const NAMES = ['text', 'int', 'float', 'bool', 'json', 'xml-inline', 'kv-lines', 'python-call-list'] as const
const FLAGS = ['strip', 'unquoted_keys', 'allow_non_json', 'merge_duplicates']
const TEXTS = ['line_sep', 'kv_sep']

/**
 * Makes the reader of a content parser.
 * @throws TypeError for a parser or an argument that is not known; it names the place
 */
export function readContent(name: unknown, args: unknown, place: string): ContentReader {
  const known = NAMES.find((one) => one === name)
  if (known === undefined) wrong(`${place}.content`, `expected one of ${NAMES.join(', ')}, got ${JSON.stringify(name)}`)
  const given = readArgs(known, args, `${place}.content_args`)
  const read = READERS[known]
  return { name: known, args: given, read: (text) => read(text, given) }
}

function readArgs(name: ContentName, args: unknown, place: string): ContentArgs {
  if (!isObject(args)) wrong(place, `expected an object, got ${kindOf(args)}`)
  const read: Record<string, unknown> = { ...args }
  for (const [key, value] of Object.entries(args)) {
    const here = `${place}.${key}`
    if (FLAGS.includes(key)) {
      if (typeof value !== 'boolean') wrong(here, `expected true or false, got ${kindOf(value)}`)
    } else if (TEXTS.includes(key)) {
      if (typeof value !== 'string' || value === '') wrong(here, 'expected a non-empty string')
    } else if (key === 'string_delims') checkDelimiters(value, here)
    else if (key === 'tag_pattern') read.tags = readTags(value, here)
    else if (key === 'value_parser') {
      if (value === null) delete read.value_parser
      else if (isObject(value)) read.value_parser = readContent(value.name ?? 'text', value.args ?? {}, here)
      else wrong(here, `expected an object with name and args, got ${kindOf(value)}`)
    } else
      wrong(here, `unknown. Known are ${[...FLAGS, ...TEXTS].join(', ')}, string_delims, tag_pattern, value_parser`)
  }
  if (name === 'xml-inline' && read.tags === undefined) wrong(`${place}.tag_pattern`, 'xml-inline needs it')
  return read
}

function checkDelimiters(value: unknown, place: string): void {
  const isPair = (pair: unknown) =>
    Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === 'string' && text !== '')
  if (!Array.isArray(value) || !value.every(isPair)) wrong(place, 'expected a list of pairs [open, close] of texts')
}

function readTags(pattern: unknown, place: string): Program {
  const program = readPatternAt(pattern, place)
  if (!program.groups.has('key')) wrong(place, 'it needs a group (?P<key>…)')
  if (program.isIdle) wrong(place, 'it matches nothing at all, so it would be found everywhere')
  return program
}

const READERS: Readonly<Record<ContentName, (text: string, args: ContentArgs) => Value>> = {
  text: (text, args) => ({ text: stripped(text, args) }),
  int: (text, args) => {
    const number = decimalNumber(stripped(text, args))
    return number?.whole === true ? { json: number.json } : fault('it is not an integer')
  },
  float: (text, args) => {
    const number = decimalNumber(stripped(text, args))
    return number === undefined ? fault('it is not a number') : { json: number.json }
  },
  bool: (text, args) => ({ json: String(['true', '1'].includes(stripped(text, args).toLowerCase())) }),
  json: (text, args) => {
    const value = jsonValue(readDialect(text, args.string_delims ?? [], args.unquoted_keys === true))
    if (value !== undefined) return value
    return args.allow_non_json === true ? { text: stripped(text, args) } : fault('it is not JSON')
  },
  'xml-inline': readTagged,
  'kv-lines': readLines,
  'python-call-list': (text) => readCallList(text),
}

function stripped(text: string, { strip }: ContentArgs): string {
  return strip === false ? text : text.trim()
}

function readValue(raw: string, { value_parser: parser }: ContentArgs): Value {
  return parser === undefined ? { text: raw } : parser.read(raw)
}

/** `<parameter=city>Oslo</parameter>`: a member for each tag. */
function readTagged(text: string, args: ContentArgs): Value {
  const { tags, merge_duplicates: merges } = args
  const members = new Map<string, Value>()
  const several = new Map<string, Value[]>()
  let behind = 0
  for (const { from, to, group } of findAll(tags as Program, text)) {
    passBetween(text.slice(behind, from))
    behind = to
    const key = group('key')
    if (key === undefined) fault('a tag has no key')
    const value = readValue(group('value') ?? '', args)
    const before = members.get(key)
    if (before === undefined || merges !== true) {
      members.set(key, value)
      continue
    }
    const items = several.get(key) ?? [before]
    items.push(value)
    several.set(key, items)
    members.set(key, { items })
  }
  passBetween(text.slice(behind))
  return { members }
}

/**
 * Only closing tags and commas may stand between what the pattern takes: anything else is a part of the call that was not
 * read.
 */
function passBetween(text: string): void {
  let rest = text.trim()
  while (rest.startsWith('</') || rest.startsWith(',')) {
    const to = rest.startsWith(',') ? 0 : rest.indexOf('>')
    if (to < 0) break
    rest = rest.slice(to + 1).trimStart()
  }
  if (rest !== '') fault(`${JSON.stringify(rest.slice(0, 40))} stands between the arguments`)
}

/** `city: Oslo`: a member for each line. */
function readLines(text: string, args: ContentArgs): Value {
  const separator = args.kv_sep ?? ':'
  const members = new Map<string, Value>()
  for (const one of text.split(args.line_sep ?? '\n')) {
    const line = stripped(one, args)
    if (line === '') continue
    const at = line.indexOf(separator)
    if (at < 0) fault(`${JSON.stringify(line.slice(0, 40))} has no ${JSON.stringify(separator)}`)
    members.set(stripped(line.slice(0, at), args), readValue(stripped(line.slice(at + separator.length), args), args))
  }
  return { members }
}
