import type {
  CallEndEvent,
  CallStartEvent,
  ContentEvent,
  Note,
  NoteEvent,
  ParseEvent,
  ReasoningEvent,
  ToolCall,
} from '../../event/event.js'
import { quote } from '../../text/quote.js'
import type { CallOptions } from './call-options.js'
import { readPolicy, refusalOf } from './call-policy.js'

/** What a model is asked again with: what it wrote, as the assistant, and behind it what it is told, as the user. */
export interface Correction {
  readonly text: string
  readonly words: string
}

/** What `createRetry` takes. */
export interface RetryOptions extends Pick<CallOptions, 'policy'> {
  /** How often the model may be asked again. */
  readonly limit: number
  /** Makes the words for the model about its failed calls; nothing is asked where they are empty. */
  readonly feedback: NonNullable<CallOptions['feedback']>
  /** Only one call is wanted: none is asked for once there is one. */
  readonly oneCall?: boolean | undefined
  /** The message goes out whole: what stands beside the calls of an answer that is corrected is left out. */
  readonly whole?: boolean | undefined
  /** A model that wrote more than this in one answer is not asked again (UTF-16 units). */
  readonly longest: number
}

/** Stands between a parser and a wire, for one message that may take several answers of the model. */
export interface Retry {
  /** Text that the model wrote. */
  wrote(text: string): void
  /** Takes the events that a piece of text settles, gives those that may go out. */
  push(events: readonly ParseEvent[]): ParseEvent[]
  /**
   * Takes the last events of an answer. Where it is to be corrected, no `end` comes back, and `correction` says what to
   * ask. An answer in which nothing was written tells the failure before it.
   *
   * @param finished whether the model ended the answer itself: one that was cut off is not asked about
   */
  end(events: readonly ParseEvent[], finished: boolean): ParseEvent[]
  /** What was held back, where no more comes of this answer, without its calls. */
  release(): ParseEvent[]
  /** The model is asked again: the events of its next answer follow. */
  again(): void
  /** What the model is to be asked again with. */
  readonly correction: Correction | undefined
  /** Whether calls of earlier answers have gone out. */
  readonly sent: boolean
  /** How often the model was asked again. */
  readonly asked: number
  /** Whether the last answer was in order, and one before it was not. */
  readonly mended: boolean
}

/** So many notes on failures are kept: the model is told of the first. */
const MOST_NOTES = 64

/** What is held back: the events of one call, or one event beside the calls. */
interface Held {
  readonly events: ParseEvent[]
  /** The call, if it may be run. */
  readonly call?: ToolCall
}

/**
 * Makes the retry of one message. Where a call in an answer failed (its text is spoilt, the model broke off inside it, its
 * arguments do not fit, a policy refuses it, or a block is no call that can be read), the model is to be asked again.
 * Nothing of such a call goes out: each call waits for its end, and once one has failed all that follows waits for the end
 * of the answer. Calls that are in order go out, and a later answer that repeats one does not have it twice. The failures of
 * the last answer go out as if nobody had asked.
 *
 * @throws TypeError for a policy that is none
 * @example createRetry({ limit: 1, feedback: (failed) => feedback(failed, { tools }), longest: 1e6 }).push(parser.push(text))
 */
