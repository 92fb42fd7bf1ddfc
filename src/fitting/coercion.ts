/** One value that was fitted: `after` replaced `before` at from..to of the arguments text (UTF-16 offsets). */
export interface Coercion {
  path: string
  before: string
  after: string
  from: number
  to: number
}

/** One value whose type the schema does not take. It was left as it is. */
export interface Misfit {
  path: string
  expected: string
  received: string
  from: number
  to: number
}
