/**
 * Does a raw value hold a close marker of arguments that nothing in it opened, where templates write one? Then what follows it may be
 * another argument, whose opening tag is lost.
 * @param raw the value as it was read
 * @param opener how the tag that opens an argument begins: `<parameter`
 * @param closer the whole close marker
 * @param endsLine templates end a line behind it, so that in the middle of one it is a mention
 * @example holdsLoneCloser('Oslo\n</parameter>\n\n3', '<parameter', '</parameter>', true) // true
 * @example holdsLoneCloser('<parameter=a>\n1\n</parameter>\n', '<parameter', '</parameter>', true) // false: the value opened it
 * @example holdsLoneCloser('</parameter> closes a value', '<parameter', '</parameter>', true) // false
 */
export function holdsLoneCloser(raw: string, opener: string, closer: string, endsLine: boolean): boolean {
  let open = 0
  for (let from = 0, at: number; (at = raw.indexOf(closer, from)) >= 0; from = at + closer.length) {
    for (let i = raw.indexOf(opener, from); i >= 0 && i < at; i = raw.indexOf(opener, i + opener.length)) open++
    if (open > 0) open--
    else if (!endsLine || '\r\n'.includes(raw.charAt(at + closer.length) || ' ')) return true
  }
  return false
}
