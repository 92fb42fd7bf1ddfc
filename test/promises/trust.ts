import { collect, type ToolCall } from '../../src/index.js'
import { norm } from '../support/norm.js'
import { run } from '../support/run.js'
import { isJsonNative, isTypeless, openersOf, opensWithoutMarker, writesBareKeys } from './format-facts.js'
import { inventedPart } from './invented.js'
import { exemptionOf } from './no-own-end.js'
import { chance, eventsOf, optionsOf, show, type TextPromise, type Trial, wholeEvents, wholeResult } from './trial.js'

/** Nothing is invented, and a call says how sure it is. */
export const trust: readonly TextPromise[] = [
  { id: 'I13', says: 'every name and value stands in the text', check: nothingInvented },
  { id: 'I15', says: 'a complete call of a prefix is a call of the whole', check: prefixesAreSafe },
  { id: 'I23', says: 'no opener, no call; without a marker only known tools', check: evidence },
  { id: 'I28', says: 'repairs are listed as they stand in the text, and off when turned off', check: repairsAreListed },
  { id: 'I31', says: 'arguments in JSON are the source, byte for byte', check: rawFidelity },
  { id: 'I33', says: 'no calls where none are allowed', check: noCallsWhereNone },
  { id: 'I35', says: 'limits hold, and end in a note', check: limitsHold },
]

function nothingInvented(trial: Trial): string | undefined {
  const { toolCalls, incomplete } = wholeResult(trial)
  for (const call of [...toolCalls, ...incomplete]) {
    if (isCode(trial, call)) continue
    const part = inventedPart(trial.text, call, trial.options.tools)
    if (part !== undefined) return `${show(part)} of ${show(call)} is not in the text`
  }
  return undefined
}

/** Code whose tool the model did not name: its text is no JSON, and has no end of its own. */
function isCode({ format }: Trial, call: ToolCall): boolean {
  return format.codeTools?.includes(call.name) === true
}

/** I49: nothing is exempt but what `NO_OWN_END` lists, and SECURITY.md with it. */
function prefixesAreSafe(trial: Trial): string | undefined {
  const { create, format, text } = trial
  const random = chance(trial)
  const whole = wholeResult(trial)
  const calls = new Map([...whole.toolCalls, ...whole.incomplete].map((call) => [call.index, call]))
  const near = [...calls.values()].flatMap(({ to }) => [to, to + 1, to - 1, to - 2])
  const cuts = [...near, ...Array.from({ length: 12 }, () => Math.floor(random() * text.length))]
  for (const cut of cuts.filter((i) => i >= 0 && i < text.length)) {
    const prefix = text.slice(0, cut)
    for (const call of collect(run(create, optionsOf(trial), [prefix])).toolCalls) {
      if (exemptionOf(call, format, prefix) !== undefined) continue
      const same = calls.get(call.index)
      if (same?.status !== 'complete' || same.name !== call.name || same.argumentsText !== call.argumentsText) {
        return `of ${show(prefix)} it is ${show(call)}, of the whole ${show(same)}`
      }
    }
  }
  return undefined
}

function evidence(trial: Trial): string | undefined {
  const { text, format, options } = trial
  const starts = eventsOf(wholeEvents(trial), 'call-start')
  const unsure = starts.find((call) => call.evidence === 'bare' && options.tools !== undefined && !call.known)
  if (unsure !== undefined) return `a call of an unknown tool without a marker: ${show(unsure)}`
  if (opensWithoutMarker(format)) return undefined
  if (starts.length > 0 && !openersOf(format).some((opener) => text.includes(opener))) {
    return `no opener of the format, and ${show(starts[0])}`
  }
  return undefined
}

/** Kinds whose `before` tells of more than the text at their place. */
const RETOLD = ['swallowed-name', 'further-repairs', 'coerced']

function repairsAreListed(trial: Trial): string | undefined {
  const { toolCalls, incomplete } = wholeResult(trial)
  for (const { repairs } of [...toolCalls, ...incomplete]) {
    if (trial.options.repair === false && repairs.length > 0) return `repaired, and repair is off: ${show(repairs)}`
    const wrong = repairs.find(
      ({ kind, from, to, before }) => !RETOLD.includes(kind) && before !== trial.text.slice(from, to),
    )
    if (wrong !== undefined)
      return `${show(wrong)}: at its place stands ${show(trial.text.slice(wrong.from, wrong.to))}`
  }
  return undefined
}

/**
 * Of arguments that begin with a brace in the text, and only there: formats may know other ways of writing them. The brace of
 * `<parameter={>` is a key, and a value beyond the depth limit is text, with a note.
 */
function rawFidelity(trial: Trial): string | undefined {
  const { text, options, format } = trial
  if (options.coerce === true || writesBareKeys(format)) return undefined
  const events = norm(wholeEvents(trial))
  const repaired = new Set(
    eventsOf(events, 'call-end')
      .filter(({ call }) => call.repairs.length > 0)
      .map(({ index }) => index),
  )
  const deep = new Set(eventsOf(events, 'note').flatMap(({ code, from }) => (code === 'limit' ? [from] : [])))
  for (const { index, delta, from, to } of eventsOf(events, 'arguments')) {
    if (deep.has(from)) continue
    if (text.charAt(from) !== '{' || isOneValue(trial, from) || from === to || repaired.has(index)) continue
    // Between elements a key is as it is, and may begin with a brace.
    if (/^[{,]"\{/.test(delta) && isTypeless(format)) continue
    // Python's own spelling is written as JSON.
    if (format.objects === 'python' && /['(]|True|False|None|\\x/.test(text.slice(from, to))) continue
    if (delta !== text.slice(from, to))
      return `not repaired: ${show(delta)}, and in the text ${show(text.slice(from, to))}`
  }
  return undefined
}

/** The value of one argument, not all of them: `f(a={})`, and `f({})` in formats that do not write JSON there. */
function isOneValue({ text, format }: Trial, from: number): boolean {
  const before = text.slice(0, from).trimEnd().slice(-1)
  return before === '=' || (!isJsonNative(format) && (before === '(' || before === ','))
}

function noCallsWhereNone(trial: Trial): string | undefined {
  const refusing = [
    { ...optionsOf(trial), toolChoice: 'none' as const },
    { ...optionsOf(trial), tools: [] },
  ]
  for (const options of refusing) {
    const call = eventsOf(run(trial.create, options, [trial.text]), 'call-start')[0]
    if (call !== undefined) return `no calls are allowed, and there is ${show(call)}`
  }
  return undefined
}

function limitsHold(trial: Trial): string | undefined {
  const limits = { calls: 1, argumentChars: 20 }
  const events = run(trial.create, { ...optionsOf(trial), limits }, [trial.text])
  const { toolCalls, incomplete, notes } = collect(events)
  const calls = [...toolCalls, ...incomplete]
  if (calls.length > limits.calls) return `${calls.length} calls, and ${limits.calls} is the limit`
  const long = calls.find(({ argumentsText }) => argumentsText.length > limits.argumentChars)
  if (long !== undefined) return `${long.argumentsText.length} characters of arguments`
  const free = collect(run(trial.create, optionsOf(trial), [trial.text]))
  const reached =
    free.toolCalls.length > limits.calls ||
    (free.toolCalls[0] !== undefined && free.toolCalls[0].argumentsText.length > limits.argumentChars)
  if (reached && trial.options.limits === undefined && !notes.some(({ code }) => code === 'limit'))
    return 'a limit was reached without a note'
  return undefined
}
