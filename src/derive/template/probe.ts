import { isObject } from '../../tools/is-object.js'
import { TemplateLimitError } from './jinja.js'
import { commonStart, markersIn } from './pieces.js'
import { NAME, PROBES, type ProbeName, QUESTION, type Said, TEXT, TOOLS, VALUE, wordsOf } from './sentinels.js'

/** Renders one template for one context. May throw. */
export type Render = (context: Record<string, unknown>) => string

/** What the assistant said, and what the template wrote for it behind the prompt. */
export interface Turn {
  readonly probe: ProbeName
  readonly said: Said
  /** With the ids that the calls were given. */
  readonly ids: readonly string[]
  /** What stood before it. */
  readonly prompt: string
  readonly text: string
}

/** What a template wrote when it was asked. */
export interface Probed {
  /** All turns that could be rendered. A probe that raised is not there. */
  readonly turns: readonly Turn[]
  turn(probe: ProbeName): Turn | undefined
  /** The prompt of a turn: as it is by default, with thinking and without. */
  readonly prompts: Prompts
  /** What the prompt ends with that begins the turn: `<|im_start|>assistant` LF. */
  readonly header: string
  /** In words: how the template wants its messages, and what raised. */
  readonly notes: readonly string[]
}

type Prompts = Readonly<Record<'default' | 'thinking' | 'plain', string>>

/** The ways in which templates want their messages. */
interface Shape {
  readonly args: 'an object' | 'JSON text'
  readonly id: 'nine characters' | 'functions.NAME:0'
  readonly empty: "''" | 'null' | 'left out'
  readonly parts: boolean
  readonly system: boolean
  readonly reasoningKey: 'reasoning_content' | 'reasoning' | 'thinking'
}

const FIRST: Shape = {
  args: 'an object',
  id: 'nine characters',
  empty: "''",
  parts: false,
  system: false,
  reasoningKey: 'reasoning_content',
}

/** All shapes, the usual ones first. */
function* shapes(): Generator<Shape> {
  for (const system of [false, true])
    for (const parts of [false, true])
      for (const args of ['an object', 'JSON text'] as const)
        for (const id of ['nine characters', 'functions.NAME:0'] as const)
          for (const empty of ["''", 'null', 'left out'] as const) yield { ...FIRST, args, id, empty, parts, system }
}

const THINKING = { enable_thinking: true, thinking: true, thinking_mode: 'thinking', reasoning_effort: 'high' }
const PLAIN = { enable_thinking: false, thinking: false, thinking_mode: 'chat', reasoning_effort: 'none' }

/**
 * Asks a template to write what the probes say. Undefined, with the reasons, if it writes no call in any of the shapes that
 * messages come in. Throws what says that the template would not end.
 */
export function probeTemplate(render: Render, given: Record<string, unknown>): Probed | { readonly why: string[] } {
  const errors = new Set<string>()
  const attempt = (context: Record<string, unknown>): string | undefined => {
    try {
      return render({ ...CONTEXT, ...given, ...context })
    } catch (error) {
      if (error instanceof TemplateLimitError) throw error
      errors.add(error instanceof Error ? error.message : String(error))
      return undefined
    }
  }
  const ask = (shape: Shape, said: Said) =>
    attempt({ messages: [...opening(shape), assistant(shape, said)], add_generation_prompt: false })
  for (const shape of shapes()) {
    const text = ask(shape, PROBES['one call'])
    if (text === undefined || !text.includes(VALUE) || !text.includes(NAME)) continue
    // Text in place of an object is written as a string in quotes.
    if (shape.args === 'JSON text' && text.includes(JSON.stringify(JSON.stringify({ [TEXT]: VALUE })))) continue
    return probed(shape)
  }
  return { why: [...errors] }

  function probed(found: Shape): Probed {
    const notes = notesOf(found)
    const reasoning = (['reasoning_content', 'reasoning', 'thinking'] as const).find((reasoningKey) =>
      ask({ ...found, reasoningKey }, PROBES['reasoning and a call'])?.includes(
        PROBES['reasoning and a call'].reasoning,
      ),
    )
    const shape = { ...found, reasoningKey: reasoning ?? found.reasoningKey }
    if (reasoning !== undefined) notes.push(`it takes reasoning as ${reasoning}`)
    const prompt = (context = {}) =>
      attempt({ messages: opening(shape), add_generation_prompt: true, ...context }) ?? ''
    const prompts = { default: prompt(), thinking: prompt(THINKING), plain: prompt(PLAIN) }
    const before = attempt({ messages: opening(shape), add_generation_prompt: false }) ?? ''
    const header = prompts.default.startsWith(before) ? prompts.default.slice(before.length) : ''
    const turns: Turn[] = []
    for (const [probe, said] of Object.entries(PROBES) as [ProbeName, Said][]) {
      errors.clear()
      const text = ask(shape, said)
      if (text !== undefined && holdsAll(text, said))
        turns.push({
          probe,
          said,
          ids: said.calls.map((_, i) => idOf(shape, said, i)),
          ...cutTurn(prompts, text, said),
        })
      else
        notes.push(`it does not write ${probe}${errors.size > 0 ? ` (${[...errors].join('; ').slice(0, 100)})` : ''}`)
    }
    return { turns, turn: (probe) => turns.find((turn) => turn.probe === probe), prompts, header, notes }
  }
}

