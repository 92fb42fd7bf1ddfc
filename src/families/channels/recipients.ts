import { CallMarks, markSetsOf, marksOf } from '../../engine/call-marks.js'
import type { Family, FamilyReader, Opener } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { giveBackArguments } from '../../recovery/headless-call.js'
import { spaceEnd } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import { readCall } from './call-message.js'
import {
  type LineStart,
  LONGEST_LINE,
  mayBeginName,
  type RecipientGrammar,
  type RecipientLine,
  recipientLine,
} from './recipient-line.js'

/**
 * The family of formats whose text is messages, each behind a line that names its recipient: a tool, or everybody.
 *
 *     all
 *     I look it up.
 *     >>>get_tide
 *     {"port": "Moss"}
 *
 * The prompt ends with the start of the first line.
 */
export function recipients(grammar: RecipientGrammar): Family {
  const { start } = grammar.rules
  return {
    openers: [
      { marker: start, inText: true },
      // What is left of it. Ordinary text holds that too.
      { marker: start.slice(1), bare: true, prefix: true },
      { marker: '', bare: true, mayOpen: lineLooks(grammar), mayBegin: mayBeginName },
    ],
    create: (reading: Reading) => new Recipients(reading, grammar),
  }
}

/** What the prompt holds of a line that it leaves open, behind its start. */
const OPEN_LINE = /^[^\s<>{}]{0,128}\s{0,4}$/

const NO_TOOLS = { given: false, has: () => false, startsName: () => false }

/** A line of one word. Of most replies the first line has more, which ends the look at them. */
const ONE_WORD = /^\S{1,128}[^\S\n]{0,320}\n/

/** Does a line that names somebody begin the text, with the arguments of a call if that is a tool? */
function lineLooks(grammar: RecipientGrammar): NonNullable<Opener['mayOpen']> {
  const reading = { tools: NO_TOOLS, repair: true }
  return (text, at) => {
    const from = spaceEnd(text, at)
    const line = text.slice(from, from + LONGEST_LINE)
    if (!ONE_WORD.test(line)) return false
    return typeof recipientLine(line, true, 'assumed', grammar, reading) === 'object'
  }
}

class Recipients implements FamilyReader {
  readonly expects = 'a line with the name of a tool, and its arguments'
  opened: 'call' | 'message' = 'call'
  private line: RecipientLine | undefined
  private by: LineStart = 'whole'
  /** A message of content is open, in which a line without its start is text. */
  private inContent = false
  /** The line that the prompt holds has been read. */
  private begun = false
  private made: CallMarks | undefined

  constructor(
    private readonly reading: Reading,
    private readonly grammar: RecipientGrammar,
  ) {}

  /** Made with the first call. */
  private get marks(): CallMarks {
    if (this.made === undefined) {
      const { grammar, format } = this.reading
      const { kinds, sets } = grammar.once('recipients', () => {
        const call = { call: { open: [this.grammar.rules.start], close: [] } }
        const kinds = marksOf(call)
        return { kinds, sets: markSetsOf(call, kinds, format) }
      })
      this.made = new CallMarks(kinds, sets)
    }
    return this.made
  }

  opens({ marker }: Opener): boolean | typeof WAIT {
    const { cursor } = this.reading
    const by = marker === '' ? this.startHere() : marker === this.grammar.rules.start ? 'whole' : 'damaged'
    if (by === undefined || (by === 'damaged' && !this.mayMend())) return false
    if (marker === '') {
      const code = cursor.skipSpace()
      if (code < 0 && (code === WAIT || by !== 'in the prompt')) return code === WAIT ? WAIT : false
    }
    const line = this.peek(by, by === 'whole' ? marker : by === 'in the prompt' ? (this.promptLine() ?? '') : '')
    if (line === WAIT) return WAIT
    if (line === 'text' || !this.counts(line, by)) return false
    if (by === 'assumed' && line.holds === 'call' && this.reading.deciding) {
      const begins = this.beginsObject(line)
      if (begins !== true) return begins
    }
    this.by = by
    this.line = line
    this.opened = line.holds === 'content' ? 'message' : 'call'
    return true
  }

