import { createParser, type ParseEvent, type Parser, type ParserOptions, type ToolCall } from '../../src/index.js'
import type { Create } from '../support/run.js'

/** A parser that breaks one promise, and says how. */
export interface BrokenParser {
  /** The promise that it breaks. */
  readonly breaks: string
  readonly how: string
  readonly create: Create
}

/** A parser whose events are rewritten one by one. */
function rewriting(rewrite: (event: ParseEvent) => readonly ParseEvent[]): Create {
  return (options) => {
    const parser = createParser(options)
    return {
      push: (chunk) => parser.push(chunk).flatMap(rewrite),
      end: (reason) => parser.end(reason).flatMap(rewrite),
    }
  }
}

/** A parser that gives its calls changed. */
function changing(change: (call: ToolCall) => Partial<ToolCall>): Create {
  return rewriting((event) => {
    if (event.type !== 'call-end') return [event]
    return [{ ...event, call: { ...event.call, ...change(event.call) } }]
  })
}

/** A parser that reads with other options than it was given. */
function misreading(misread: (options: ParserOptions) => ParserOptions): Create {
  return (options) => createParser(misread(options))
}

/** A parser whose strings are changed, in the arguments and in their text. */
function changingStrings(change: (text: string) => string): Create {
  return changing((call) => {
    const entries = Object.entries(call.arguments).map(([key, value]) => [
      key,
      typeof value === 'string' ? change(value) : value,
    ])
    return { arguments: Object.fromEntries(entries) as Record<string, unknown> }
  })
}

const without =
  (wrong: (event: ParseEvent) => boolean) =>
  (event: ParseEvent): ParseEvent[] =>
    wrong(event) ? [] : [event]

/** State that all parsers share, as it must not be. */
const shared = { calls: 0, latest: undefined as Parser | undefined }

/** Shows what it has got as content until a call is there. */
function showingTooMuch(options: ParserOptions): Parser {
  const parser = createParser(options)
  let seen = ''
  return {
    push(chunk) {
      const from = seen.length
      seen += chunk
      const events = parser.push(chunk)
      if (seen.includes('</tool_call>')) return events
      return [...events, { type: 'content', text: chunk, from, to: seen.length }]
    },
    end: (reason) => parser.end(reason),
  }
}

/** Says nothing before the end. */
function silent(options: ParserOptions): Parser {
  const parser = createParser(options)
  const held: ParseEvent[] = []
  return {
    push(chunk) {
      held.push(...parser.push(chunk))
      return []
    },
    end(reason) {
      return [...held.splice(0), ...parser.end(reason)]
    },
  }
}

/** Leaves a call out that is like the one in front of it. */
function withoutTwins(options: ParserOptions): Parser {
  const parser = createParser(options)
  const seen = new Set<string>()
  const single = without(
    (event) =>
      event.type === 'call-end' && seen.size === seen.add(`${event.call.name}${event.call.argumentsText}`).size,
  )
  return { push: (chunk) => parser.push(chunk).flatMap(single), end: (reason) => parser.end(reason).flatMap(single) }
}

/** Reads nothing on behind damage. */
function deafBehindDamage(options: ParserOptions): Parser {
  const parser = createParser(options)
  let isDamaged = false
  const before = (event: ParseEvent): ParseEvent[] => {
    if (isDamaged && event.type !== 'end') return []
    isDamaged ||= event.type === 'note' && event.code.startsWith('damaged')
    return [event]
  }
  return { push: (chunk) => parser.push(chunk).flatMap(before), end: (reason) => parser.end(reason).flatMap(before) }
}

function completed(call: ToolCall): Partial<ToolCall> {
  if (call.status === 'complete') return {}
  const argumentsText = `${call.argumentsText.replace(/[,:\s]+$/, '') || '{'}"}`
  return { status: 'complete', argumentsText }
}

