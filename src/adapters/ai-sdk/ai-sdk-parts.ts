import type { CallStartEvent, ParseEvent } from '../../event/event.js'
import { type BlockEvent, createBlocks, type MessageEnd } from '../message/blocks.js'
import type { WireCallEnd } from '../message/call-gate.js'
import type { CallOptions, IncompleteCalls } from '../message/call-options.js'
import { type CallFacts, factsOf } from '../message/facts.js'
import type { SourceReason } from '../message/finish.js'

/** What is known of a call, under the provider name `callsift`. `why`: what is wrong with one that is not to be run. */
export type CallMetadata = { callsift: JsonOf<Partial<CallFacts> & { why?: string; feedback?: string }> }

/** An interface as the JSON type that it is: the SDK's types take no interface where they want JSON. */
export type JsonOf<T> = T extends readonly (infer Item)[]
  ? JsonOf<Item>[]
  : T extends object
    ? { [Key in keyof T]: JsonOf<T[Key]> }
    : T

/** A call: the part that the AI SDK runs. The input of one that is not to be run is no JSON, so the SDK calls it invalid. */
export interface ToolCallPart {
  type: 'tool-call'
  toolCallId: string
  toolName: string
  /** JSON text, `{}` for no arguments. */
  input: string
  providerMetadata?: CallMetadata
}

/** The parts of a stream that come from the model's text. */
export type TextStreamPart =
  | { type: 'text-start' | 'text-end' | 'reasoning-start' | 'reasoning-end'; id: string }
  | { type: 'text-delta' | 'reasoning-delta'; id: string; delta: string }
  | { type: 'tool-input-start'; id: string; toolName: string }
  | { type: 'tool-input-delta'; id: string; delta: string }
  | { type: 'tool-input-end'; id: string }
  | ToolCallPart

/** What `toContent` and `createStreamParts` take. */
export interface PartOptions extends CallOptions {
  /**
   * Whether the input of a call is shown while it streams (`mark`, the default here: the SDK runs `tool-call` parts only)
   * or held until the call is whole (`omit`). What was shown of one that turns out cut off or spoilt ends in text that is
   * no JSON.
   */
  incompleteCalls?: IncompleteCalls | undefined
}

/**
 * Makes the parts of one step. A call becomes `tool-input-start`, deltas, `tool-input-end`, and, only if it is complete,
 * `tool-call`: this is the part that the AI SDK runs. With `failedCalls: 'report'` one that is not to be run becomes such a
 * part too, with input that is no JSON: the SDK then answers the model, or lets `experimental_repairToolCall` mend it.
 *
 * @example createParts({}).push(parser.push(chunk))
 */
export function createParts(options: PartOptions) {
  const blocks = createBlocks({ ...options, incompleteCalls: options.incompleteCalls ?? 'mark' }, 'call_', 'call')
  const reports = options.failedCalls === 'report'
  const wantsFacts = options.facts !== 'none'
  let runs = 0
  let id = '' // of the open run or call
  let input = '' // of the open call, where it is to be shown if it fails
  let failed = 0 // calls that were shown as invalid ones

  function startCall(event: CallStartEvent): TextStreamPart[] {
    id = event.id
    input = ''
    return [{ type: 'tool-input-start', id, toolName: event.name }]
  }
  function inputDelta(delta: string): TextStreamPart[] {
    if (reports) input += delta
    return [{ type: 'tool-input-delta', id, delta }]
  }
  function endCall({ call, why, feedback }: WireCallEnd): TextStreamPart[] {
    const end: TextStreamPart = { type: 'tool-input-end', id }
    if (why !== undefined && !reports) return [end]
    const part: ToolCallPart = {
      type: 'tool-call',
      toolCallId: id,
      toolName: call.name,
      input: why === undefined ? call.argumentsText || '{}' : input,
    }
    if (why !== undefined) failed++
    const failure = why === undefined ? {} : feedback === undefined ? { why } : { why, feedback }
    if (wantsFacts) part.providerMetadata = { callsift: { ...factsOf(call), ...failure } }
    else if (call.nativeId !== undefined) part.providerMetadata = { callsift: { nativeId: call.nativeId } }
    return [end, part]
  }
  function partsOf(event: BlockEvent): TextStreamPart[] {
    switch (event.type) {
      case 'text-open':
        // A prefix of our own: the provider may stream blocks of its own beside these.
        id = `callsift-${runs++}`
        return [{ type: event.kind === 'content' ? 'text-start' : 'reasoning-start', id }]
      case 'text':
        return [{ type: event.kind === 'content' ? 'text-delta' : 'reasoning-delta', id, delta: event.text }]
      case 'text-close':
        return [{ type: event.kind === 'content' ? 'text-end' : 'reasoning-end', id }]
      case 'call-start':
        return startCall(event)
      case 'arguments':
        return inputDelta(event.delta)
      case 'call-end':
        return endCall(event)
      case 'call-cut':
        return [{ type: 'tool-input-end', id }]
    }
  }

  return {
    push: (events: Iterable<ParseEvent>): TextStreamPart[] => blocks.push(events).flatMap(partsOf),
    close(reason?: SourceReason): { parts: TextStreamPart[]; end: MessageEnd } {
      const { events, end } = blocks.close(reason)
      const parts = events.flatMap(partsOf)
      // A call that the SDK answers for the model is a step that goes on.
      const finish = failed > 0 && end.finish === 'stop' ? 'calls' : end.finish
      return { parts, end: { ...end, finish } }
    },
  }
}

/** A part of a whole step. */
export type ContentPart = { type: 'text' | 'reasoning'; text: string } | ToolCallPart

/**
 * Joins the parts of a stream into the content of a whole step. Input that led to no call is left out; parts of other
 * kinds (sources, files, the provider's own) stay where they stand.
 *
 * @example joinParts([{ type: 'text-start', id: '0' }, { type: 'text-delta', id: '0', delta: 'Hi' }]) // [{ type: 'text', text: 'Hi' }]
 */
export function joinParts(parts: readonly { type: string }[]): { type: string }[] {
  const content: { type: string }[] = []
  let run = { type: 'text', text: '' }
  for (const part of parts) {
    const [kind, step] = splitType(part.type)
    if (kind === undefined) content.push(part)
    else if (step === 'start' && kind !== 'tool-input') {
      run = { type: kind, text: '' }
      content.push(run)
    } else if (step === 'delta' && 'delta' in part && kind !== 'tool-input') run.text += String(part.delta)
  }
  return content
}

/** 'text-delta' is the text kind's delta; a type of any other form is whole in itself. */
function splitType(type: string): ['text' | 'reasoning' | 'tool-input', string] | [undefined, undefined] {
  for (const kind of ['text', 'reasoning', 'tool-input'] as const) {
    if (type.startsWith(`${kind}-`)) return [kind, type.slice(kind.length + 1)]
  }
  return [undefined, undefined]
}