const CONTEXT = {
  tools: TOOLS,
  functions: JSON.stringify(TOOLS),
  datetime: 'zt',
  bos_token: '',
  eos_token: '',
}

function opening({ parts, system }: Shape): object[] {
  const content = (text: string) => (parts ? [{ type: 'text', text }] : text)
  const user = { role: 'user', content: content(QUESTION) }
  return system ? [{ role: 'system', content: content('zs system') }, user] : [user]
}

function assistant(shape: Shape, said: Said): object {
  const { calls, content, reasoning } = said
  const { parts, empty } = shape
  const text = parts ? [{ type: 'text', text: content }] : content
  const held = content !== '' || empty === "''" ? text : empty === 'null' ? null : undefined
  return {
    role: 'assistant',
    ...(held === undefined ? {} : { content: held }),
    ...(reasoning === '' ? {} : { [shape.reasoningKey]: reasoning }),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map(({ name, arguments: args }, i) => ({
            id: idOf(shape, said, i),
            type: 'function',
            function: { name, arguments: shape.args === 'an object' ? args : JSON.stringify(args) },
          })),
        }),
  }
}

function idOf({ id }: Shape, { calls }: Said, index: number): string {
  return id === 'nine characters' ? `zq000000${index + 1}` : `functions.${calls[index]?.name}:${index}`
}

/** Did everything get into the text? Templates leave out what they do not know. */
function holdsAll(text: string, { calls, content, reasoning }: Said): boolean {
  const words = [content, reasoning, ...calls.flatMap(({ name, arguments: args }) => [name, ...textsIn(args)])]
  return words.every((word) => text.includes(word) || text.includes(JSON.stringify(word).slice(1, -1)))
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]) : []
}

/** A turn, without the prompt and without what begins the next message, which some templates write behind it. */
function cutTurn(prompts: Prompts, whole: string, said: Said): { prompt: string; text: string } {
  const { prompt, text } = cutPrompt(prompts, whole)
  const [start] = markersIn(prompts.default.slice(-100)).filter((marker) => /start|begin/i.test(marker))
  const from = Math.max(0, ...wordsOf(said).map((word) => text.lastIndexOf(word)))
  const at = start === undefined ? -1 : text.indexOf(start, from)
  return { prompt, text: at < 0 ? text : text.slice(0, at) }
}

/** Where the history has none of the prompts before the turn, what one and it both begin with is the prompt. */
function cutPrompt(prompts: Prompts, text: string): { prompt: string; text: string } {
  const [longest] = Object.values(prompts)
    .filter((prompt) => prompt !== '' && text.startsWith(prompt))
    .toSorted((a, b) => b.length - a.length)
  let at = longest?.length ?? commonStart(prompts.default, text)
  // A prompt may hold more than the history, before its last words: both end with the header of the turn.
  const rest = longest === undefined ? text.slice(at) : ''
  for (let length = Math.min(rest.length, prompts.default.length); length > 3; length--)
    if (prompts.default.endsWith(rest.slice(0, length))) {
      at += length
      break
    }
  return { prompt: text.slice(0, at), text: text.slice(at) }
}

function notesOf({ args, id, empty, parts, system }: Shape): string[] {
  return [
    ...(args === 'an object' ? [] : ['it takes arguments as JSON text']),
    ...(id === 'nine characters' ? [] : ['it takes ids of the form functions.NAME:0']),
    ...(empty === "''" ? [] : [`of a message with calls it wants the content ${empty}`]),
    ...(parts ? ['it takes content as a list of parts'] : []),
    ...(system ? ['it wants a system message first'] : []),
  ]
}
