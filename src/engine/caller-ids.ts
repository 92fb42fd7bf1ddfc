import type { ToolCall } from '../event/event.js'
import { quote } from '../text/quote.js'
import type { ParserOptions } from './options.js'

/** The ids that the caller's `generateId` makes for the calls of one text. */
export class CallerIds {
  private readonly made = new Set<string>()

  constructor(private readonly generateId: NonNullable<ParserOptions['generateId']>) {}

  /** @throws TypeError if the id is no string, is empty, or was made for another call of this text. */
  make(index: number, name: string, format: string): string {
    const id: unknown = this.generateId({ index, name, format })
    if (typeof id !== 'string' || id === '')
      throw new TypeError(
        `options.generateId: expected a non-empty string for call ${index}, got ${JSON.stringify(id)}`,
      )
    if (this.made.has(id))
      throw new TypeError(`options.generateId: ${quote(id)} came twice; each call of a text needs an id of its own`)
    this.made.add(id)
    return id
  }
}

/** The call with the wire's own id, beside the one that it is known by. */
export function withNativeId({ index, id, ...rest }: ToolCall, nativeId: string): ToolCall {
  return { index, id, nativeId, ...rest }
}
