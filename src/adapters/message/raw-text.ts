/** What an engine has to hear so that it answers with the text as the model wrote it. */

/**
 * Fields of a request that keep special tokens in the text, for vLLM and SGLang. Markers are special tokens in many models:
 * engines that skip them give text in which no call can be found.
 */
export const KEEP_TEXT = { skip_special_tokens: false, spaces_between_special_tokens: false } as const

/**
 * Whether the upstream has refused a request because it has no parser of its own for calls, as vLLM does for each tool
 * choice but `none`.
 *
 * @example refusesToolChoice(400, '… "auto" tool choice requires --enable-auto-tool-choice …') // true
 */
export function refusesToolChoice(status: number, body: string): boolean {
  return status === 400 && (body.includes('--enable-auto-tool-choice') || body.includes('--tool-call-parser'))
}
