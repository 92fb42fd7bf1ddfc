import type { Format } from '../engine/format.js'
import { grammarOf } from '../engine/grammar.js'
import { Session } from '../engine/session.js'
import { parseFunctions } from '../engine/streams.js'
import { detector } from './detect.js'
import { usualFlags } from './engines.js'
import type { FormatMatch } from './match.js'

/** Renders a chat template, as `new Template(source).render(context)` of @huggingface/jinja does. May throw. */
export type RenderTemplate = (chatTemplate: string, context: Record<string, unknown>) => string

export interface TemplateOptions {
  /** With it the template is asked to write a call, and what it wrote is read; without, its source is searched for markers. */
  render?: RenderTemplate | undefined
}

const TOOL = {
  name: 'zq_tool',
  description: 'zq',
  parameters: { type: 'object', properties: { zq_key: { type: 'string', description: 'zq' } }, required: ['zq_key'] },
}
const ARGUMENTS = { zq_key: 'zq value' }
const CONTEXT = {
  tools: [{ type: 'function', function: TOOL }],
  bos_token: '',
  eos_token: '',
  add_generation_prompt: true,
}
const QUESTION = { role: 'user', content: 'zq question' }

/** The formats that a chat template writes, best first: by the calls that it renders, else by the markers in its source. */
export function matchTemplate(
  chatTemplate: string,
  formats: readonly Format[],
  options: TemplateOptions = {},
): FormatMatch[] {
  const template = String(chatTemplate)
  const prompt = options.render && attempt(() => options.render?.(template, { ...CONTEXT, messages: [QUESTION] }))
  const rendered = options.render && prompt !== undefined ? renderedCall(template, prompt, options.render) : undefined
  const byCall = rendered === undefined ? [] : matchCall(rendered, formats)
  const matches = byCall.length > 0 ? byCall : matchMarkers(template, formats)
  return matches.map(({ format, why }) => ({
    format: format.id,
    why,
    flags: usualFlags(format.flags),
    ...(prompt === undefined ? {} : { startInReasoning: opensReasoning(prompt, format) }),
  }))
}

interface Match {
  format: Format
  why: string
}

/** Does the prompt that the template writes end inside a reasoning block? */
function opensReasoning(prompt: string, format: Format): boolean {
  const end = prompt.trimEnd()
  return format.reasoning?.blocks.some(({ open }) => end.endsWith(open)) === true
}

/**
 * What the template writes for one call, behind the prompt. Templates differ in what they take: arguments as an object or
 * as JSON text, ids of their own shape, content that is empty, null or not there.
 */
function renderedCall(template: string, prompt: string, render: RenderTemplate): string | undefined {
  for (const args of [ARGUMENTS, JSON.stringify(ARGUMENTS)]) {
    for (const id of ['zq0000001', `functions.${TOOL.name}:0`]) {
      for (const content of [{ content: '' }, { content: null }, {}]) {
        const call = { id, type: 'function', function: { name: TOOL.name, arguments: args } }
        const messages = [QUESTION, { role: 'assistant', ...content, tool_calls: [call] }]
        const text = attempt(() => render(template, { ...CONTEXT, messages, add_generation_prompt: false }))
        if (text?.includes('zq value') !== true || !text.includes(TOOL.name)) continue
        return text.slice(commonLength(prompt, text))
      }
    }
  }
  return undefined
}

/** Formats that read exactly the call that was rendered; those that would have written it so come first. */
function matchCall(text: string, formats: readonly Format[]): Match[] {
  const tools = [TOOL]
  const detect = detector(formats.map(grammarOf))
  const { parse } = parseFunctions((options) => new Session(grammarOf(options.format as Format), options))
  const matches: Match[] = []
  for (const { format: id } of detect(text, { tools })) {
    const format = formats.find((format) => format.id === id)
    if (format === undefined) continue
    const { toolCalls, content } = parse(text, { format, tools })
    const [call, ...others] = toolCalls
    // Markers that are left in the content are those of another format.
    if (
      content.trim() !== '' ||
      others.length > 0 ||
      call?.name !== TOOL.name ||
      JSON.stringify(call.arguments) !== JSON.stringify(ARGUMENTS)
    )
      continue
    matches.push({ format, why: `the template writes a call as ${JSON.stringify(text.trim().slice(0, 100))}` })
  }
  return matches.sort((a, b) => Number(wouldWrite(b.format, text)) - Number(wouldWrite(a.format, text)))
}

/** Does this text hold the call as the format itself writes it? */
function wouldWrite(format: Format, text: string): boolean {
  const calls = [{ name: TOOL.name, arguments: ARGUMENTS }]
  const own = attempt(() =>
    format.render({ calls, content: '', reasoning: '', types: () => new Set(['string']), tool: () => undefined }),
  )
  return own !== undefined && text.includes(own.trim())
}

/** Formats by the markers that stand in the source of the template. */
function matchMarkers(template: string, formats: readonly Format[]): Match[] {
  const matches: (Match & { share: number; count: number })[] = []
  for (const format of formats) {
    const markers = markersOf(format)
    const found = markers.filter((marker) => template.includes(marker))
    if (found.length === 0) continue
    const why = `the source of the template holds ${found.slice(0, 4).join(' ')}`
    matches.push({ format, why, share: found.length / markers.length, count: found.length })
  }
  // A format whose markers are all there, and that has more of them, is the likelier one.
  return matches.sort((a, b) => b.share - a.share || b.count - a.count)
}

/** The markers of a format's wire line; where it shows none, its openers. */
function markersOf({ wire, families }: Format): string[] {
  const shown = wire.match(/<[^<>\s…"]{2,40}>?|\[[A-Z_]{3,30}\]|✿[A-Z]{3,20}✿/g)
  const openers = families
    .flatMap((family) => family.openers)
    .filter(({ prefix }) => prefix !== true)
    .filter(({ marker, bare }) => bare !== true && marker.length > 4)
  // <function=NAME> shows as <function= in a template
  return [...new Set(shown?.map((marker) => marker.replace(/=.{0,40}$/, '=')) ?? openers.map(({ marker }) => marker))]
}

/** How much both texts begin with, in whole markers. */
function commonLength(one: string, other: string): number {
  let i = 0
  while (i < one.length && one[i] === other[i]) i++
  // <think> of the prompt and <tool_call> of the call begin alike: a marker is not cut.
  const open = Math.max(other.lastIndexOf('<', i - 1), other.lastIndexOf('[', i - 1))
  const close = Math.max(other.lastIndexOf('>', i - 1), other.lastIndexOf(']', i - 1))
  return open > close ? open : i
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    // The template refused this conversation: another shape of it may do.
    return undefined
  }
}
