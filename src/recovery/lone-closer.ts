/** What the tags of one argument look like in a raw value. */
export interface LoneCloser {
  /** How the tag that opens an argument begins: `<parameter`. */
  readonly opener: string
  /** How long the close marker at an index is, in any spelling; 0 if none stands there. */
  readonly closerAt: (raw: string, at: number) => number
  /** What every close marker begins with. */
  readonly sign: string
  /** Templates end a line behind it, so that in the middle of one it is a mention. */
  readonly endsLine: boolean
}

/**
 * Does a raw value hold a close marker of arguments that nothing in it opened, where templates write one? Then what follows it may be
 * another argument, whose opening tag is lost.
 * @param raw the value as it was read
 * @example holdsLoneCloser('Oslo\n</parameter>\n\n3', tags) // true
 * @example holdsLoneCloser('<parameter=a>\n1\n</parameter>\n', tags) // false: the value opened it
 * @example holdsLoneCloser('</parameter> closes a value', tags) // false
 */
export function holdsLoneCloser(raw: string, { opener, closerAt, sign, endsLine }: LoneCloser): boolean {
  let open = 0
  let passed = 0
  for (let at = raw.indexOf(sign); at >= 0; at = raw.indexOf(sign, at + 1)) {
    const length = closerAt(raw, at)
    if (length === 0) continue
    for (let i = raw.indexOf(opener, passed); i >= 0 && i < at; i = raw.indexOf(opener, i + opener.length)) open++
    passed = at + length
    if (open > 0) open--
    else if (!endsLine || '\r\n'.includes(raw.charAt(passed) || ' ')) return true
  }
  return false
}
