import { WAIT } from '../../text/cursor.js'
import { type CallHeadResult, LONGEST_NAME } from './call-head.js'

const INPUT = 'Action Input:'
const NAME = /^[ \t]{0,4}((?:[\w.:/-]|\\_){1,128})[ \t]{0,4}(?:\r?\n)[ \t]{0,4}/
const NAME_SO_FAR = /^[ \t]{0,4}[\w.:/\\-]{0,128}[ \t]{0,4}(?:\r?\n?)[ \t]{0,4}$/

/**
 * Reads the header of a call as agents prompt for it: the name of a tool, and on the next line the word before an object. What
 * is no object there is prose.
 * @example readReactHead(' get_tide\nAction Input: {') // the name get_tide, the arguments from index 24 on
 */
export function readReactHead(text: string): CallHeadResult {
  const [line, name = ''] = NAME.exec(text) ?? []
  if (line === undefined) return NAME_SO_FAR.test(text) && text.length <= LONGEST_NAME ? WAIT : 'text'
  const rest = text.slice(line.length)
  if (rest.length <= INPUT.length) return INPUT.startsWith(rest) || (rest === '' && line !== '') ? WAIT : 'text'
  if (!rest.startsWith(INPUT)) return 'text'
  const behind = rest.slice(INPUT.length)
  const gap = behind.length - behind.trimStart().length
  if (gap === behind.length) return WAIT
  // A string may hold the object once more.
  const first = behind.slice(gap, gap + 2)
  if (first === '"') return WAIT
  if (first[0] !== '{' && first !== '"{') return 'text'
  const from = text.indexOf(name)
  const length = line.length + INPUT.length + gap
  return { name, from, to: from + name.length, length, separated: true, body: 'arguments' }
}
