import { type Cursor, WAIT } from './cursor.js'
import type { ReasoningBlock } from './format.js'
import type { Candidate, ContentMarker } from './grammar.js'
import { Matcher } from './matcher.js'
import type { Policy } from './policy.js'
import { candidatesAt, firstThatOpens, type Read, type Reading, type Scanner } from './reader.js'
import { textEnd } from './scanner.js'

/** Hands reasoning on as it comes, up to its close marker, a stop token or what opens a call. */
class ReasoningScanner implements Scanner {
  hit: ContentMarker | undefined
  blank = true
  /** A call was read that may be a draft: what follows is kept, not handed on, until that is known. */
  hidden = false

  constructor(
    private readonly cursor: Cursor,
    private readonly out: Policy,
    private readonly matcher: Matcher<ContentMarker>,
  ) {}

  scan(): boolean {
    const { cursor, matcher } = this
    const { window, at, ended } = cursor
    const to = textEnd(cursor, matcher)
    this.hit = matcher.hit
    if (to > at && !this.hidden) this.emit(window.slice(at, to), cursor.base + at)
    cursor.at = to
    return this.hit !== undefined || ended
  }

  emit(text: string, from: number): void {
    if (this.blank && text.trim() !== '') this.blank = false
    this.out.reasoning(text, from)
  }
}

/**
 * Reads the rest of a reasoning block, from behind its opener at `opened`.
 *
 * Call syntax in a block that closes is a draft: reasoning. A whole call in a block that never closes is a call, and ends
 * the block. Where the opener is a special token of the model, it ends the block at once.
 */
export function* readReasoning(r: Reading, block: ReasoningBlock, opened: number): Read<void> {
  r.reasoning = true
  yield* readBlock(r, block, opened)
  r.reasoning = false
}

function* readBlock(r: Reading, block: ReasoningBlock, opened: number): Read<void> {
  const { cursor, out } = r
  const calls = out.settings.callsInReasoning === 'unclosed' && !out.refusesCalls
  const scanner = new ReasoningScanner(cursor, out, new Matcher(r.grammar.reasoning(block, calls)))
  for (;;) {
    if (!scanner.scan()) yield scanner
    const marker = scanner.hit
    const from = cursor.offset
    if (marker === undefined || marker.kind === 'stop') {
      out.note('truncated-reasoning', `the text ended before ${block.close}`, opened, from)
      out.fail('truncated')
      return
    }
    if (marker.kind === 'reasoning') {
      cursor.at += marker.text.length
      out.note('stray-marker', `${marker.text} opens nothing: reasoning is open`, from, cursor.offset)
      continue
    }
    if (marker.kind !== 'opener') {
      cursor.at += marker.text.length
      if (scanner.blank) out.note('empty-reasoning', 'a reasoning block without text', opened, cursor.offset)
      return
    }
    cursor.keep(from)
    const left = candidatesAt(r, marker)
    let candidate: Candidate | undefined | typeof WAIT
    while ((candidate = firstThatOpens(r, left, from)) === WAIT) yield
    let ended = false
    if (candidate === undefined) {
      scanner.emit(cursor.since(from), from)
    } else if (r.format.reasoning?.opener === 'at-once') {
      r.evidence = 'unclosed-reasoning'
      yield* r.reader(candidate.family).read(candidate.opener, from)
      r.evidence = 'marker'
      ended = true
    } else {
      ended = yield* readDraft(r, scanner, candidate, block, from)
    }
    cursor.drop()
    if (ended) return
  }
}

/**
 * A call inside reasoning: held until the block closes or the text ends. True when the block is over: everything was
 * given out as reasoning, or the cursor is back at `from`, where a real call stands.
 */
function* readDraft(
  r: Reading,
  scanner: ReasoningScanner,
  first: Candidate,
  block: ReasoningBlock,
  from: number,
): Read<boolean> {
  const { cursor } = r
  let candidate: Candidate | undefined = first
  let whole = false
  scanner.hidden = true
  for (let at = from; ; at = cursor.offset) {
    if (candidate !== undefined && (yield* readOnTrial(r, candidate, at))) whole = true
    else if (candidate !== undefined) backToClose(cursor, at, block.close)
    if (!whole) break
    if (!scanner.scan()) yield scanner
    const marker = scanner.hit
    if (marker?.kind !== 'opener') {
      if (marker === undefined || marker.kind === 'stop') {
        r.evidence = 'unclosed-reasoning'
        cursor.rewind(from)
        return true
      }
      break
    }
    const opener = cursor.offset
    const left = candidatesAt(r, marker)
    let next: Candidate | undefined | typeof WAIT
    while ((next = firstThatOpens(r, left, opener)) === WAIT) yield
    candidate = next
  }
  scanner.hidden = false
  scanner.emit(cursor.since(from), from)
  return false
}

/** Reads a block without a word to the outside. True when it holds a whole call. */
function* readOnTrial(r: Reading, candidate: Candidate, from: number): Read<boolean> {
  const { out } = r
  const before = out.wholeCalls
  out.mute()
  yield* r.reader(candidate.family).read(candidate.opener, from)
  out.unmute()
  return out.wholeCalls > before
}

/** A block that cannot be read may have swallowed the close marker: back to it. */
function backToClose(cursor: Cursor, from: number, close: string): void {
  const i = cursor.since(from).indexOf(close)
  if (i >= 0) cursor.rewind(from + i)
}
