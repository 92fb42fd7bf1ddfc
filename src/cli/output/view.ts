import type { ParseResult, Status, ToolCall } from '../../event/event.js'
import { placesIn } from '../../explain/json-place.js'
import type { Screen } from './screen.js'
import { clip, oneLine, visible, wrap } from './screen-text.js'
import { treeOf } from './view-tree.js'

/** Reasoning is shown up to so many lines: what people look for is below it. */
const REASONING_LINES = 8

/**
 * A result for people: reasoning, content, the calls as short trees, notes, and what it all came to.
 * @param text the text that was parsed, for the lines and columns of what is pointed at
 */
export function viewOf(result: ParseResult, text: string, screen: Screen): string {
  const { bold, dim } = screen.colors
  const place = placesIn(text)
  const at = (offset: number) => {
    const { line, column } = place(offset)
    return `${line}:${column}`
  }
  const lines: string[] = []
  const section = (title: string, body: string[]) => {
    if (body.length > 0) lines.push(bold(title), ...body.map((line) => (line === '' ? '' : `  ${line}`)), '')
  }
  section(
    'reasoning',
    clipLines(prose(result.reasoning, screen), REASONING_LINES).map((line) => dim(line)),
  )
  section('content', prose(result.content, screen))
  const calls = [...result.toolCalls, ...result.incomplete].sort((a, b) => a.index - b.index)
  section(
    'calls',
    calls.flatMap((call, i) => [...(i === 0 ? [] : ['']), ...viewCall(call, at, screen)]),
  )
  section(
    'notes',
    result.notes.flatMap((note) => viewNote(`${at(note.from)} ${note.code}`, note.message, screen)),
  )
  lines.push(summaryOf(result, screen), '')
  return lines.join('\n')
}

/** The lines of a text, with one blank line where there are several and none round it: calls leave theirs behind. */
function prose(text: string, { columns }: Screen): string[] {
  const lines = wrap(text, columns - 2)
  const kept = lines.filter((line, i) => line !== '' || (i > 0 && lines[i - 1] !== ''))
  if (kept[0] === '') kept.shift()
  if (kept.at(-1) === '') kept.pop()
  return kept
}

function clipLines(lines: string[], most: number): string[] {
  const more = lines.length - most
  return more > 1 ? [...lines.slice(0, most), `… ${more} more lines (--to json has them)`] : lines
}

function viewCall(call: ToolCall, at: (offset: number) => string, screen: Screen): string[] {
  const { bold, cyan, dim, yellow } = screen.colors
  const facts = [call.id, at(call.from), EVIDENCE[call.evidence], ...(call.known ? [] : ['not among the tools'])]
  if (call.nativeId !== undefined && call.nativeId !== call.id) facts.push(`id in the text ${oneLine(call.nativeId)}`)
  const head = `${mark(call.status, screen)} ${bold(cyan(clip(oneLine(call.name), 60)))} ${status(call.status, screen)}`
  const lines = [head, ...wrap(facts.join(', '), screen.columns - 4).map((line) => dim(`  ${line}`))]
  if (call.status === 'complete') {
    const tree = treeOf(call.arguments, { ...screen, columns: screen.columns - 2 })
    lines.push(...tree.map((line) => `  ${line}`))
  } else if (call.argumentsText !== '') {
    lines.push(
      ...wrap(clip(oneLine(call.argumentsText), 3 * screen.columns), screen.columns - 4).map((line) => `  ${line}`),
    )
  }
  for (const repair of repairsOf(call, at)) {
    lines.push(...wrap(repair, screen.columns - 4).map((line) => yellow(`  ${line}`)))
  }
  return lines
}

const EVIDENCE = {
  marker: 'after a marker',
  bare: 'bare, without a marker',
  fenced: 'in a code fence',
  'unclosed-reasoning': 'in reasoning that never closed',
} as const

/** Repairs that differ only in their place are listed once: models that write single quotes write many. */
function repairsOf({ repairs }: ToolCall, at: (offset: number) => string): string[] {
  const places = new Map<string, string[]>()
  for (const { kind, from, before, after } of repairs) {
    const change = `repaired ${kind}: ${changeInWords(before, after)}`
    const list = places.get(change)
    if (list === undefined) places.set(change, [at(from)])
    else list.push(at(from))
  }
  return [...places].map(([change, [first, ...others]]) => {
    return `${first} ${change}${others.length > 0 ? `, and ${others.length} more like it` : ''}`
  })
}

function changeInWords(before: string, after: string): string {
  if (before === '') return `${shown(after)} added`
  return after === '' ? `${shown(before)} left out` : `${shown(before)} read as ${shown(after)}`
}

function shown(text: string): string {
  return `‹${clip(oneLine(text), 40)}›`
}

function viewNote(head: string, message: string, { columns, colors }: Screen): string[] {
  const lines = wrap(`${head}: ${message}`, columns - 2)
  return lines.map((line, i) =>
    i === 0 ? `${colors.yellow(line.slice(0, head.length))}${line.slice(head.length)}` : `  ${line}`,
  )
}

function mark(status: Status, screen: Screen): string {
  return paint(status, screen)(status === 'complete' ? '✓' : '✗')
}

function status(status: Status, screen: Screen): string {
  return paint(status, screen)(status === 'complete' ? status : `${status}, not to be run`)
}

function paint(status: Status, { colors }: Screen): (text: string) => string {
  return status === 'complete' ? colors.green : status === 'truncated' ? colors.yellow : colors.red
}

function summaryOf({ format, status, toolCalls, incomplete }: ParseResult, screen: Screen): string {
  const calls = toolCalls.length === 1 ? '1 call' : `${toolCalls.length || 'no'} calls`
  const others = incomplete.length > 0 ? ` and ${incomplete.length} incomplete` : ''
  const name = format === 'auto' ? 'format undecided' : `format ${visible(format)}`
  return `${paint(status, screen)(status)}, ${calls}${others}, ${name}`
}
