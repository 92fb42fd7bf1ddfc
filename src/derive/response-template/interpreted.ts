import type { Family, FamilyReader, ReasoningBlock } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { closerOfStart } from '../../engine/reasoning-start.js'
import { GrowingText } from '../../text/growing-text.js'
import type { Read } from '../../text/step.js'
import { toolOf } from '../../tools/schema.js'
import { parameterTypes } from '../../tools/value-types.js'
import { callsOf, type RegionCall } from './calls-of.js'
import { findAll } from './pattern/find-all.js'
import { type RegionHit, type RegionSink, Regions } from './regions.js'
import type { Field, Template } from './template.js'
import { objectJson } from './value.js'

/** The family of one response template. It reads the whole text: reasoning, content and calls are its fields. */
export function interpreted(template: Template): Family {
  return {
    // Nothing opens it: it begins with the text.
    openers: [{ marker: '', where: 'text-start', bare: true, prefix: true, begins: 'message', mayOpen: () => false }],
    create: (reading: Reading) => new InterpretedText(reading, template),
  }
}

/** Where a call stands, and its name. */
interface CallPlace {
  readonly from: number
  readonly nameFrom: number
  readonly nameTo: number
}

const SPECIAL_TOKEN = /<[|｜][^<>]{1,60}[|｜]>/

/** Reads one text by its template, and delivers each call when its region closes. */
class InterpretedText implements FamilyReader, RegionSink {
  readonly expects = 'what the response template says'
  private readonly regions: Regions
  /** The end of the prompt, from the message of the assistant on. */
  private readonly prefix: string
  /** The text of the region of calls that is open. */
  private body = new GrowingText()
  private opener: RegionHit | undefined
  /** Text that no field of the result takes, which was passed since the last marker. */
  private passed: { readonly from: number; to: number; isBlank: boolean } | undefined
  private readonly typesOf
  /** How far the text has come, and where its message ended before. */
  private offset = 0
  private stoppedAt = 0

  constructor(
    private readonly reading: Reading,
    private readonly template: Template,
  ) {
    this.prefix = prefixOf(template, reading.out.settings.prompt ?? '')
    this.regions = new Regions(template, this, -this.prefix.length)
    this.typesOf = parameterTypes((name) => toolOf(reading.out.tools, name))
  }

  opens(): boolean {
    return false
  }

  /** Never asked, since nothing opens it. */
  read(): never {
    throw new Error('a response template is read from the start of the text on')
  }

  *begin(): Read<void> {
    const { cursor, out } = this.reading
    yield* this.start()
    for (;;) {
      const { window, at } = cursor
      this.offset = cursor.base + window.length
      if (at < window.length) this.regions.push(window.slice(at))
      cursor.at = window.length
      if (cursor.ended) break
      yield
    }
    this.regions.end()
    this.endPassed()
    if (this.regions.hasMore)
      out.note('text-after-stop', 'text after the end of the message was left out', this.stoppedAt, this.offset)
  }

  /** Where the prompt leaves the text: it may have opened a field. */
  private *start(): Read<void> {
    const { out } = this.reading
    const { prompt, startInReasoning } = out.settings
    const reasoning = this.template.fields.find(({ role, open }) => role === 'reasoning' && open !== undefined)
    if (prompt !== undefined) {
      out.mute()
      this.regions.push(this.prefix)
      out.unmute()
      if (this.regions.field?.role === 'reasoning') out.mark('openReasoning')
    } else if (reasoning !== undefined && startInReasoning !== false) {
      const [close, ...alike] = reasoning.close?.literals ?? []
      const block: ReasoningBlock | undefined = close === undefined ? undefined : { open: '', close, alike }
      const begins =
        startInReasoning === true || (block !== undefined && (yield* closerOfStart(this.reading, [block])) !== '')
      if (!begins) return
      this.regions.enter(reasoning)
      out.mark('openReasoning')
    }
  }

  open(field: Field, hit: RegionHit): void {
    const { out } = this.reading
    this.endPassed()
    if (field.role === 'reasoning') out.mark('openReasoning')
    else if (field.role === 'calls') {
      out.mark('call')
      this.body = new GrowingText()
      this.opener = hit
    } else out.mark('closeReasoning')
  }

  text(field: Field | undefined, text: string, at: number): void {
    const { out } = this.reading
    if (field?.role === 'calls' && field.open !== undefined) {
      this.body.add(text)
      return
    }
    // The prompt's part of it is no part of the text.
    const from = Math.max(0, at)
    const own = text.slice(from - at)
    if (own === '') return
    if (field?.role === 'reasoning') out.reasoning(own, from)
    else if (field?.role === 'content') out.content(own, from)
    else {
      this.passed ??= { from, to: from, isBlank: true }
      this.passed.to = from + own.length
      this.passed.isBlank &&= own.trim() === ''
    }
  }

