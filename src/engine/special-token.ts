/**
 * Is a marker a token that ordinary text never holds (`<|..|>`, `<｜..｜>`, `[TOOL_CALLS]`, `[unused11]`, `✿FUNCTION✿`)? Plain tags
 * such as `<tool_call>` are not: a model may write about them.
 * @example isSpecialToken('</｜DSML｜') // true
 * @example isSpecialToken('</tool_call>') // false
 */
export function isSpecialToken(marker: string): boolean {
  const text = marker.trim()
  const at = text.startsWith('</') || text.startsWith('[/') ? 2 : 1
  if (text.startsWith('['))
    return (isCapital(text.charCodeAt(at)) || text.startsWith('unused', at)) && text.endsWith(']')
  if (!text.startsWith('<')) return text.charCodeAt(0) > 0x2000
  const first = text.slice(at).trimStart().charAt(0)
  return first === '|' || first === '｜' || first === '‖'
}

function isCapital(code: number): boolean {
  return code >= 0x41 && code <= 0x5a
}

const TOKEN_FIRST = /^(?:<\/?[|｜][^<>|｜]{1,40}[|｜]>|\]<\]\w{1,20}\[>\[)/

/**
 * Does a text begin with a whole special token? The beginning of a marker that does is no prose: the model began to call.
 * @example beginsWithToken('<|open|>to') // true
 * @example beginsWithToken('<|tool_ca') // false
 */
export function beginsWithToken(text: string): boolean {
  return TOKEN_FIRST.test(text)
}
