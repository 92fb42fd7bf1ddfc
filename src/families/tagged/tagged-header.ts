import type { Opener } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { isBlank, isWrapped } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'
import type { Tag } from '../../text/tag.js'
import type { NearTag, Tags } from '../../text/tags.js'
import { declaredOf } from '../../tools/declared.js'
import { asTag } from './tagged-call.js'
import type { TaggedGrammar } from './tagged-grammar.js'
import { taggedOpeners } from './tagged-openers.js'

/** White space behind an opener is skipped this far. */
const LONGEST_SPACE = 200
/** A damaged marker is not longer, with the beginning of the tag behind it. */
const LONGEST_ASIDE = 128
/** It is made of special tokens, or what is left of them, and no words of a sentence. */
const ASIDE = /^[\w<>/\s]{0,128}[|｜][\w<>/\s|｜]{0,128}$/
const WORDS = /\w {1,8}\w/
/** A block is opened at most this many times in a row. */
const MOST_BLOCKS = 8

/** Decides whether a call opens, by a bounded look at what stands behind the opener. */
export class TaggedHeader {
  readonly expects: string
  private readonly own: string | undefined

  constructor(
    private readonly reading: Reading,
    private readonly grammar: TaggedGrammar,
    private readonly tags: Tags,
  ) {
    const { syntax } = grammar
    this.own =
      syntax.token === undefined ? undefined : reading.grammar.once(grammar, () => taggedOpeners(grammar)[0]?.marker)
    this.expects =
      this.own === undefined ? tags.openOf(syntax.call, 'NAME') : `the tag of a block and ${this.own}…${syntax.call}`
  }

  /** `left`: a block was left open before. */
  opens(opener: Opener, left: boolean): boolean | typeof WAIT {
    if (this.grammar.stripped !== undefined) return this.opensStripped(opener)
    if (this.own !== undefined) return this.opensToken(opener, left)
    return opener.stem === true ? this.opensCall() : this.opensBlock()
  }

  /** Is this the name of a tool that may be called here? */
  mayCall({ name }: Tag): boolean {
    if (name === undefined || !isName(name)) return false
    const { text, out } = this.reading
    return !(this.grammar.quotable && text.fenced && out.tools.given && !out.tools.has(name))
  }

  /** Is its name what is left of one (`>f`, `w}rite`), and no word of a template? */
  private isDamaged({ name = '' }: Tag): boolean {
    return name !== '' && !isName(name) && !isTemplate(name) && !(this.grammar.quotable && this.reading.text.fenced)
  }

  /** `<tool_calls>` and `<invoke name="f">`, or the latter alone: what a server leaves of DSML. */
  private opensStripped(opener: Opener): boolean | typeof WAIT {
    const { cursor, text, reasoning } = this.reading
    const { window, ended } = cursor
    let tag: Tag | undefined | typeof WAIT
    if (opener.stem === true) tag = this.tags.behindStem(window, cursor.at)
    else {
      const code = cursor.skipSpace()
      if (code < 0) return code === WAIT ? WAIT : false
      tag = this.tags.at(window, cursor.at)
    }
    if (tag === WAIT) return ended ? false : WAIT
    return tag?.kind === 'call' && this.mayCall(tag) && this.isOffered(tag) && !reasoning && !text.fenced
  }

  /** `<tool_call>` and `<function=f>`. */
  private opensBlock(): boolean | typeof WAIT {
    const { cursor } = this.reading
    const code = cursor.skipSpace()
    if (code < 0) return code === WAIT ? WAIT : false
    const { window, ended } = cursor
    const at = this.behindBlocks(window, cursor.at)
    if (at === WAIT) return ended ? true : WAIT
    const tag = this.tags.at(window, at)
    if (tag === WAIT) return ended ? window.charAt(at + 1) !== '/' : WAIT
    if (tag?.kind === 'call' && !tag.broken) return this.mayCall(tag) || this.isDamaged(tag)
    return this.attempts(window, at)
  }

  /** The index behind further openers of the block, which a model may write twice. */
  private behindBlocks(window: string, from: number): number {
    let at = from
    for (let count = 0; count < MOST_BLOCKS; count++) {
      const tag = this.tags.at(window, at)
      if (tag === WAIT || (tag?.kind !== 'block' && tag?.kind !== 'aside')) return at
      at += tag.length
      while (at < window.length && at - from < LONGEST_SPACE && ' \n\r\t'.includes(window.charAt(at))) at++
      if (at === window.length) return WAIT
    }
    return at
  }

  /** Behind the opener of a block: does the damaged header of a call stand at an index? */
  private attempts(window: string, at: number): boolean | typeof WAIT {
    const { text, out } = this.reading
    const aside = this.damagedAside(at)
    if (aside === WAIT) return WAIT
    const near = this.tags.near.at(window, at + aside, this.reading.cursor.ended)
    if (near === WAIT) return WAIT
    if (near === undefined || (this.grammar.quotable && text.fenced)) return false
    if (near.kind === 'call' || near.kind === 'parameter') return true
    return out.tools.given && (out.tools.has(near.word) || out.tools.has(near.name ?? ''))
  }

