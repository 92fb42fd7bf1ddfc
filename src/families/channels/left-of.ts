import { isSpecialToken } from '../../engine/special-token.js'

/**
 * What is left of special tokens that lost a bracket, and they themselves, longer pieces first, each with its token.
 * @example leftOf(['<|message|>']) // |message|>, <|message>, |message|, message|>
 */
export function leftOf(tokens: readonly string[]): (readonly [string, string])[] {
  return tokens
    .filter(isSpecialToken)
    .flatMap((token) =>
      [token, token.slice(1), token.slice(1, -1), token.slice(2), `${token.slice(0, -2)}>`].map(
        (piece) => [piece, token] as const,
      ),
    )
    .sort(([a], [b]) => b.length - a.length)
}
