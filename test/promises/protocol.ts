import { collect, type ParseEvent } from '../../src/index.js'
import { characters, run } from '../support/run.js'
import { tokens } from '../support/seeded.js'
import { chance, eventsOf, optionsOf, show, type TextPromise, type Trial, wholeEvents, wholeResult } from './trial.js'

/** The protocol of events: calls, their arguments, their ids, the end. */
export const protocol: readonly TextPromise[] = [
  { id: 'I5', says: 'the deltas of a call add up to its argumentsText', check: deltasAddUp },
  { id: 'I6', says: 'complete arguments are a JSON object', check: completeIsAnObject },
  { id: 'I7', says: 'start, deltas, one end, nothing else', check: startToEnd },
  { id: 'I8', says: 'calls count 0, 1, 2 in the order of the text', check: ordinals },
  { id: 'I9', says: 'ids are there, unique and stay', check: ids },
  { id: 'I10', says: 'one end, last, that says what came', check: derivedEnd },
  { id: 'I14', says: 'no text makes it throw', check: neverThrows },
]

function deltasAddUp(trial: Trial): string | undefined {
  const events = run(trial.create, optionsOf(trial), tokens(trial.text, chance(trial)))
  for (const { call } of eventsOf(events, 'call-end')) {
    const deltas = eventsOf(events, 'arguments').filter(({ index }) => index === call.index)
    const joined = deltas.map(({ delta }) => delta).join('')
    if (joined !== call.argumentsText) return `deltas ${show(joined)}, argumentsText ${show(call.argumentsText)}`
    if (deltas.some(({ delta }) => delta === '')) return `an empty delta of call ${call.index}`
  }
  return undefined
}

function completeIsAnObject(trial: Trial): string | undefined {
  for (const call of wholeResult(trial).toolCalls) {
    let value: unknown
    try {
      value = JSON.parse(call.argumentsText)
    } catch {
      return `complete, and no JSON: ${show(call.argumentsText)}`
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `no object: ${call.argumentsText}`
    if (JSON.stringify(value) !== JSON.stringify(call.arguments)) return `arguments is not argumentsText: ${show(call)}`
  }
  return undefined
}

function startToEnd(trial: Trial): string | undefined {
  let open: { index: number; name: string } | undefined
  const starts = new Set<number>()
  for (const event of wholeEvents(trial)) {
    switch (event.type) {
      case 'call-start':
        if (open !== undefined) return `call ${event.index} starts inside call ${open.index}`
        if (starts.has(event.index)) return `call ${event.index} starts twice`
        if (event.name === '') return `call ${event.index} has no name`
        starts.add(event.index)
        open = event
        break
      case 'arguments':
        if (open?.index !== event.index) return `arguments of call ${event.index}, which is not open`
        break
      case 'call-end':
        if (open?.index !== event.index) return `call ${event.index} ends and was not open`
        if (event.call.name !== open.name) return `call ${event.index} was ${open.name} and ends as ${event.call.name}`
        open = undefined
        break
      case 'content':
      case 'reasoning':
      case 'end':
        if (open !== undefined) return `${event.type} inside call ${open.index}`
    }
  }
  return undefined
}

function ordinals(trial: Trial): string | undefined {
  const events = wholeEvents(trial)
  const ends = eventsOf(events, 'call-end')
  if (ends.some(({ index, call }, i) => index !== i || call.index !== i)) {
    return `indices ${show(ends.map(({ index, call }) => [index, call.index]))}`
  }
  const late = ends.find(({ call }, i) => i > 0 && call.from < (ends[i - 1]?.call.from ?? 0))
  return late === undefined ? undefined : `call ${late.index} begins before the one in front of it`
}

function ids(trial: Trial): string | undefined {
  const given: string[] = []
  const generateId = (call: { index: number }) => {
    const id = `id-${call.index}-${given.length}`
    given.push(id)
    return id
  }
  const own = eventsOf(run(trial.create, { ...optionsOf(trial), generateId }, [trial.text]), 'call-start')
  if (show(own.map(({ id }) => id)) !== show(given)) return `generateId gave ${show(given)}: ${show(own)}`
  const events = wholeEvents(trial)
  const started = eventsOf(events, 'call-start').map(({ id }) => id)
  if (started.some((id) => id === '')) return 'an empty id'
  if (new Set(started).size !== started.length) return `ids are not unique: ${show(started)}`
  const ended = eventsOf(events, 'call-end').map(({ call }) => call.id)
  return show(started) === show(ended) ? undefined : `ids ${show(started)} end as ${show(ended)}`
}

function derivedEnd(trial: Trial): string | undefined {
  const parser = trial.create(optionsOf(trial))
  const events = [...parser.push(trial.text), ...parser.end()]
  if (parser.end().length > 0) return 'end gives events twice'
  const last = events[events.length - 1]
  if (eventsOf(events, 'end').length !== 1 || last?.type !== 'end') return `not one end at the end: ${show(events)}`
  const { toolCalls, incomplete, status } = collect(events)
  if (toolCalls.some((call) => call.status !== 'complete')) return 'a call that is not complete is handed over'
  if (incomplete.some((call) => call.status === 'complete')) return 'a complete call is not handed over'
  if (status === 'complete' && incomplete.length > 0) return 'complete, with a call that is not'
  const cut = collect(cutOff(trial)).status
  return cut === 'truncated' ? undefined : `cut off by its length, and ${cut}`
}

function cutOff(trial: Trial): ParseEvent[] {
  const parser = trial.create(optionsOf(trial))
  return [...parser.push(trial.text), ...parser.end('length')]
}

function neverThrows(trial: Trial): string | undefined {
  const { create, text } = trial
  const random = chance(trial)
  for (const chunks of [[text], characters(text), tokens(text, random)]) {
    try {
      const ends = eventsOf(run(create, optionsOf(trial), chunks), 'end').length
      if (ends !== 1) return `${ends} ends`
    } catch (error) {
      return `it throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
    }
  }
  return undefined
}
