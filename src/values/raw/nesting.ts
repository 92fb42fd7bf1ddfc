import type { Tag, TagKind } from '../../text/tag.js'

/** The markers that can end a value. */
export type CloseKind = 'parameter-end' | 'call-end' | 'block-end'

/** What a tag inside a raw value is: data, its end, or its end if one of the kinds in `legal` follows. */
export type Verdict = 'data' | 'ends' | 'perhaps'

export interface NestingRules {
  /**
   * Openers inside a value are counted, so that a value may hold a whole call: at the start of a line (`counted`), or
   * anywhere, where no opener looks like ordinary text.
   */
  readonly nesting: 'counted' | 'anywhere' | 'none'
  /** Where the close marker of a call or a block may end a value that was not closed: elsewhere it is data. */
  readonly outerEnds: 'anywhere' | 'line-start'
  /**
   * Close markers are special tokens: one that the value did not open itself ends it, whatever follows, and a value without
   * its own is damage.
   */
  readonly closers?: 'certain'
  /** What may follow a close marker; behind everything else it is data. */
  readonly successors: Readonly<Record<CloseKind, readonly TagKind[]>>
}

/** Asks whether a key may begin a parameter behind a value that was not closed. */
type AskKey = (key: string) => boolean

const CALL_END: readonly TagKind[] = ['call-end']

/**
 * Judges the tags inside one raw value, by counting what the value itself opened at the beginning of a line, or right behind
 * a tag that was counted (`<tool_call><function=f>`). A value that holds `<function=f>…</function>` keeps it; one whose own
 * close marker is missing ends where the next parameter begins.
 */
export class Nesting {
  /** What has to follow a tag that was judged `perhaps`. */
  legal: readonly TagKind[] = []
  private parameters = 0
  private calls = 0
  private blocks = 0
  /**
   * Openers that a sentence may quote alone: in the middle of a line, or of a call whose header cannot be read. The value's own
   * closer counts behind them as before. But the closer of a call or block that stands behind one is its own, and what it holds
   * makes no parameter and no end.
   *
   *     <tool_call>NAME<tool_sep><arg_key>KEY</arg_key><arg_value>VALUE</arg_value></tool_call>    in a value of GLM
   *     see <tool_call>{"name": "f"}</tool_call> LF <tool_call> LF <function=g> …                   in one of Qwen3-Coder
   */
  private strangeCalls = 0
  private strangeBlocks = 0

  constructor(private readonly rules: NestingRules) {}

  begin(): void {
    this.parameters = this.calls = this.blocks = this.strangeCalls = this.strangeBlocks = 0
  }

  /** How much of what the value itself opened is open. */
  get depth(): number {
    return this.parameters + this.calls + this.blocks
  }

  /** Parameters that the value opened and did not close. */
  get opened(): number {
    return this.parameters
  }

  /** Meets an opener of a call whose header cannot be read. */
  meet({ kind }: Pick<Tag, 'kind'>): void {
    if (kind === 'call' && this.rules.nesting !== 'none') this.strangeCalls++
  }

  /** `declares`: the tool's schema has the key, so that its tag ends a value in the middle of a line too. */
  judge(tag: Tag, atLine: boolean, mayFollow: AskKey, declares: AskKey = () => false): Verdict {
    switch (tag.kind) {
      case 'parameter':
        return this.parameter(tag, atLine, mayFollow, declares)
      case 'call':
        // A special token counts wherever it stands.
        if (tag.name !== undefined && this.counts(atLine || tag.name === '')) this.calls++
        else if (tag.name !== undefined) this.meet(tag)
        return 'data'
      case 'block':
        if (this.counts(atLine)) this.blocks++
        else if (this.rules.nesting !== 'none') this.strangeBlocks++
        return 'data'
      case 'parameter-end':
        return this.parameterEnd(tag)
      case 'call-end':
        if (this.calls > 0) return this.less('calls')
        if (this.strangeCalls > 0) return this.less('strangeCalls')
        return tag.name === '' ? 'ends' : this.outerEnd('call-end', atLine)
      case 'block-end':
        if (this.blocks > 0) return this.less('blocks')
        return this.strangeBlocks > 0 ? this.less('strangeBlocks') : this.outerEnd('block-end', atLine)
      default:
        return 'data'
    }
  }

  /** A tag that was `perhaps` the end was none. */
  refuted(tag: Tag): void {
    if (tag.kind === 'parameter-end' && !tag.loose && this.parameters > 0) this.parameters--
  }

  private counts(atLine: boolean): boolean {
    return this.rules.nesting === 'anywhere' || (atLine && this.rules.nesting === 'counted')
  }

  private get inner(): boolean {
    return this.calls > 0 || this.blocks > 0
  }

  private parameter({ name }: Tag, atLine: boolean, mayFollow: AskKey, declares: AskKey): Verdict {
    const counts = this.counts(atLine) || this.strangeCalls > 0
    if (!(atLine || counts) || name === undefined) return 'data'
    const isCertain = atLine || declares(name) || this.rules.closers === 'certain'
    const isInside = this.parameters > 0 || this.inner || this.strangeCalls > 0
    if (!isInside && mayFollow(name) && isCertain) return 'ends'
    if (counts) this.parameters++
    return 'data'
  }

  private parameterEnd(tag: Tag): Verdict {
    if (tag.loose) return this.inner || this.parameters > 0 ? 'data' : this.perhaps('parameter-end')
    if (this.inner) return this.parameters > 0 ? this.less('parameters') : 'data'
    if (this.parameters === 0) return this.rules.closers === 'certain' ? 'ends' : this.perhaps('parameter-end')
    if (this.strangeCalls > 0) return this.less('parameters')
    this.legal = CALL_END
    return 'perhaps'
  }

  private outerEnd(kind: CloseKind, atLine: boolean): Verdict {
    return atLine || this.rules.outerEnds === 'anywhere' ? this.perhaps(kind) : 'data'
  }

  private perhaps(kind: CloseKind): Verdict {
    this.legal = this.rules.successors[kind]
    return 'perhaps'
  }

  private less(counter: 'parameters' | 'calls' | 'blocks' | 'strangeCalls' | 'strangeBlocks'): Verdict {
    this[counter]--
    return 'data'
  }
}
