import { insideJson } from '../json/inside-json.js'
import type { JsonSink } from '../json/json-sink.js'

/**
 * Writes the arguments of one call as a JSON object, member by member, and keeps their values: parsing the text again
 * would take as long as writing it.
 */
export class ArgumentWriter {
  private count = 0
  private members: Record<string, unknown> | undefined

  constructor(private readonly out: JsonSink) {}

  begin(): void {
    this.count = 0
    this.members = {}
  }

  /** The value of the text that was written, as `JSON.parse` gives it; undefined if it has to be parsed to know. */
  get values(): Record<string, unknown> | undefined {
    return this.members
  }

  /** The member `key` was written; its value is this string. */
  string(key: string, value: string): void {
    if (this.members !== undefined) setOwn(this.members, key, value)
  }

  /** Writes the value of the member `key`, which stands at from..to. */
  json(key: string, json: string, from: number, to: number): void {
    this.out.json(json, from, to)
    if (this.members === undefined) return
    try {
      setOwn(this.members, key, JSON.parse(json))
    } catch {
      // Parsing the whole will report it.
      this.members = undefined
    }
  }

  get isEmpty(): boolean {
    return this.count === 0
  }

  /** Begins a member whose key is at from..to: `{"key":`, with the opening quote if its value is a string. */
  key(key: string, from: number, to: number, value: 'string' | 'any'): void {
    const start = this.count++ === 0 ? '{' : ','
    this.out.json(`${start}"${insideJson(key)}":${value === 'string' ? '"' : ''}`, from, to)
  }

  /** Ends the object at an offset. */
  end(at: number): void {
    this.out.json(this.count === 0 ? '{}' : '}', at, at)
  }
}

/** Sets a member as `JSON.parse` does, even `__proto__`. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
  else object[key] = value
}
