import type { ReasoningBlock } from '../../../engine/format.js'
import type { Field, Template } from '../template.js'
import { textsOf } from './pieces.js'

/** What stands around content and reasoning, as engine and families take it. */
export interface TextShape {
  readonly stops: readonly string[]
  readonly blocks: readonly ReasoningBlock[]
}

/**
 * The stop tokens and the reasoning block of a template in which content is what no other field takes. Undefined if content
 * has an opener, or if they are no texts.
 */
export function textShapeOf({ fields }: Template): TextShape | undefined {
  const content = fields.find(({ role }) => role === 'content')
  const reasoning = fields.find(({ role }) => role === 'reasoning')
  if (content === undefined || content.open !== undefined) return undefined
  if (fields.some(({ role }) => role === 'other')) return undefined
  const stops = textsOf(content.close)
  if (stops === undefined) return undefined
  if (reasoning === undefined) return { stops, blocks: [] }
  const block = blockOf(reasoning)
  return block === undefined ? undefined : { stops, blocks: [block] }
}

function blockOf({ open, close }: Field): ReasoningBlock | undefined {
  const [closer, ...alike] = textsOf(close) ?? []
  if (closer === undefined || open === undefined) return undefined
  const block = alike.length === 0 ? { close: closer } : { close: closer, alike }
  const [opener, another] = textsOf(open) ?? []
  if (opener !== undefined && another === undefined) return { open: opener.trimEnd(), ...block }
  return opensInPrompt(open.program.node.kind, closer) ? { open: closer.replace('</', '<'), ...block } : undefined
}

/**
 * Reasoning opens wherever its closer comes later, `(?=[\s\S]*?</think>)`: its opener is in the prompt, which is settled by
 * the prompt itself.
 */
function opensInPrompt(kind: string, closer: string): boolean {
  return kind === 'ahead' && /^<\/\w{1,40}>$/.test(closer)
}
