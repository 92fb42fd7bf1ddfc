/** No tag of a call is longer. */
const LONGEST = 120
/** Of a marker, what stands for all of it at its beginning and at its end, and of both together. */
const EDGE = 4
const EDGES = 9
/** A close tag with an attribute or a key, which no markup has: `</parame name="count">`, `</paramearameter=count>` */
const WITH_KEY = /<\/[\w:.|｜-]{0,64}(?: [ \w]{0,40})?[="][^<>\n/]{0,80}>/
/** The first part of a word that no other markup has: `</arg_` of `</arg_value>` */
const OWN_WORD = /^<\/[\w|]{1,12}[_:]/
/** Behind the first of the two tokens of a tag: it is a whole one of another word. */
const OTHER_WORD = /^\w{0,40}<\|/

/**
 * Does a raw value hold the beginning of its close marker that goes on as the rest of another tag? What stood between them is lost,
 * and may have been the end of the value and another argument.
 * @param raw the value as it was read
 * @param closer the whole close marker
 * @param key where keys are elements: the word of what closes one
 * @example holdsBrokenCloser('Oslo</para name="days">3', '</parameter>') // true
 * @example holdsBrokenCloser('Oslo</arg_varg_value>3', '</arg_value>', 'arg_key') // true
 * @example holdsBrokenCloser('<painter>x</painter>', '</parameter>') // false: the value opened it
 */
export function holdsBrokenCloser(raw: string, closer: string, key = ''): boolean {
  if (WITH_KEY.test(raw)) return true
  const sign = closer.slice(0, EDGE)
  for (let at = raw.indexOf(sign); at >= 0; at = raw.indexOf(sign, at + 1)) {
    const end = raw.indexOf('>', at)
    if (end < 0) return false
    if (end - at > LONGEST || raw.startsWith(closer, at)) continue
    if (goesOn(raw.slice(at, end + 1), raw, closer, key, end + 1)) return true
  }
  return false
}

/** Is a tag that begins as the closer no whole one: of two tokens, of two tags, or with the end of another marker? */
function goesOn(tag: string, raw: string, closer: string, key: string, behind: number): boolean {
  if (closer.startsWith(tag)) return !OTHER_WORD.test(raw.slice(behind, behind + LONGEST))
  const to = tag.indexOf('<', 1)
  if (to > EDGE) return closer.startsWith(tag.slice(0, to).trimEnd()) && tag.startsWith(closer.slice(2, -1), to + 1)
  const own = OWN_WORD.exec(closer)?.[0]
  const isPart = own !== undefined && tag.startsWith(own) && closer.startsWith(tag.slice(0, -1))
  if (!isPart && !isOfBoth(tag, closer, closer) && !(key !== '' && isOfBoth(tag, closer, `${key}>`))) return false
  const open = tag.replace('/', '').slice(0, -1)
  return !raw.includes(`${open}>`) && !raw.includes(`${open} `)
}

/** Does a tag begin as one marker and end as another, so far that no other word does? `</page-footer>` does not. */
function isOfBoth(tag: string, first: string, last: string): boolean {
  let from = 0
  while (from < first.length && tag[from] === first[from]) from++
  let to = 0
  while (to < last.length && tag.at(-1 - to) === last.at(-1 - to)) to++
  return to >= EDGE && from + to >= EDGES
}
