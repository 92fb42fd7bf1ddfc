import type { SourceReason } from '../../adapters/message/finish.js'
import type { ParseEvent, Status, ToolCall } from '../../event/event.js'
import { UsageError } from '../verb.js'
import { asObject } from './fields.js'

/** A call as some wire has it. */
export interface WireCall {
  readonly id?: unknown
  readonly name: unknown
  /** JSON text, or the object itself. */
  readonly arguments: unknown
  /** What the wire says about it; whether its arguments are whole is looked at besides. */
  readonly status?: unknown
}

/** What our own adapters put behind the arguments of a call that must not be run. */
const MARK = /\\<(truncated|malformed)\\>$/

/** Gathers a message from a wire as the events that a parser would have given. There is no text, so offsets are 0. */
export class MessageEvents {
  private readonly events: ParseEvent[] = []
  private calls = 0
  private worst: Status = 'complete'

  get isEmpty(): boolean {
    return this.events.length === 0
  }

  content(value: unknown): void {
    const text = textOf(value)
    if (text !== '') this.events.push({ type: 'content', text, from: 0, to: 0 })
  }

  reasoning(value: unknown): void {
    const text = textOf(value)
    if (text !== '') this.events.push({ type: 'reasoning', text, from: 0, to: 0 })
  }

  /** @throws UsageError for a call without a name */
  call({ id, name, arguments: value, status: said }: WireCall): void {
    const index = this.calls++
    if (typeof name !== 'string' || name === '') throw new UsageError(`call ${index} has no name`)
    const { argumentsText, status, args } = readArguments(value, said)
    if (status !== 'complete') this.worst = status
    const at = { from: 0, to: 0 }
    const call: ToolCall = {
      index,
      id: typeof id === 'string' && id !== '' ? id : `call_${index}`,
      name,
      arguments: args,
      argumentsText,
      status,
      known: true,
      evidence: 'marker',
      repairs: [],
      ...at,
    }
    this.events.push({ type: 'call-start', index, id: call.id, name, known: true, evidence: 'marker', ...at })
    if (argumentsText !== '') this.events.push({ type: 'arguments', index, delta: argumentsText, ...at })
    this.events.push({ type: 'call-end', index, call, ...at })
  }

  end(reason: SourceReason, format: string): ParseEvent[] {
    const cut = this.worst === 'complete' && (reason === 'length' || reason === 'abort')
    const end: ParseEvent = { type: 'end', status: cut ? 'truncated' : this.worst, format, from: 0, to: 0 }
    return [...this.events, end]
  }
}

function readArguments(
  value: unknown,
  said: unknown,
): { argumentsText: string; status: Status; args: ToolCall['arguments'] } {
  const mark = typeof value === 'string' ? MARK.exec(value) : null
  const text =
    typeof value === 'string'
      ? value.replace(MARK, '')
      : value === undefined || value === null
        ? ''
        : JSON.stringify(value)
  const named = (mark?.[1] ?? said) as Status | undefined
  if (named === 'truncated' || named === 'malformed') return { argumentsText: text, status: named, args: {} }
  try {
    const args = asObject(JSON.parse(text.trim() === '' ? '{}' : text))
    if (args !== undefined) return { argumentsText: text.trim() === '' ? '{}' : text, status: 'complete', args }
  } catch {
    // No JSON: not to be run.
  }
  return { argumentsText: text, status: 'malformed', args: {} }
}

/** Text, or the text of a list of parts. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return ''
  return value
    .map((part) => (typeof part === 'string' ? part : asObject(part)?.text))
    .filter((text) => typeof text === 'string')
    .join('')
}