/** One or more parsers for every promise, each broken in the way that the promise rules out. */
export const brokenParsers: readonly BrokenParser[] = [
  {
    breaks: 'I1',
    how: 'leaves out a blank that comes as a chunk of its own',
    create: (options) => {
      const parser = createParser(options)
      return { push: (chunk) => parser.push(chunk === ' ' ? '' : chunk), end: (reason) => parser.end(reason) }
    },
  },
  { breaks: 'I39', how: 'shows a marker before it knows what it is', create: showingTooMuch },
  {
    breaks: 'I43',
    how: 'counts over all parsers',
    create: changing(() => ({ id: `call_${shared.calls++}` })),
  },
  {
    breaks: 'I30',
    how: 'gives every chunk to the parser that was made last',
    create: (options) => {
      const parser = createParser(options)
      shared.latest = parser
      return { push: (chunk) => (shared.latest ?? parser).push(chunk), end: (reason) => parser.end(reason) }
    },
  },
  {
    breaks: 'I36',
    how: 'gives every code unit on its own',
    create: rewriting((event) =>
      event.type !== 'content'
        ? [event]
        : event.text.split('').map((text, i) => ({ ...event, text, from: event.from + i, to: event.from + i + 1 })),
    ),
  },
  {
    breaks: 'I3',
    how: 'trims content',
    create: rewriting((event) => [event.type === 'content' ? { ...event, text: event.text.trim() } : event]),
  },
  { breaks: 'I4', how: 'loses content', create: rewriting(without((event) => event.type === 'content')) },
  {
    breaks: 'I4',
    how: 'loses damage without a note',
    create: rewriting(without((event) => event.type === 'note' && event.code === 'stray-marker')),
  },
  { breaks: 'I20', how: 'leaks markers without a note', create: rewriting(without((event) => event.type === 'note')) },
  {
    breaks: 'I20',
    how: 'keeps what is to be dropped',
    create: misreading((options) => ({ ...options, damaged: 'keep' })),
  },
  {
    breaks: 'I32',
    how: 'gives all content at the end',
    create: (options) => {
      const parser = silent(options)
      return {
        push: (chunk) => parser.push(chunk),
        end(reason) {
          const events = parser.end(reason)
          const isContent = (event: ParseEvent) => event.type === 'content'
          return [...events.filter((event) => !isContent(event)), ...events.filter(isContent)]
        },
      }
    },
  },
  {
    breaks: 'I5',
    how: 'loses deltas',
    create: rewriting(without((event) => event.type === 'arguments' && event.delta.length < 3)),
  },
  {
    breaks: 'I6',
    how: 'calls nothing at all complete',
    create: changing(() => ({ argumentsText: '', status: 'complete' })),
  },
  {
    breaks: 'I7',
    how: 'ends calls twice',
    create: rewriting((event) => (event.type === 'call-end' ? [event, event] : [event])),
  },
  { breaks: 'I7', how: 'never starts them', create: rewriting(without((event) => event.type === 'call-start')) },
  { breaks: 'I8', how: 'counts from 1', create: changing(({ index }) => ({ index: index + 1 })) },
  { breaks: 'I8', how: 'leaves out a call that is like another', create: withoutTwins },
  { breaks: 'I9', how: 'makes up another id at the end', create: changing(({ id }) => ({ id: `${id}x` })) },
  {
    breaks: 'I9',
    how: 'gives every call the same id',
    create: rewriting((event) => {
      if (event.type === 'call-start') return [{ ...event, id: 'call' }]
      return event.type === 'call-end' ? [{ ...event, call: { ...event.call, id: 'call' } }] : [event]
    }),
  },
  { breaks: 'I10', how: 'ends twice', create: rewriting((event) => (event.type === 'end' ? [event, event] : [event])) },
  {
    breaks: 'I10',
    how: 'says that all is well',
    create: rewriting((event) => [event.type === 'end' ? { ...event, status: 'complete' } : event]),
  },
  {
    breaks: 'I14',
    how: 'throws where it cannot read on',
    create: rewriting((event) => {
      if (event.type === 'note' && event.code === 'damaged-block') throw new SyntaxError('Unexpected token')
      return [event]
    }),
  },
  {
    breaks: 'I13',
    how: 'invents an argument',
    create: changing((call) => ({ arguments: { ...call.arguments, force: 'indeed' } })),
  },
  { breaks: 'I13', how: 'invents a name', create: changing(() => ({ name: 'search_web' })) },
  { breaks: 'I15', how: 'completes what was cut', create: changing(completed) },
  {
    breaks: 'I23',
    how: 'takes calls of unknown tools without a marker',
    create: rewriting((event) => [event.type === 'call-start' ? { ...event, evidence: 'bare', known: false } : event]),
  },
  { breaks: 'I28', how: 'repairs what it must not', create: misreading((options) => ({ ...options, repair: true })) },
  {
    breaks: 'I28',
    how: 'lists repairs that it did not make',
    create: changing(({ from }) => ({
      repairs: [{ kind: 'trailing-comma', from, to: from + 1, before: 'nowhere', after: '' }],
    })),
  },
  {
    breaks: 'I31',
    how: 'writes the arguments anew, without blanks',
    create: rewriting((event) => [
      event.type === 'arguments' ? { ...event, delta: event.delta.replaceAll(' ', '') } : event,
    ]),
  },
  {
    breaks: 'I33',
    how: 'calls whatever the choice',
    create: misreading((options) => ({ ...options, tools: undefined, toolChoice: 'auto' })),
  },
  { breaks: 'I35', how: 'knows no limits', create: misreading((options) => ({ ...options, limits: undefined })) },
  {
    breaks: 'I40',
    how: 'loses the second call',
    create: rewriting(without((event) => event.type === 'call-end' && event.index > 0)),
  },
  {
    breaks: 'I45',
    how: 'says nothing about what it cannot read',
    create: rewriting((event) =>
      event.type === 'note' ? [] : [event.type === 'end' ? { ...event, status: 'complete' as const } : event],
    ),
  },
  { breaks: 'I26', how: 'trims strings', create: changingStrings((text) => text.trim()) },
  {
    breaks: 'I11',
    how: 'ends a string at a marker',
    create: changingStrings((text) => text.split('</tool_call>')[0] ?? ''),
  },
  { breaks: 'I34', how: 'cuts names at a dash', create: changing(({ name }) => ({ name: name.split('-')[0] ?? '' })) },
  {
    breaks: 'I38',
    how: 'copies arguments key by key',
    create: changing((call) => {
      const copy: Record<string, unknown> = {}
      for (const [key, value] of Object.entries(call.arguments)) copy[key] = value
      return { arguments: copy }
    }),
  },
  {
    breaks: 'I37',
    how: 'prints numbers anew',
    create: changing((call) => ({ argumentsText: JSON.stringify(JSON.parse(call.argumentsText || '{}')) })),
  },
  {
    breaks: 'I29',
    how: 'unwraps strings inside the arguments too',
    create: changing(({ arguments: args }) => ({
      arguments: Object.fromEntries(
        Object.entries(args).map(([key, value]) => [key, value === '{"a": 1}' ? JSON.parse(value) : value]),
      ) as Record<string, unknown>,
    })),
  },
  {
    breaks: 'I24',
    how: 'guesses types',
    create: changing(({ arguments: args }) => ({
      arguments: Object.fromEntries(
        Object.entries(args).map(([key, value]) => [key, Number.isNaN(Number(value)) ? value : Number(value)]),
      ),
    })),
  },
  {
    breaks: 'I12',
    how: 'knows no reasoning',
    create: misreading((options) => {
      const { format } = options
      return typeof format === 'string' ? options : { ...options, format: { ...format, reasoning: undefined } }
    }),
  },
  {
    breaks: 'I12',
    how: 'takes calls in reasoning whatever is wanted',
    create: misreading((options) => ({ ...options, callsInReasoning: 'unclosed' })),
  },
  {
    breaks: 'I46',
    how: 'sees no backticks',
    create: (options) => {
      const parser = createParser(options)
      return { push: (chunk) => parser.push(chunk.replaceAll('`', ' ')), end: (reason) => parser.end(reason) }
    },
  },
  { breaks: 'I44', how: 'calls complete what could not be read', create: changing(completed) },
  { breaks: 'I44', how: 'lists no repairs', create: changing(() => ({ repairs: [] })) },
  { breaks: 'I47', how: 'reads nothing behind damage', create: deafBehindDamage },
  {
    breaks: 'I48',
    how: 'makes ids of its own whatever the caller wants',
    create: misreading((options) => ({ ...options, generateId: undefined })),
  },
  {
    breaks: 'I19',
    how: 'does not know that the prompt opened the reasoning',
    create: misreading((options) => ({ ...options, startInReasoning: false })),
  },
  { breaks: 'I18', how: 'says nothing before the end', create: silent },
]
