import { pathText } from '../tools/path.js'
import type { JsonSchema } from '../tools/tools-input.js'
import { takesType, type ValueTypes } from '../tools/value-types.js'
import { parsed } from '../values/json/parsed.js'
import { typedValue } from '../values/raw/typed.js'
import type { Coercion, Misfit } from './coercion.js'
import type { PartSchemas } from './part-schemas.js'

/** Deeper arguments are left alone. */
const DEPTH_LIMIT = 512
/** How many containers in strings in one another are fitted: a string may hold one whose strings hold more. */
const NESTING_LIMIT = 3

interface Frame {
  /** The schema of the object or array; undefined for none. */
  schema: JsonSchema | undefined
  key: string | number
  close: '}' | ']'
  misfit: Misfit | undefined
}

/** One pass over a JSON text and its schema, with a stack of the open containers instead of recursion. */
export class FittingWalk {
  readonly changes: Coercion[] = []
  readonly misfits: Misfit[] = []
  private readonly frames: Frame[] = []
  private at = 0

  constructor(
    private readonly text: string,
    private readonly schemas: PartSchemas,
    /** The path to this text, if it was a string in another. */
    private readonly outer: readonly PropertyKey[][],
  ) {}

  /** Walks the whole text. False if it is not JSON or too deep: then the changes found so far are void. */
  run(schema: JsonSchema | undefined): boolean {
    let next: JsonSchema | undefined = schema
    for (;;) {
      this.skipSpace()
      if (this.frames.length > DEPTH_LIMIT) return false
      const opened = this.readValue(next)
      if (opened === undefined) return false
      if (opened) {
        this.skipSpace()
        const frame = this.frames.at(-1) as Frame
        if (this.text.charAt(this.at) !== frame.close) {
          if (!this.readKey(frame)) return false
          next = this.schemas.child(frame.schema, frame.key)
          continue
        }
      }
      // A value ended, or this is the bracket of an empty container.
      for (;;) {
        this.skipSpace()
        const frame = this.frames.at(-1)
        if (frame === undefined) return this.at === this.text.length
        const char = this.text.charAt(this.at++)
        if (char === frame.close) {
          this.frames.pop()
          if (frame.misfit !== undefined) frame.misfit.to = this.at
          continue
        }
        if (char !== ',') return false
        if (typeof frame.key === 'number') frame.key++
        this.skipSpace()
        if (!this.readKey(frame)) return false
        next = this.schemas.child(frame.schema, frame.key)
        break
      }
    }
  }

  /** The text with its changes. */
  rewritten(): string {
    let text = ''
    let from = 0
    for (const change of this.changes) {
      text += this.text.slice(from, change.from) + change.after
      from = change.to
    }
    return text + this.text.slice(from)
  }

  /** Reads a scalar (false), or opens a container (true); undefined if there is no value. */
  private readValue(schema: JsonSchema | undefined): boolean | undefined {
    const from = this.at
    const char = this.text.charAt(from)
    const types = this.schemas.typesOf(schema)
    if (char === '{' || char === '[') {
      const type = char === '{' ? 'object' : 'array'
      const fits = types.size === 0 || types.has(type)
      this.frames.push({
        schema: fits ? schema : undefined,
        key: type === 'object' ? '' : 0,
        close: char === '{' ? '}' : ']',
        misfit: fits ? undefined : this.misfit(type, types, from),
      })
      this.at++
      return true
    }
    if (char === '"') {
      const text = this.readString()
      if (text === undefined) return undefined
      if (types.size > 0 && !types.has('string')) this.fit('string', text, types, schema, from)
      return false
    }
    while (this.at < this.text.length && !isDelimiter(this.text.charCodeAt(this.at))) this.at++
    const token = this.text.slice(from, this.at)
    const type = scalarType(token)
    if (type === undefined) return undefined
    const fits = types.size === 0 || takesType(types, type)
    if (!fits && type === 'null') this.misfit(type, types, from)
    else if (!fits) this.fit(type, token, types, schema, from)
    return false
  }

  private fit(type: string, text: string, types: ValueTypes, schema: JsonSchema | undefined, from: number): void {
    const value = typedValue(text, types)
    if (!value.fits) {
      this.misfit(type, types, from)
      return
    }
    let after = value.json
    if (this.outer.length < NESTING_LIMIT && (after.startsWith('{') || after.startsWith('['))) {
      const inner = new FittingWalk(after, this.schemas, [...this.outer, this.keys()])
      if (inner.run(schema)) {
        after = inner.rewritten()
        for (const misfit of inner.misfits) this.misfits.push({ ...misfit, from, to: this.at })
      }
    }
    this.changes.push({ path: this.path(), before: this.text.slice(from, this.at), after, from, to: this.at })
  }

  private misfit(received: string, types: ValueTypes, from: number): Misfit {
    const misfit = { path: this.path(), expected: [...types].join(' or '), received, from, to: this.at }
    this.misfits.push(misfit)
    return misfit
  }

  private keys(): PropertyKey[] {
    return this.frames.map(({ key }) => key)
  }

  private path(): string {
    return pathText([...this.outer.flat(), ...this.keys()])
  }

  /** In an object: reads a key and its colon. */
  private readKey(frame: Frame): boolean {
    if (frame.close === ']') return true
    if (this.text.charAt(this.at) !== '"') return false
    const key = this.readString()
    if (key === undefined) return false
    frame.key = key
    this.skipSpace()
    return this.text.charAt(this.at++) === ':'
  }

  /** Reads a string and returns its value. */
  private readString(): string | undefined {
    const from = this.at
    let escaped = false
    for (let i = from + 1; i < this.text.length; i++) {
      const code = this.text.charCodeAt(i)
      if (code === 0x5c) {
        escaped = true
        i++
      } else if (code === 0x22) {
        this.at = i + 1
        return escaped ? (parsed(this.text.slice(from, i + 1)) as string | undefined) : this.text.slice(from + 1, i)
      }
    }
    return undefined
  }

  private skipSpace(): void {
    for (; this.at < this.text.length; this.at++) {
      const code = this.text.charCodeAt(this.at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
    }
  }
}

function scalarType(token: string): 'null' | 'boolean' | 'integer' | 'number' | undefined {
  if (token === 'null') return 'null'
  if (token === 'true' || token === 'false') return 'boolean'
  const number = token === '' ? Number.NaN : Number(token)
  if (Number.isNaN(number)) return undefined
  return Number.isInteger(number) ? 'integer' : 'number'
}

function isDelimiter(code: number): boolean {
  return (
    code === 0x2c || code === 0x7d || code === 0x5d || code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
  )
}
