/**
 * A name or a piece of text for a message, in JSON's quotes and cut short, so that a message stays one line.
 * @example quote('get "it"') // '"get \\"it\\""'
 */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text)
}
