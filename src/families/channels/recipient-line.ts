import type { ChannelRules } from '../../engine/format.js'
import { isSpace, spaceEnd } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'
import type { OfferedTools } from '../../tools/offered-tools.js'
import type { HeadFix } from './head-words.js'

/** Messages behind a line that names whom they are for: `>>>get_tide` LF `{"port": "Moss"}`. */
export interface RecipientGrammar {
  /**
   * `start` begins the line: one character several times, which may stand right behind the message before. `of`: those who
   * are no tools, and what a message for them holds.
   */
  readonly rules: Pick<ChannelRules, 'start' | 'of'>
  /** Tools whose text is code, as it is. */
  readonly codeTools: readonly string[]
}

/** What a line holds that was looked at. Indexes are into the text that was looked at. */
export interface RecipientLine {
  /** `attempt`: a call whose tool cannot be made out. */
  readonly holds: 'content' | 'call' | 'attempt' | 'cut'
  readonly name: string
  readonly from: number
  readonly to: number
  /** Up to where the message begins. */
  readonly length: number
  readonly fixes: readonly HeadFix[]
}

/**
 * How the line begins: with its start, with what is left of that, behind a prompt that ends with it, where the text begins
 * and the prompt is not known, or right behind a call.
 */
export type LineStart = 'whole' | 'damaged' | 'in the prompt' | 'assumed' | 'missing'

/** A line and the beginning of its message are examined this far. */
export const LONGEST_LINE = 320
const LONGEST_START = 16
const NAME = /^[^\s{}[\]",<>()`\\]{1,128}/
/** What the arguments of a call begin with. */
const OBJECT = /^\{\s{0,16}["'}]/
const OBJECT_SO_FAR = /^\{\s{0,16}$/
/** A line that names no tool, before arguments. */
const BROKEN = /^[^\n{]{0,128}\n?\s{0,16}\{\s{0,16}["'}]/
const BROKEN_SO_FAR = /^[^\n{]{0,128}(?:\n\s{0,16})?(?:\{\s{0,16})?$/

type Found = RecipientLine | 'text' | typeof WAIT

/** Can the name in a line begin with the character at an index? */
export function mayBeginName(text: string, at: number): boolean {
  return NAME.test(text.charAt(at))
}

/**
 * Reads the line with which `text` begins. What it answers for a text holds for every longer one. A start that is not
 * whole, or a line without its end, counts only for a given tool, as a repair.
 * @param ended no more of the text comes
 */
export function recipientLine(
  text: string,
  ended: boolean,
  by: LineStart,
  { rules: { start, of }, codeTools }: RecipientGrammar,
  { tools, repair }: { tools: Pick<OfferedTools, 'given' | 'has' | 'startsName'>; repair: boolean },
): Found {
  const isAll = ended || text.length >= LONGEST_LINE
  const from = by === 'whole' || by === 'damaged' ? nameStart(text, start) : 0
  const isSure = by === 'whole' ? text.slice(0, from) === start : by === 'in the prompt' || by === 'assumed'
  const isMarked = isSure && by !== 'assumed'

  const name = NAME.exec(text.slice(from))?.[0] ?? ''
  const to = from + name.length
  const isGiven = tools.given && tools.has(name)
  const line = { name, from, to, length: to, fixes: [] }
  if (to >= text.length) {
    if (isAll) return isMarked && ended ? { ...line, holds: 'cut' } : 'text'
    const mayName = isGiven || (tools.given && tools.startsName(name))
    const mayAddress = isMarked || !tools.given || Object.keys(of).some((one) => one.startsWith(name))
    return name === '' || mayName || (isSure && mayAddress) ? WAIT : 'text'
  }

  const lineEnd = spaceEnd(text, to)
  const newline = text.slice(to, lineEnd).indexOf('\n')
  const length = newline < 0 ? lineEnd : to + newline + 1
  if (isSure && newline >= 0 && Object.hasOwn(of, name)) return { ...line, holds: 'content', length }
  const fixes = fixesOf(text, { from, to, lineEnd, newline }, by, start)
  const mayCall = isGiven ? repair || fixes.length === 0 : isMarked || (isSure && !tools.given)
  if (name !== '' && mayCall) {
    const call = { ...line, holds: 'call', length, fixes } as const
    // Behind a line that is right, whatever follows is meant as the arguments of a given tool.
    if (isSure && isGiven && newline >= 0) return call
    if (lineEnd >= text.length && !isAll) return WAIT
    const rest = text.slice(lineEnd)
    if ((isGiven || newline >= 0) && OBJECT.test(rest)) return call
    if (!isAll && OBJECT_SO_FAR.test(rest)) return WAIT
    if (newline >= 0 && !tools.given && codeTools.includes(name) && rest !== '') return call
    if (rest === '' && ended && isMarked) return { ...line, holds: 'cut' }
  }
  // `>>> 1 + 1`: a line of an interpreter.
  if (by !== 'whole' || !isSure) return 'text'
  const rest = text.slice(from)
  if (BROKEN.test(rest)) return { ...line, holds: 'attempt' }
  return !isAll && BROKEN_SO_FAR.test(rest) ? WAIT : 'text'
}

/** Index behind the characters of the start, with white space among them, and blanks. */
function nameStart(text: string, start: string): number {
  const mark = start.charAt(0)
  let behind = 0
  let i = 0
  for (; i < text.length && i < LONGEST_START; i++) {
    if (text.charAt(i) === mark) behind = i + 1
    else if (!isSpace(text.charCodeAt(i))) break
  }
  // More of it may come.
  if (i === text.length && i < LONGEST_START) return i
  while (text.charAt(behind) === ' ' || text.charAt(behind) === '\t') behind++
  return behind
}

interface LineParts {
  readonly from: number
  readonly to: number
  readonly lineEnd: number
  readonly newline: number
}

/** What is wrong with a line that names a tool. */
function fixesOf(text: string, { from, to, lineEnd, newline }: LineParts, by: LineStart, start: string): HeadFix[] {
  const fixes: HeadFix[] = []
  if (by === 'missing' || ((by === 'whole' || by === 'damaged') && text.slice(0, from) !== start))
    fixes.push({ from: 0, to: from, after: start })
  if (newline < 0) fixes.push({ from: to, to: lineEnd, after: '\n' })
  return fixes
}
