import { isObject } from '../../tools/is-object.js'
import { type ContentReader, readContent } from './content.js'
import { kindOf, readPatternAt, wrong } from './fault.js'
import { compileLiterals, type Program } from './pattern/program.js'
import { checkTransform, type Transform } from './transform.js'

/** What opens or closes a field: one of several texts, or a pattern. */
export interface Anchor {
  readonly program: Program
  /** Undefined where it is a pattern. */
  readonly literals: readonly string[] | undefined
}

/** What a field of the message is for us. */
export type Role = 'reasoning' | 'content' | 'calls' | 'other'

/** A field of the message that the text is parsed into. */
export interface Field {
  readonly name: string
  readonly role: Role
  /** Undefined: the field holds what no other field does. One field at most. */
  readonly open: Anchor | undefined
  /** Undefined: it runs to the end of the text. */
  readonly close: Anchor | undefined
  readonly content: ContentReader
  readonly transform: Transform | undefined
  /** The content is a list, and the transform is for each of its elements. */
  readonly isEach: boolean
}

/** A response template, checked. */
export interface Template {
  /** Where the message of the assistant begins in a prompt: behind the last of these. */
  readonly start: Anchor
  readonly fields: readonly Field[]
}

const TEMPLATE_KEYS = ['version', 'defaults', 'fields', 'start_anchor', 'start_anchor_pattern']
const FIELD_KEYS = [
  ...['open', 'open_pattern', 'close', 'close_pattern', 'content', 'content_args'],
  ...['repeats', 'join', 'optional', 'transform', 'transform_each'],
]
const ROLES: Readonly<Record<string, Role>> = {
  reasoning_content: 'reasoning',
  reasoning: 'reasoning',
  thinking: 'reasoning',
  content: 'content',
  tool_calls: 'calls',
}

/**
 * Reads a response template, or the tokenizer_config.json that holds one.
 * @throws TypeError for what is none; it names the place: `fields.tool_calls.open_pattern: …`
 */
export function readTemplate(input: unknown): Template {
  if (!isObject(input)) wrong('response_template', `expected an object, got ${kindOf(input)}`)
  const spec = Object.hasOwn(input, 'fields') ? input : input.response_template
  if (!isObject(spec)) wrong('response_template', `expected an object with fields, got ${kindOf(spec)}`)
  refuseOthers(spec, TEMPLATE_KEYS, '')
  if (spec.version !== undefined && spec.version !== 1)
    wrong('version', `only 1 is known, got ${JSON.stringify(spec.version)}`)
  if (spec.defaults !== undefined && !isObject(spec.defaults)) wrong('defaults', `expected an object`)
  const { fields } = spec
  if (!isObject(fields) || Object.keys(fields).length === 0)
    wrong('fields', 'expected an object with at least one field')
  const start = readAnchor(spec, 'start_anchor', '')
  if (start === undefined) wrong('start_anchor', 'it is missing, and so is start_anchor_pattern')
  const read = Object.entries(fields).map(([name, field]) => readField(name, field))
  const [, second] = read.filter(({ open }) => open === undefined)
  if (second !== undefined)
    wrong(`fields.${second.name}`, 'a second field without open: only one may take what is left')
  return { start, fields: read }
}

function readField(name: string, field: unknown): Field {
  const place = `fields.${name}`
  if (!isObject(field)) wrong(place, `expected an object, got ${kindOf(field)}`)
  refuseOthers(field, FIELD_KEYS, `${place}.`)
  const role = ROLES[name] ?? 'other'
  const open = readAnchor(field, 'open', `${place}.`)
  const close = readAnchor(field, 'close', `${place}.`)
  if (open?.program.isPlace && close?.program.isPlace)
    wrong(
      `${place}.close_pattern`,
      'it matches without taking a character, and so does open: the field could open without end',
    )
  const { content_args: args, join, repeats, transform, transform_each: isEach } = field
  for (const key of ['repeats', 'optional', 'transform_each'])
    if (field[key] !== undefined && typeof field[key] !== 'boolean') wrong(`${place}.${key}`, 'expected true or false')
  if (join !== undefined && join !== null) {
    if (typeof join !== 'string') wrong(`${place}.join`, `expected text, got ${kindOf(join)}`)
    if (repeats !== true) wrong(`${place}.join`, 'it needs "repeats": true')
  }
  const content = readContent(field.content ?? 'text', args ?? {}, place)
  if (isEach === true && (transform === undefined || transform === null))
    wrong(`${place}.transform_each`, 'there is no transform')
  if ((role === 'content' || role === 'reasoning') && (content.name !== 'text' || isObject(transform)))
    wrong(`${place}.content`, 'content and reasoning are text')
  const groups = [...(open?.program.groups.keys() ?? []), ...(close?.program.groups.keys() ?? [])]
  if (transform === undefined || transform === null) {
    if (groups.length > 0) wrong(place, `the group "${groups[0]}" has a name, and no transform uses it`)
    return { name, role, open, close, content, transform: undefined, isEach: false }
  }
  checkTransform(transform, isEach === true ? undefined : new Set([...groups, 'content']), `${place}.transform`)
  return { name, role, open, close, content, transform: transform as Transform, isEach: isEach === true }
}

/** The text or pattern under a key: `open` or `open_pattern`. */
function readAnchor(from: Record<string, unknown>, key: string, prefix: string): Anchor | undefined {
  const place = prefix + key
  const literal = from[key]
  const pattern = from[`${key}_pattern`]
  if (literal !== undefined && pattern !== undefined) wrong(place, `it stands beside ${key}_pattern: only one may`)
  if (literal !== undefined) {
    const literals = typeof literal === 'string' ? [literal] : literal
    if (!Array.isArray(literals) || literals.length === 0 || literals.some((text) => typeof text !== 'string'))
      wrong(place, `expected a text or a list of texts, got ${kindOf(literal)}`)
    if (literals.includes('')) wrong(place, 'a text is empty')
    return { program: compileLiterals(literals), literals }
  }
  if (pattern === undefined) return undefined
  const anchor = { program: readPatternAt(pattern, `${place}_pattern`), literals: undefined }
  if (anchor.program.isIdle) wrong(`${place}_pattern`, 'it matches nothing at all, so it would be found everywhere')
  return anchor
}

function refuseOthers(object: Record<string, unknown>, known: readonly string[], prefix: string): void {
  const other = Object.keys(object).find((key) => !known.includes(key))
  if (other !== undefined) wrong(prefix + other, `unknown. Known here: ${known.join(', ')}`)
}
