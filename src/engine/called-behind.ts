/** The name of a tool stands no farther behind a marker, and what its arguments begin with no farther behind the name. */
const LONGEST_HEADER = 160
const LONGEST_BEHIND = 40
/** What arguments begin with, or what is left of a closer. */
const BEGINS = /[{[(<]|\/\w{1,40}>/
const TAG = /<[^<>\n]{1,120}>/g
/** Two words: the marker stands in a sentence. An attribute is none: `call tool=`. */
const PROSE = /[\p{L}\p{N}][,.]? {1,8}\p{L}{1,40}(?![\p{L}=])/u
/** What is left where a name and its arguments merged: `count=` of `set_plancount=3)` */
const MERGED = /^\w{1,64}["']?\s{0,4}[=:(>]/

/**
 * Where the given tool is named that is called from an index of a text on: its name, before or behind what arguments begin
 * with, and no words. Undefined for prose.
 * @example calledBehind('<call>: f({}', 6, ['f']) // { name: 'f', from: 8 }
 */
export function calledBehind(
  text: string,
  from: number,
  names: readonly string[],
): { name: string; from: number } | undefined {
  const header = text.slice(from, from + LONGEST_HEADER)
  for (const name of names) {
    const at = header.indexOf(name)
    if (at < 0) continue
    const end = at + name.length
    const behind = header.slice(end, end + LONGEST_BEHIND)
    const isMerged = /^[\p{L}\p{N}_]/u.test(behind)
    if (isMerged && (/[\p{L}\p{N}_]$/u.test(header.slice(0, at)) || !MERGED.test(behind))) continue
    // The name may be an attribute: <DSML:invoke name="run">
    const words = header
      .slice(0, at)
      .replace(TAG, '')
      .replace(/<[^<>]{1,80}$/, '<')
    if (PROSE.test(`${words}${name}${/^[^{[(<=]{0,40}/.exec(behind)?.[0] ?? ''}`)) continue
    if (isMerged || BEGINS.test(words + behind)) return { name, from: from + at }
  }
  return undefined
}
