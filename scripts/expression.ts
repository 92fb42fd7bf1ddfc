/** How vLLM's `hermes` parser finds calls in a whole reply: up to the first end marker, wherever that one stands. */
export const TOOL_CALL = /<tool_call>(.*?)<\/tool_call>|<tool_call>(.*)/gs

/** One match of the expression, and what `JSON.parse` says of it. */
export interface Match {
  /** Offsets of the text between the markers. */
  readonly from: number
  readonly to: number
  /** Why it is no JSON, if it is none. */
  readonly fault?: string
}

/** What the expression finds in a text. vLLM takes the reply for plain text, without any call, if one of the matches is no JSON. */
export function matchesOf(text: string): Match[] {
  return [...text.matchAll(TOOL_CALL)].map((match) => {
    const json = match[1] ?? match[2] ?? ''
    const from = match.index + '<tool_call>'.length
    const to = from + json.length
    try {
      JSON.parse(json)
      return { from, to }
    } catch (error) {
      return { from, to, fault: error instanceof Error ? error.message : String(error) }
    }
  })
}
