/** Does a text end in a quotation mark that opens? `The log says "` */
export function endsInOpeningQuote(tail: string): boolean {
  const quote = tail.charAt(tail.length - 1)
  if (quote === '') return false
  if ('“‘«„「'.includes(quote)) return true
  // What begins with a quote may be quoted as a whole.
  return (quote === '"' || quote === "'") && tail.length > 1 && ' \n\t([{:=,'.includes(tail.charAt(tail.length - 2))
}
