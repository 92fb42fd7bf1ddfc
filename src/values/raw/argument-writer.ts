import type { JsonSink } from '../json/json-sink.js'

/**
 * Writes the arguments of one call as a JSON object, member by member, and keeps what they are: to parse what was just
 * written takes as long as to write it.
 */
export class ArgumentWriter {
  private count = 0
  private members: Record<string, unknown> | undefined

  constructor(private readonly out: JsonSink) {}

  begin(): void {
    this.count = 0
    this.members = {}
  }

  /** What `JSON.parse` makes of what was written; undefined where only it can tell. */
  get values(): Record<string, unknown> | undefined {
    return this.members
  }

  /** The member `key` was written, and is this string. */
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
      // Who parses all of it will be told.
      this.members = undefined
    }
  }

  get isEmpty(): boolean {
    return this.count === 0
  }

  /** Begins a member whose key stands at from..to: `{"key":`, with the quote of a value that is a string. */
  key(key: string, from: number, to: number, value: 'string' | 'any'): void {
    const start = this.count++ === 0 ? '{' : ','
    this.out.json(`${start}${JSON.stringify(key)}:${value === 'string' ? '"' : ''}`, from, to)
  }

  /** Ends the object at an offset. */
  end(at: number): void {
    this.out.json(this.count === 0 ? '{}' : '}', at, at)
  }
}

/** As `JSON.parse` sets it: also where the key is `__proto__`. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
  else object[key] = value
}