  close(field: Field, hit: RegionHit | undefined): void {
    const { out } = this.reading
    this.endPassed()
    if (field.role === 'reasoning') {
      if (hit === undefined && field.close !== undefined) {
        out.note('truncated-reasoning', 'the text ended inside the reasoning', this.offset, this.offset)
        out.fail('truncated')
      }
      out.mark('closeReasoning')
    } else if (field.role === 'calls' && field.open !== undefined) this.closeCalls(field, hit)
    else if (field.open === undefined && hit !== undefined) {
      out.mark('end')
      this.stoppedAt = hit.to
      if (hit.to > hit.from) out.note('stop-token', `${hit.text.trim()} ended the text`, hit.from, hit.to)
    } else out.mark('call')
  }

  unfinished(text: string): void {
    // A marker that is not whole is text, but a special token that opens a header is none.
    if (SPECIAL_TOKEN.test(text)) this.reading.cut('the text ended inside a header', this.offset - text.length)
  }

  /** Says that text was left out that is none of the result. */
  private endPassed(): void {
    const { passed } = this
    this.passed = undefined
    if (passed === undefined || passed.isBlank) return
    this.reading.out.note(
      'dropped-text',
      'text that the template does not call content was left out',
      passed.from,
      passed.to,
    )
  }

  /** The region of calls is over. `hit`: its closer; undefined: the text ended. */
  private closeCalls(field: Field, hit: RegionHit | undefined): void {
    const { out } = this.reading
    const opener = this.opener as RegionHit
    const body = this.body.toString()
    const from = Math.max(0, opener.from)
    const to = hit?.to ?? this.offset
    const text = (opener.text + body + (hit?.text ?? '')).slice(from - opener.from)
    if (out.refusesCalls) {
      out.release('tool-choice', 'no calls are allowed here, so this is text', text, from)
      return
    }
    const read = callsOf(field, body, new Map([...opener.groups, ...(hit?.groups ?? [])]))
    // A value that shows its own end is whole without its closer.
    const isCut = hit === undefined && field.close !== undefined && !this.showsEnd(field)
    if ('calls' in read && !isCut) {
      this.deliverAll(read.calls, body, opener, from, to)
      return
    }
    const status = hit === undefined ? 'truncated' : 'malformed'
    const why = 'why' in read ? read.why : 'its end is missing'
    const name = 'why' in read ? read.name : read.calls[0]?.name
    if (name !== undefined) {
      const { from: nameFrom, to: nameTo } = groupOf(opener, name) ?? { from: opener.to, to: opener.to }
      this.announce(name, { from, nameFrom: Math.max(from, nameFrom), nameTo: Math.max(from, nameTo) })
      out.close(status, to, why)
      return
    }
    out.fail(status)
    if (status === 'truncated') out.note('truncated-call', `the text ended inside a call`, from, to)
    else out.release('damaged-block', `this is not a call: ${why}`, text, from)
  }

  private showsEnd({ content }: Field): boolean {
    return content.name === 'json' || content.name === 'python-call-list'
  }

  private announce(name: string, place: CallPlace): void {
    this.reading.out.open({ name, ...place, evidence: 'marker' })
  }

  /** The calls of one region, each from its name to the next one. */
  private deliverAll(calls: readonly RegionCall[], body: string, opener: RegionHit, from: number, to: number): void {
    const { out } = this.reading
    if (calls.length === 0) out.note('dropped-text', 'an empty list of calls', from, to)
    let at = 0
    const places = calls.map(({ name }, i): CallPlace => {
      const group = groupOf(opener, name)
      const found = group === undefined ? body.indexOf(name, at) : -1
      const nameFrom = Math.max(from, group?.from ?? opener.to + Math.max(found, at))
      if (found >= 0) at = found + name.length
      return { from: i === 0 ? from : nameFrom, nameFrom, nameTo: Math.max(nameFrom, group?.to ?? opener.to + at) }
    })
    for (const [i, call] of calls.entries()) {
      const place = places[i] as CallPlace
      const end = places[i + 1]?.from ?? to
      this.announce(call.name, place)
      out.json(call.json ?? this.typed(call), Math.min(place.nameTo, end), end)
      out.countKeys(call.arguments === 'none' ? 0 : call.arguments.size)
      out.close('complete', end, '')
    }
  }

  /** Arguments whose texts have no type get that of the tool's schema. */
  private typed({ name, arguments: args }: RegionCall): string {
    return args === 'none' ? '{}' : objectJson(args, (key) => this.typesOf(name, key))
  }
}

/** Where the opener of a region holds the name of its call. */
function groupOf(opener: RegionHit, name: string): { readonly from: number; readonly to: number } | undefined {
  return [...opener.groups.values()].find(({ text }) => text === name)
}

/** The message of the assistant that a prompt begins: what stands behind the last of its anchors. */
function prefixOf({ start }: Template, prompt: string): string {
  let from = 0
  for (const { to } of findAll(start.program, prompt)) from = to
  return prompt.slice(from)
}
