import { describe } from '../tools/call-issue.js'

/** A description of a format cannot be used. The message names the field: `calls[0].call.open: expected …`. */
export class DescriptionError extends TypeError {
  override name = 'DescriptionError'
}

/** The error of one field that holds something else than `expected`. */
export function wrongField(field: string, expected: string, received: unknown): DescriptionError {
  return new DescriptionError(`${field}: expected ${expected}, received ${describe(received)}`)
}