  /**
   * Length of what stands at an index of the window in place of a marker that means nothing, before the tag of a call:
   * `function<｜tool_sep｜><steptml:invoke …`. 0 for nothing of the kind.
   */
  damagedAside(at: number): number {
    const { asides } = this.grammar.syntax
    if (asides === undefined || !this.reading.out.settings.repair) return 0
    const { window, ended } = this.reading.cursor
    const limit = at + LONGEST_ASIDE
    for (let i = window.indexOf('<', at); i >= 0 && i < limit; i = window.indexOf('<', i + 1)) {
      const near = this.tags.near.at(window, i, ended)
      if (near === WAIT) return WAIT
      if (near?.kind !== 'call' && near?.kind !== 'parameter') continue
      const aside = window.slice(at, i)
      return ASIDE.test(aside) && !WORDS.test(aside) ? aside.length : 0
    }
    return ended || window.length >= limit || WORDS.test(window.slice(at)) ? 0 : WAIT
  }

  /** The call that a damaged header can only mean: of the tool that was given and that it names. */
  onlyCall(near: NearTag): Tag | undefined {
    const { tools } = this.reading.out
    if (!tools.given || near.isJunk || near.kind === 'block') return undefined
    const name = near.name ?? (near.kind === undefined && !near.isEnd ? near.word : undefined)
    if (name === undefined || !tools.has(name)) return undefined
    return { ...asTag(near, 'call'), name }
  }

  /** `<function=f>` without a block: a call of a given tool, if no words follow; without tools, by its place and what follows. */
  private opensCall(): boolean | typeof WAIT {
    const { cursor, out, text, reasoning } = this.reading
    const tag = this.tags.behindStem(cursor.window, cursor.at)
    if (tag === WAIT || tag === undefined) return tag === WAIT && !cursor.ended ? WAIT : false
    if (!this.mayCall(tag)) return false
    const { given } = out.tools
    if (given ? !out.tools.has(tag.name ?? '') : !text.atLineStart || text.fenced || reasoning) return false
    const next = this.next(cursor.at + tag.length)
    // Words behind it: prose about the tag.
    if (next === WAIT || next === undefined) return next === WAIT ? WAIT : false
    if (next === 'object') return given || this.grammar.jsonBody !== 'repair'
    if (
      this.grammar.jsonBody === 'only' &&
      (next === 'cut' ? this.tags.cut : next !== 'end' && next.kind) === 'parameter'
    )
      return false
    return given || (typeof next === 'object' && (next.kind === 'parameter' || next.kind === 'call-end'))
  }

  /** `<param name="a">` where no call is open: is it a whole tag? Undefined where none counts. */
  opensParameter({ marker }: Opener): boolean | undefined | typeof WAIT {
    const { cursor } = this.reading
    const may = this.mayBeHeadless()
    if (may !== true) return may
    // The stem may have come in a chunk of its own.
    const tag = this.tags.at(marker + cursor.window.slice(cursor.at, cursor.at + LONGEST_SPACE), 0)
    if (tag === WAIT) return cursor.ended || cursor.window.length - cursor.at >= LONGEST_SPACE ? false : WAIT
    return tag !== undefined && isWholeParameter(tag) && (!this.reading.deciding || this.isArgument(tag.name ?? ''))
  }

  /**
   * May a parameter be meant for a tool? While the format is not decided the tag may be other markup: it has to name an argument of a
   * given tool. Without tools, markup has it on a line of its own.
   */
  private isArgument(key: string): boolean {
    const { out, text } = this.reading
    if (!out.tools.given) return text.blank || !text.atLineStart
    return out.tools.names.some((name) => declaredOf(out.tools, name)?.properties.has(key) ?? true)
  }

  /** May parameters stand here without the tag of a call? Undefined in quotations, false where such a tag is text. */
  private mayBeHeadless(): boolean | undefined {
    const { text, out, reasoning, refusing } = this.reading
    if (reasoning || text.fenced || text.quotation !== undefined) return undefined
    // The call of a tool that was not given is text, and so are its parameters. Behind a blank the tag is a word of a sentence.
    return !refusing && !out.refusesCalls && text.isApart
  }

