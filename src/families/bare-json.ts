import { WAIT } from '../cursor.js'
import type { Family, FamilyReader, Opener, Where } from '../format.js'
import { Matcher } from '../matcher.js'
import type { Read, Reading } from '../reader.js'
import { CALL_SHAPE, CallObject, type CallShape } from './call-object.js'
import { readPlainJson } from './plain-json.js'

/** Calls as JSON objects with no marker: taken from the content only under strict rules. */
export interface BareJsonGrammar {
  /** Where an object may stand. */
  readonly where: Where
  /** Close markers that prove a call whose open marker is missing. */
  readonly close?: readonly string[]
  readonly shape?: CallShape
}

/** The family of calls without a marker that are the whole message. */
export function bareJson(grammar: BareJsonGrammar): Family {
  return {
    openers: [{ marker: '{', where: grammar.where, bare: true }],
    create: (r) => new BareObject(r, grammar),
  }
}

class BareObject implements FamilyReader {
  private readonly close: Matcher<string>
  private readonly proof: ReadonlySet<string>

  constructor(
    private readonly r: Reading,
    private readonly grammar: BareJsonGrammar,
  ) {
    const close = grammar.close ?? []
    this.proof = new Set(close)
    this.close = new Matcher([...close, ...r.format.stops].map((text) => [text, text]))
  }

  opens(_opener: Opener, _from: number): boolean | typeof WAIT {
    return !this.r.text.fenced && this.r.lastCallTo < 0
  }

  *read(_opener: Opener, from: number): Read<boolean> {
    const { cursor, out, text } = this.r
    const call = new CallObject(this.r, this.grammar.shape ?? CALL_SHAPE, {
      commit: 'end',
      from,
      boundary: undefined,
      accepts: () => true,
    })
    const outcome = yield* call.read()
    if (outcome === 'done') {
      const known = out.tools.given && out.tools.has(call.name ?? '')
      const to = cursor.offset
      while (cursor.skipSpace() === WAIT) yield
      let marker: string | undefined | typeof WAIT
      while ((marker = this.r.at(this.close)) === WAIT) yield
      const proven = marker !== undefined && this.proof.has(marker)
      const over = cursor.peek() < 0 || (marker !== undefined && !proven)
      if (proven || (over && known)) {
        call.deliver(proven ? 'marker' : 'bare', to)
        if (proven && marker !== undefined) cursor.at += marker.length
        return true
      }
    }
    text.wrote()
    out.content(cursor.since(from), from)
    if (outcome === 'refuted' && call.resume !== undefined) yield* readPlainJson(this.r, call.resume, call.closers)
    return false
  }
}
