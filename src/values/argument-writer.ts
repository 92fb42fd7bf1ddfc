import type { JsonSink } from './json.js'

/** Writes the arguments of one call as a JSON object, member by member. */
export class ArgumentWriter {
  private count = 0

  constructor(private readonly out: JsonSink) {}

  begin(): void {
    this.count = 0
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
