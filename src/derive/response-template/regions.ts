import { isHighSurrogate } from '../../text/characters.js'
import { GrowingText } from '../../text/growing-text.js'
import { NONE } from './pattern/character-set.js'
import type { Field, Template } from './template.js'
import { type Hit, Watch } from './watch.js'

/** Takes what the regions of a text hold. Offsets are into the text; what stands before 0 is the end of the prompt. */
export interface RegionSink {
  /** A field was opened by what stands at from..to. */
  open(field: Field, hit: RegionHit): void
  /** Text of the field that is open. `undefined`: of none. */
  text(field: Field | undefined, text: string, from: number): void
  /** The open field was closed by what stands there; undefined: by the end of the text. Of a field that takes what is left, only that. */
  close(field: Field, hit: RegionHit | undefined): void
  /** The text ended in what might have become an opener. */
  unfinished(text: string): void
}

/** What opened or closed a field, and what its named groups took in. */
export interface RegionHit {
  readonly from: number
  readonly to: number
  readonly text: string
  readonly groups: ReadonlyMap<string, { readonly text: string; readonly from: number; readonly to: number }>
}

/**
 * Divides a text into the regions of a response template, as it comes: outside of a field any may open, inside of one only
 * its closer counts.
 */
export class Regions {
  private readonly watches: ReadonlyMap<Field | undefined, Watch>
  /** The field that takes what no other does. */
  private readonly rest: Field | undefined
  private watch: Watch
  /** The field that is open, but for the one that takes what is left. */
  field: Field | undefined
  /** Text that has been looked at and not handed on, and where it begins. */
  private held = new GrowingText()
  private heldFrom = 0
  /** The code unit before the held text. */
  private before = NONE
  private at = 0
  /** The first half of a surrogate pair, whose second half has not come. */
  private half = ''
  /** A closer of the field that takes what is left ends the message. */
  isOver = false
  /** Text other than white space stands behind that. */
  hasMore = false

  constructor(
    { fields }: Template,
    private readonly sink: RegionSink,
    from = 0,
  ) {
    this.rest = fields.find(({ open }) => open === undefined)
    const openers = fields.flatMap((field) =>
      field.open === undefined ? [] : [{ kind: 'open' as const, field, anchor: field.open }],
    )
    const closer = (field: Field | undefined) =>
      field?.close === undefined ? [] : [{ kind: 'close' as const, field, anchor: field.close }]
    this.watches = new Map<Field | undefined, Watch>([
      [undefined, new Watch([...openers, ...closer(this.rest)])],
      ...fields.flatMap((field) => (field.open === undefined ? [] : [[field, new Watch(closer(field))] as const])),
    ])
    this.watch = this.watches.get(undefined) as Watch
    this.heldFrom = this.at = from
    this.watch.begin(from, NONE)
  }

  /** Begins inside of a field, which the prompt has opened. */
  enter(field: Field): void {
    this.field = field
    this.watch = this.watches.get(field) as Watch
    this.watch.begin(this.at, this.before)
  }

  push(chunk: string): void {
    const text = this.half + chunk
    const isCut = isHighSurrogate(text.charCodeAt(text.length - 1))
    this.half = isCut ? text.slice(-1) : ''
    this.scan(isCut ? text.slice(0, -1) : text)
    if (!this.isOver) this.handOn(Math.min(this.watch.hold, this.at))
  }

  end(): void {
    const { half } = this
    this.half = ''
    this.scan(half)
    const { hold } = this.watch
    if (this.field === undefined && !this.isOver && hold < this.at) this.sink.unfinished(this.held.tail(this.at - hold))
    while (!this.isOver) {
      const hit = this.watch.end()
      if (hit === undefined) break
      this.scan(this.take(hit))
    }
    if (this.isOver) return
    this.handOn(this.at)
    if (this.field !== undefined) this.sink.close(this.field, undefined)
  }

  /** Looks at text, and takes what it finds. */
  private scan(text: string): void {
    for (let i = 0; i < text.length; ) {
      if (this.isOver) {
        this.hasMore ||= text.slice(i).trim() !== ''
        return
      }
      const to = this.watch.pass(text, i)
      if (to > i) {
        this.held.add(text.slice(i, to))
        this.at += to - i
        i = to
        this.watch.begin(this.at, text.charCodeAt(to - 1))
        continue
      }
      const code = text.codePointAt(i) as number
      const width = code > 0xffff ? 2 : 1
      this.held.add(text.slice(i, i + width))
      i += width
      this.at += width
      const hit = this.watch.step(code, this.at)
      if (hit !== undefined) this.scan(this.take(hit))
    }
  }

  /** Takes what was found, and returns the text behind it, which is looked at once more. */
  private take(hit: Hit): string {
    const { from, to, kind, field } = hit
    this.handOn(from)
    const text = this.held.toString()
    const region = { from, to, text: text.slice(0, to - from), groups: this.groupsOf(hit, text) }
    this.held = new GrowingText()
    this.heldFrom = this.at = to
    if (kind === 'open') {
      this.sink.open(field, region)
      this.field = field
    } else {
      this.sink.close(field, region)
      if (this.field === undefined) this.isOver = true
      this.field = undefined
    }
    this.watch = this.watches.get(this.field) as Watch
    if (to > from) this.before = region.text.charCodeAt(to - from - 1)
    this.watch.begin(to, this.before)
    return text.slice(to - from)
  }

  private groupsOf({ from, slots, anchor }: Hit, text: string): RegionHit['groups'] {
    const groups = new Map<string, { text: string; from: number; to: number }>()
    for (const [name, slot] of anchor.program.groups) {
      const begins = slots[slot]
      const ends = slots[slot + 1]
      if (begins === undefined || ends === undefined) continue
      groups.set(name, { text: text.slice(begins - from, ends - from), from: begins, to: ends })
    }
    return groups
  }

  /** Hands on the text up to an offset. */
  private handOn(to: number): void {
    const length = to - this.heldFrom
    if (length <= 0) return
    const text = this.held.toString()
    this.held = new GrowingText()
    if (length < text.length) this.held.add(text.slice(length))
    this.before = text.charCodeAt(length - 1)
    this.sink.text(this.field ?? this.rest, text.slice(0, length), this.heldFrom)
    this.heldFrom = to
  }
}
