import { asObject } from './fields.js'

/** A token of `logprobs.content`, as far as it matters here; `bytes` where a character is spread over tokens. */
export interface Token {
  readonly token: string
  readonly bytes: readonly number[] | undefined
}

/** The tokens of a `logprobs` of chat completions (`content`) or of completions (`tokens`); none if there are none. */
export function tokensOf(logprobs: unknown): Token[] {
  const fields = asObject(logprobs)
  const list = Array.isArray(fields?.content) ? fields.content : Array.isArray(fields?.tokens) ? fields.tokens : []
  return list.flatMap((entry: unknown): Token[] => {
    if (typeof entry === 'string') return [{ token: entry, bytes: undefined }]
    const { token, bytes } = asObject(entry) ?? {}
    if (typeof token !== 'string') return []
    return [{ token, bytes: Array.isArray(bytes) && bytes.every(isByte) ? bytes : undefined }]
  })
}

function isByte(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 256
}

/**
 * The text of tokens, token by token; a character that is spread over several comes with its last. Undefined where there
 * are none, or where the server gave their numbers instead of their text.
 */
export function joinTokens(tokens: readonly Token[]): string[] | undefined {
  if (tokens.length === 0 || tokens.every(({ token }) => token.startsWith('token_id:'))) return undefined
  const decoder = new TextDecoder()
  const chunks = tokens.map(({ token, bytes }) => {
    if (bytes === undefined) return decoder.decode() + token
    return decoder.decode(Uint8Array.from(bytes), { stream: true })
  })
  return [...chunks, decoder.decode()].filter((chunk) => chunk !== '')
}