export function createRetry(options: RetryOptions): Retry {
  const { limit, feedback, oneCall = false, whole = false, longest } = options
  const judge = readPolicy(options.policy)
  let asked = 0
  let mended = false
  let correction: Correction | undefined
  let written = ''
  let open: { start: CallStartEvent; text: string; beside: ParseEvent[] } | undefined
  let held: Held[] = []
  let failed: ToolCall[] = []
  let notes: Note[] = [] // on what failed
  let fails = false
  let holds = whole
  let fallback: Held[] = [] // what the last answer told, if no better one comes
  const taken: ToolCall[] = [] // calls that have gone out, or will with the whole message
  let repeatable: string[] = [] // those of earlier answers that this one has not repeated
  let waiting: ParseEvent[] = [] // of a whole message: the calls of earlier answers
  const spoken: { [Kind in 'content' | 'reasoning']?: 'now' | 'before' } = {} // in which answer
  let calls = 0

  function put(one: Held, out: ParseEvent[]): void {
    if (holds) held.push(one)
    else send(one, out)
  }
  function send({ events, call }: Held, out: ParseEvent[]): void {
    if (call !== undefined) taken.push(call)
    for (const event of events) {
      if (event.type === 'call-start' || event.type === 'end') {
        out.push(...waiting)
        waiting = []
      }
      out.push(event.type === 'content' || event.type === 'reasoning' ? apart(event) : event)
    }
  }
  /** The text, as a paragraph of its own where that of an earlier answer stands in front. */
  function apart<Text extends ContentEvent | ReasoningEvent>(event: Text): Text {
    if (event.text.trim() === '') return event
    const breaks = spoken[event.type] === 'before' && !event.text.startsWith('\n')
    spoken[event.type] = 'now'
    return breaks ? { ...event, text: `\n\n${event.text}` } : event
  }
  function fail(why: readonly Note[], call?: ToolCall): void {
    if (call !== undefined) failed.push(call)
    if (notes.length < MOST_NOTES) notes.push(...why)
    fails = true
    holds = whole || written.length <= longest
  }
  function endCall(event: CallEndEvent, { start, text, beside }: NonNullable<typeof open>, out: ParseEvent[]): void {
    open = undefined
    const own = beside.filter((one) => one.type === 'note')
    const fits = isSound(event.call, own)
    if (!fits) fail(own, event.call)
    else if (isRepeated(event.call)) {
      for (const one of beside) put({ events: [one] }, out)
      return
    }
    const index = calls++
    const call = { ...event.call, index }
    const { from, to } = event
    const events: ParseEvent[] = [{ ...start, index }]
    // The end of a sound call has all its arguments: it goes out in one piece.
    if (text !== '' && !fits) events.push({ type: 'arguments', index, delta: text, from, to })
    events.push(...beside, { ...event, index, call })
    put(fits ? { events, call } : { events }, out)
  }
  /** Whether a call may go out. What a policy says of it is one of the notes then. */
  function isSound(call: ToolCall, own: Note[]): boolean {
    if (call.status !== 'complete') return false
    const refusal = refusalOf(judge, call)
    if (refusal !== undefined) own.push(refusal)
    return refusal === undefined && (call.issues ?? []).length === 0
  }
  function isRepeated(call: ToolCall): boolean {
    const at = repeatable.indexOf(keyOf(call))
    if (at < 0) return false
    repeatable.splice(at, 1)
    return true
  }
  function take(event: ParseEvent, out: ParseEvent[]): void {
    if (open !== undefined) {
      if (event.type === 'arguments') open.text += event.delta
      else if (event.type === 'call-end') endCall(event, open, out)
      else open.beside.push(event)
    } else if (event.type === 'call-start') open = { start: event, text: '', beside: [] }
    else put({ events: [event] }, out)
  }
  function takeAll(events: readonly ParseEvent[]): ParseEvent[] {
    const out: ParseEvent[] = []
    if (held.length > 0 && !whole && written.length > longest) {
      holds = false
      out.push(...flush(held))
    }
    // The text of a block that is no call comes in one batch with the note on it, and in front of that.
    const blocks = events.filter((event) => event.type === 'note' && event.code === 'damaged-block') as NoteEvent[]
    for (const event of events) {
      const block = blocks[0]
      if (event === block) {
        fail([event])
        blocks.shift()
        take(event, out)
      } else if (event.type === 'content' && block !== undefined && block.from < event.to) {
        const [before, text] = splitAt(event, block.from)
        if (before.text !== '') take(before, out)
        holds = whole || written.length <= longest
        take(text, out)
      } else take(event, out)
    }
    return out
  }
  /** What the model is told of its calls; empty where it is not asked again. */
  function wordsFor(format: string): string {
    const hasCall = taken.length > 0 || held.some(({ call }) => call !== undefined)
    if (asked >= limit || written.length > longest || (oneCall && hasCall)) return ''
    const isUnfit = ({ status, issues = [] }: ToolCall) => status === 'complete' && issues.length > 0
    const toolCalls = failed.filter(isUnfit)
    // A complete call that a policy refuses is one that was not run.
    const incomplete = failed.filter((call) => !isUnfit(call))
    return feedback({ format, content: '', reasoning: '', toolCalls, incomplete, notes, status: 'malformed' })
  }
  function flush(list: readonly Held[]): ParseEvent[] {
    const out: ParseEvent[] = []
    for (const one of list) send(one, out)
    held = []
    return out
  }

  return {
    wrote(text) {
      if (written.length <= longest) written += text // one piece more than the longest shows that it was longer
    },
    push: takeAll,
    end(events, finished) {
      if (asked > 0 && written === '') return flush(fallback)
      const out = takeAll(events)
      const words = fails && finished ? wordsFor(formatOf(events)) : ''
      if (words === '') {
        mended = asked > 0 && !fails
        return [...out, ...flush(held)]
      }
      const sound = held.filter(({ call }) => call !== undefined)
      fallback = held.filter(({ call }) => call === undefined)
      held = []
      if (whole) {
        waiting.push(...sound.flatMap((one) => one.events))
        taken.push(...sound.flatMap(({ call }) => call ?? []))
      } else for (const one of sound) send(one, out)
      correction = { text: written, words: taken.length === 0 ? words : `${words}\n${aboutTaken(taken)}` }
      return out
    },
    release: () => flush(held).filter(isText),
    again() {
      asked++
      correction = undefined
      written = ''
      failed = []
      notes = []
      fails = false
      holds = whole
      repeatable = taken.map(keyOf)
      for (const kind of ['content', 'reasoning'] as const) if (spoken[kind] !== undefined) spoken[kind] = 'before'
    },
    get correction() {
      return correction
    },
    get sent() {
      return taken.length > 0
    },
    get asked() {
      return asked
    },
    get mended() {
      return mended
    },
  }
}

/** The text in front of a place and behind it. Text that is not as it was written cannot be cut. */
function splitAt(event: ContentEvent, at: number): [ContentEvent, ContentEvent] {
  const length = event.text.length === event.to - event.from ? Math.max(0, at - event.from) : 0
  const middle = event.from + length
  return [
    { ...event, text: event.text.slice(0, length), to: middle },
    { ...event, text: event.text.slice(length), from: middle },
  ]
}

function formatOf(events: readonly ParseEvent[]): string {
  const last = events.at(-1)
  return last?.type === 'end' ? last.format : ''
}

function isText({ type }: ParseEvent): boolean {
  return type === 'content' || type === 'reasoning'
}

function keyOf(call: ToolCall): string {
  return `${call.name} ${JSON.stringify(call.arguments)}`
}

function aboutTaken(calls: readonly ToolCall[]): string {
  const names = [...new Set(calls.map(({ name }) => quote(name)))].join(' and ')
  return `Your other calls (${names}) were accepted: do not write them again.`
}