  /** How a line may begin here that has no start. */
  private startHere(): LineStart | undefined {
    const { text, lastCallTo, out } = this.reading
    if (lastCallTo >= 0)
      return this.inContent || !this.mayMend() || out.lastStatus !== 'complete' ? undefined : 'missing'
    if (!text.blank || this.inContent || this.begun) return undefined
    return this.promptLine() === undefined ? 'assumed' : 'in the prompt'
  }

  private promptLine(): string | undefined {
    const { prompt } = this.reading.out.settings
    const { start } = this.grammar.rules
    const at = prompt?.lastIndexOf(start) ?? -1
    const line = prompt?.slice(at + start.length)
    return at >= 0 && line !== undefined && OPEN_LINE.test(line) ? line : undefined
  }

  /** May something here be mended that is no line of the format? */
  private mayMend(): boolean {
    const { out, text, deciding } = this.reading
    return out.settings.repair && !out.refusesCalls && !deciding && !text.fenced && text.quotation === undefined
  }

  private counts({ holds, name }: RecipientLine, by: LineStart): boolean {
    const { out, text, deciding } = this.reading
    if (holds === 'attempt') return !text.fenced && !text.inCode && !out.refusesCalls
    // A text of an unknown format may begin with one.
    if (holds === 'content') return !deciding || (by === 'whole' && text.blank)
    // A text of an unknown format names a given tool, and not one whose text may be anything.
    return (
      holds === 'cut' ||
      by !== 'assumed' ||
      !deciding ||
      (out.tools.has(name) && !this.grammar.codeTools.includes(name))
    )
  }

  /** A text of an unknown format may begin with the name of a tool and go on with words. */
  private beginsObject({ length }: RecipientLine): boolean | typeof WAIT {
    const { cursor } = this.reading
    const at = spaceEnd(cursor.window, cursor.at + length)
    if (at < cursor.window.length) return cursor.window.charAt(at) === '{'
    return cursor.ended || at - cursor.at > LONGEST_LINE ? false : WAIT
  }

  /** The line that stands at the cursor, behind what came of it before. */
  private peek(by: LineStart, before: string): ReturnType<typeof recipientLine> {
    const { cursor, out } = this.reading
    const { window, at } = cursor
    const text = before + window.slice(at, at + LONGEST_LINE - before.length)
    const isAll = cursor.ended && at + text.length - before.length === window.length
    return recipientLine(text, isAll, by, this.grammar, { tools: out.tools, repair: out.settings.repair })
  }

  *read(_opener: Opener, from: number): Read<boolean> {
    const { reading, by } = this
    const { cursor, out, text } = reading
    const line = this.line as RecipientLine
    cursor.rewind(from)
    this.begun = true
    // What the prompt holds of the line is not in the text.
    const before = by === 'in the prompt' ? (this.promptLine() ?? '').length : 0
    const length = Math.max(0, line.length - before)
    if (line.holds === 'attempt') {
      cursor.at += this.grammar.rules.start.length
      yield* giveBackArguments(reading, from, reading.expected(this.expects))
      return false
    }
    if (line.holds === 'cut') {
      cursor.at = cursor.window.length
      reading.cut('the text ended in the line before a call', from)
      return true
    }
    this.inContent = line.holds === 'content'
    if (line.holds === 'content') {
      out.mark('call')
      cursor.at += length
      text.beginMessage()
      out.mark('closeReasoning')
      return true
    }
    const evidence = by === 'assumed' && !out.tools.given ? 'bare' : 'marker'
    const [nameFrom, nameTo] = [Math.max(0, line.from - before), Math.max(0, line.to - before)]
    const head = { ...line, holds: 'call', from: nameFrom, to: nameTo, length, type: '' } as const
    yield* readCall(reading, head, {
      from,
      marks: this.marks,
      codeTools: this.grammar.codeTools,
      evidence,
      endsCode: () => this.endsCode(),
    })
    text.beginMessage()
    return true
  }

  /** Does the start before which the cursor stands begin a line, or is it a part of the code before it? */
  private endsCode(): boolean | typeof WAIT {
    const line = this.peek('whole', '')
    return typeof line === 'object' ? line.holds !== 'attempt' : line === WAIT ? WAIT : false
  }
}
