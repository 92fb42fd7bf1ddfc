/** One value that was fitted: `before` stood at from..to of the arguments text (UTF-16 offsets), `after` stands there now. */
export interface Coercion {
  path: string
  before: string
  after: string
  from: number
  to: number
}

/** One value of a type that the schema does not take, which stayed as it is. */
export interface Misfit {
  path: string
  expected: string
  received: string
  from: number
  to: number
}
