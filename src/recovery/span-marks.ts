import type { CallMarks, Mark } from '../engine/call-marks.js'
import { WAIT } from '../text/cursor.js'
import type { Matcher } from '../text/matcher.js'
import type { HoldBack } from '../text/step.js'
import type { TagKind } from '../text/tag.js'
import type { Tags } from '../text/tags.js'

/** What a mark in a damaged span is; `stop` for all that ends a call from outside. */
export type SpanMark = Mark | 'stop'

/** Finds the marks of a grammar in a damaged span, whatever they look like. */
export interface SpanMarks {
  /** Index of the next mark at or behind `from`, or of what may become one, or the length of the text. */
  find(window: string, from: number, ended: boolean): number
  /** What stands there, and how long it is; undefined for none. */
  readonly mark: SpanMark | undefined
  readonly length: number
  readonly holdBack: HoldBack | undefined
}

/** Markers that are special tokens. */
export class MarkerMarks implements SpanMarks {
  mark: SpanMark | undefined
  length = 0

  constructor(private readonly marks: CallMarks) {}

  get holdBack(): HoldBack | undefined {
    return this.marks.matcher.holdBack
  }

  find(window: string, from: number, ended: boolean): number {
    const { matcher } = this.marks
    const at = matcher.find(window, from, ended)
    const { hit } = matcher
    this.mark = hit === undefined ? undefined : (this.marks.of(hit) ?? 'stop')
    this.length = hit?.length ?? 0
    return at
  }
}

const MARKS: Partial<Record<TagKind, Mark>> = {
  block: 'section',
  'block-end': 'section-end',
  call: 'call',
  'call-end': 'call-end',
}

/** Tags, with attributes and names. One that closes itself opens nothing. */
export class TagMarks implements SpanMarks {
  mark: SpanMark | undefined
  length = 0
  readonly holdBack = undefined

  constructor(
    private readonly tags: Tags,
    private readonly stops: Matcher<string>,
  ) {}

  find(window: string, from: number, ended: boolean): number {
    this.mark = undefined
    for (let at = window.indexOf('<', from); at >= 0; at = window.indexOf('<', at + 1)) {
      const tag = this.tags.at(window, at)
      if (tag === WAIT) {
        if (!ended) return at
      } else if (tag !== undefined) {
        this.mark = tag.selfClosing ? undefined : MARKS[tag.kind]
        this.length = tag.length
      } else if (this.stops.at(window, at, ended)) {
        if (this.stops.hit === undefined) return at
        this.mark = 'stop'
        this.length = this.stops.end - at
      }
      if (this.mark !== undefined) return at
    }
    return window.length
  }
}
