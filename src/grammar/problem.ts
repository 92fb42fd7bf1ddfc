/** The format writes what no grammar can be made for, or a tool asks for what the format cannot express. */
export class GrammarError extends Error {
  override name = 'GrammarError'
}
