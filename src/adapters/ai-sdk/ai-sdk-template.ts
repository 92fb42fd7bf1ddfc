/**
 * How a model is told of its tools, found out from its own chat template: a small conversation is rendered with the tools and
 * without them, and what the tools have added belongs to the message that it stands beside.
 */

import type { RenderTemplate } from '../../detect/template.js'
import { asOpenAi } from './ai-sdk-families.js'
import type { FunctionTool, ToolPrompt, WriteResult } from './ai-sdk-prompt.js'

const SYSTEM = { role: 'system', content: 'zq system' }
const FIRST = { role: 'user', content: 'zq first' }
const SAID = { role: 'assistant', content: 'zq said' }
const LAST = { role: 'user', content: 'zq last' }
const RESULT = 'zq result'

/**
 * What a chat template makes of the tools of a request.
 *
 * @param own how the tools are told if the template does not, and how results are written if it gives them a role of their own
 * @throws Error for a template that cannot be rendered
 * @example templatePrompt(qwen, render, tools, own).behindSystem // \n\n# Tools\n\nYou may call one or more functions …
 */
export function templatePrompt(
  template: string,
  render: RenderTemplate,
  tools: readonly FunctionTool[],
  own: ToolPrompt,
): ToolPrompt {
  const offered = tools.map(asOpenAi)
  const write: Write = (messages, withTools) =>
    render(template, {
      messages,
      ...(withTools ? { tools: offered } : {}),
      bos_token: '',
      eos_token: '',
      add_generation_prompt: true,
    })
  // Some templates refuse a system message, or put it elsewhere.
  const read = attempt(() => readTemplate(write, true)) ?? readTemplate(write, false)
  const { writeResult = own.writeResult, ...told } = read
  const isTold = tools.every(({ name }) => Object.values(told).join('').includes(name))
  return { ...(isTold ? told : own), writeResult }
}

type Write = (messages: readonly object[], withTools: boolean) => string

function readTemplate(write: Write, withSystem: boolean): Partial<ToolPrompt> & Omit<ToolPrompt, 'writeResult'> {
  const messages = [...(withSystem ? [SYSTEM] : []), FIRST, SAID, LAST]
  const plain = gaps(write(messages, false), messages)
  const told = gaps(write(messages, true), messages)
  const added = told.map((text, at) => addition(text, plain[at] ?? ''))
  const [start, first, , last] = withSystem ? added : [undefined, ...added]
  // Behind the system text, unless it touches the message of the user or stands between both.
  const inSystem = withSystem && first?.touches === 'before'
  const [head = '', turn = ''] = plain
  const writeResult = resultWriter(write, messages, plain)
  return {
    beforeSystem: start?.text ?? '',
    behindSystem: inSystem ? first.text : '',
    beforeFirst: inSystem ? '' : (first?.text ?? ''),
    beforeLast: last?.text ?? '',
    system: withSystem ? usualSystem(write, head, turn) : '',
    ...(writeResult && { writeResult }),
  }
}

/** The text before each message's content, and behind the last. */
function gaps(rendered: string, messages: readonly { content: string }[]): string[] {
  const found: string[] = []
  let at = 0
  for (const { content } of messages) {
    const next = rendered.indexOf(content, at)
    if (next < 0) throw new Error('chatTemplate: it does not write the messages of a conversation one behind the other')
    found.push(rendered.slice(at, next))
    at = next + content.length
  }
  return [...found, rendered.slice(at)]
}

interface Addition {
  readonly text: string
  /** Which message it touches: the one before it, the one behind it, or none. */
  readonly touches: 'before' | 'behind' | 'none'
}

/** What was added to a gap. Where it could begin at several places, it touches a message if it can. */
function addition(told: string, plain: string): Addition {
  const { length } = told
  const most = Math.min(length, plain.length)
  let same = 0 // at the beginning
  while (same < most && told[same] === plain[same]) same++
  let alike = 0 // at the end
  while (alike < most && told[length - 1 - alike] === plain[plain.length - 1 - alike]) alike++
  if (alike === plain.length) return { text: told.slice(0, length - alike), touches: 'before' }
  if (same === plain.length) return { text: told.slice(same), touches: 'behind' }
  // As far to the front as it goes: markers begin alike.
  return { text: told.slice(Math.min(same, plain.length - alike), length - alike), touches: 'none' }
}

/** The system text that the template writes of its own where the conversation has none. */
function usualSystem(write: Write, head: string, turn: string): string {
  const [before = ''] = gaps(write([FIRST], false), [FIRST])
  const isThere = before.length >= head.length + turn.length && before.startsWith(head) && before.endsWith(turn)
  return isThere ? before.slice(head.length, before.length - turn.length) : ''
}

/** How the template writes results, if they stand in a turn of the user. */
function resultWriter(
  write: Write,
  messages: readonly { role: string }[],
  plain: readonly string[],
): WriteResult | undefined {
  const turn = plain[messages.length - 1] ?? ''
  const end = plain[messages.length] ?? ''
  for (const args of [{ zq: 'zq' }, '{"zq": "zq"}']) {
    const call = { id: 'zq0000001', type: 'function', function: { name: 'zq', arguments: args } }
    const result = { role: 'tool', name: 'zq', tool_call_id: call.id, content: RESULT }
    const rendered = attempt(() => write([FIRST, { role: 'assistant', content: '', tool_calls: [call] }, result], true))
    const at = rendered?.lastIndexOf(RESULT) ?? -1
    if (rendered === undefined || at < 0) continue
    const from = rendered.lastIndexOf(turn, at)
    // Not the turn in which the question was asked.
    if (turn === '' || from < rendered.indexOf(FIRST.content) || !rendered.endsWith(end)) return undefined
    const open = rendered.slice(from + turn.length, at)
    const close = rendered.slice(at + RESULT.length, rendered.length - end.length)
    return (content) => open + (typeof content === 'string' ? content : JSON.stringify(content)) + close
  }
  return undefined
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    // The template refused this conversation.
    return undefined
  }
}