  /** `<｜DSML｜` and the rest of a block's tag, or of a call's. */
  private opensToken(opener: Opener, left: boolean): boolean | typeof WAIT {
    const { cursor, out, reasoning } = this.reading
    if (cursor.peek() === WAIT) return WAIT
    if (!out.settings.repair && !opener.marker.endsWith(this.own ?? '')) return false
    const tag = this.tags.behindStem(cursor.window, cursor.at)
    if (tag === undefined) return this.opensUnclosed(opener)
    if (tag === WAIT) return cursor.ended ? false : WAIT
    if (tag.kind === 'other' && this.isTool(cursor.window.slice(cursor.at, cursor.at + tag.length))) return !reasoning
    if (tag.kind === 'call')
      return this.mayCall(tag) && (left || this.isOffered(tag) || this.isAttempt(tag)) && !reasoning
    if (isWholeParameter(tag)) return this.mayBeHeadless() === true
    if (tag.kind !== 'block' && tag.kind !== 'other') return false
    const from = cursor.at + tag.length
    const next = this.next(from)
    if (next === WAIT) return WAIT
    if (next === 'end' || next === 'cut') return tag.kind === 'block'
    if (typeof next !== 'object' || next.kind !== 'call' || next.broken) {
      return tag.kind === 'block' && this.attemptsBehind(from)
    }
    if (!this.mayCall(next)) return false
    return tag.kind === 'block' || (this.isOffered(next) && !reasoning)
  }

  /** `<｜DSML｜tool_calls` LF, before the tag of a given tool's call: the block's tag, whose bracket is missing. */
  private opensUnclosed({ marker }: Opener): boolean | typeof WAIT {
    const { cursor, out, reasoning } = this.reading
    if (!out.settings.repair || reasoning) return false
    // The stem may have come in a chunk of its own.
    const stem = cursor.since(cursor.offset - marker.trimStart().length)
    const text = stem + cursor.window.slice(cursor.at, cursor.at + LONGEST_SPACE)
    const near = this.tags.near.at(text, 0, cursor.ended)
    if (near === WAIT) return WAIT
    if (!isUnclosedBlock(near)) return false
    const next = this.next(cursor.at + near.length - stem.length)
    if (next === WAIT) return WAIT
    return (
      typeof next === 'object' && next.kind === 'call' && !next.broken && this.mayCall(next) && this.isOffered(next)
    )
  }

  private attemptsBehind(from: number): boolean | typeof WAIT {
    const { window, ended } = this.reading.cursor
    let i = from
    while (i < window.length && i - from < LONGEST_SPACE && ' \n\r\t'.includes(window.charAt(i))) i++
    if (i - from === LONGEST_SPACE) return false
    const at = this.behindBlocks(window, i)
    if (at === WAIT) return ended ? true : WAIT
    const tag = this.tags.at(window, at)
    if (tag === WAIT) return ended ? false : WAIT
    if (tag?.kind === 'call' && !tag.broken) return this.mayCall(tag) || this.isDamaged(tag)
    return this.attempts(window, at)
  }

  /** Where nothing may be repaired: the call of a given tool that has lost its block. */
  private isAttempt({ name }: Tag): boolean {
    const { out, text } = this.reading
    return !out.settings.repair && text.atLineStart && out.tools.given && out.tools.has(name ?? '')
  }

  /** `｜aio-webcontent>`, of a tag whose word is the name of a tool. */
  isTool(rest: string): boolean {
    const { settings, tools } = this.reading.out
    return settings.repair && tools.given && tools.has(rest.replace(/^<?[｜|‖ ]{0,4}[A-Z]{0,8}[｜|‖ ]{1,4}|>$/g, ''))
  }

  /** Without the markers around it only a call of a tool that was given is one. */
  isOffered({ name }: Tag): boolean {
    const { settings, tools } = this.reading.out
    return settings.repair && tools.given && tools.has(name ?? '')
  }

  /**
   * The tag behind the white space at an index of the window. `end`: the text ends there; `cut`: it ends inside a tag;
   * `object`: arguments as JSON stand there.
   */
  private next(from: number): Tag | 'end' | 'cut' | 'object' | undefined | typeof WAIT {
    const { window, ended } = this.reading.cursor
    let i = from
    while (i < window.length && i - from < LONGEST_SPACE && ' \n\r\t'.includes(window.charAt(i))) i++
    if (i === window.length) return ended ? 'end' : WAIT
    const code = window.charCodeAt(i)
    if (code === 0x7b || (code === 0x22 && this.grammar.jsonBody === 'only')) return 'object'
    const tag = this.tags.at(window, i)
    if (tag !== WAIT) return tag
    return ended ? 'cut' : WAIT
  }
}

function isWholeParameter({ kind, name, broken }: Tag): boolean {
  return kind === 'parameter' && name !== undefined && !broken
}

/** Is it the tag of a block that lacks only its bracket? */
export function isUnclosedBlock(near: NearTag | undefined): near is NearTag {
  return near?.kind === 'block' && !near.isClosed && !near.isEnd && !near.isJunk && near.name === undefined
}

/** Can a tool have this name? Templates, types and comparisons in prose cannot be names. */
export function isName(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    // `{`, `}`, `<`, `>`
    if (code === 0x7b || code === 0x7d || code === 0x3c || code === 0x3e || isBlank(name, i)) return false
  }
  return name !== '' && !isWrapped(name)
}

/** `{name}`, `<name>`, `"name"`: what stands for a name in a description. */
function isTemplate(name: string): boolean {
  return /^[{<["'(].{0,100}[}>\]"')]$/.test(name)
}
