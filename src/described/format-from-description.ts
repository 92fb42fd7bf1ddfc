import type { Family, Format } from '../engine/format.js'
import { RenderError } from '../engine/format.js'
import { plainText, plainThought } from '../engine/plain-text.js'
import { defineFormat } from '../formats/define-format.js'
import { misspeltMarkers } from '../recovery/misspelt-markers.js'
import { checkDescription, modelPattern } from './check-description.js'
import type { Context, DescribedCalls } from './described-calls.js'
import { describedChannels } from './described-channels.js'
import { describedDelimited } from './described-delimited.js'
import { describedIds } from './described-ids.js'
import { describedBareJson, describedJsonCalls } from './described-json.js'
import { describedNameJson } from './described-name-json.js'
import { describedPairs } from './described-pairs.js'
import { describedPythonic } from './described-pythonic.js'
import { describedTagged } from './described-tagged.js'
import { describedTree } from './described-tree.js'
import type { CallsDescription, FormatDescription } from './format-description.js'

/**
 * Makes a format of its description: what it reads, with the rules for damage of its grammar, and how it renders calls.
 *
 *     const harbour = formatFromDescription(JSON.parse(readFileSync('harbour.json', 'utf8')))
 *     parse(text, { format: harbour })
 *
 * @throws DescriptionError naming the field that is wrong, and what is expected there
 */
export function formatFromDescription(description: FormatDescription): Format {
  checkDescription(description)
  const { id, aliases = [], models = '', modelPatterns = [], headers = [], stops = [], frames, objects } = description
  const { looks, codeTools, promptOpensReasoning, reasoning = [] } = description
  const ids = describedIds(description.ids)
  const grammars = description.calls.map((calls, i) =>
    describedCalls(calls, { at: `calls[${i}]`, description, stops, ids }),
  )
  const [written] = grammars as [DescribedCalls]
  // Objects first: of several grammars behind one marker, theirs is told by the next character.
  const isObjects = (i: number) => Number(description.calls[i]?.family === 'json-calls')
  const inOrder = grammars.map((grammar, i) => ({ grammar, i })).sort((a, b) => isObjects(b.i) - isObjects(a.i))
  const families = [...inOrder.flatMap(({ grammar }) => grammar.families), ...misspelt(grammars)]
  const render = written.turn?.render ?? renderer(description, grammars, families)
  return defineFormat({
    id,
    aliases,
    models,
    wire: wireOf(render),
    modelPatterns: modelPatterns.map(modelPattern).filter((pattern) => pattern !== undefined),
    ...(promptOpensReasoning === undefined ? {} : { thinkingModels: promptOpensReasoning ? [/^/] : [] }),
    streams: written.streams,
    headers,
    stops,
    reasoning: reasoning.length === 0 ? undefined : { blocks: reasoning.map(({ written: _, ...block }) => block) },
    ...(frames === undefined ? {} : { frames }),
    ...(looks === undefined ? {} : { looks }),
    ...(codeTools === undefined ? {} : { codeTools }),
    ...(objects === undefined ? {} : { objects }),
    ...(written.turn?.channels === undefined ? {} : { channels: written.turn.channels }),
    ...(ids.makeId === undefined ? {} : { makeId: ids.makeId }),
    families,
    render,
  })
}

function describedCalls(calls: CallsDescription, context: Context): DescribedCalls {
  switch (calls.family) {
    case 'json-calls':
      return describedJsonCalls(calls, context)
    case 'bare-json':
      return describedBareJson(calls, context)
    case 'name-json':
      return describedNameJson(calls, context)
    case 'tagged':
      return describedTagged(calls, context)
    case 'pairs':
      return describedPairs(calls, context)
    case 'pythonic':
      return describedPythonic(calls)
    case 'delimited':
      return describedDelimited(calls)
    case 'tree':
      return describedTree(calls, context)
    case 'channels':
      return describedChannels(calls, context)
  }
}

/** The markers of all grammars, where they are misspelt: the last of the families, so that any marker is read first. */
function misspelt(grammars: readonly DescribedCalls[]): Family[] {
  const markers = grammars.flatMap(({ misspelt }) => (misspelt === undefined ? [] : [misspelt]))
  if (markers.length === 0) return []
  const all = (pick: (one: (typeof markers)[number]) => readonly string[] | undefined) => [
    ...new Set(markers.flatMap((one) => pick(one) ?? [])),
  ]
  return [
    misspeltMarkers({
      around: all(({ around }) => around),
      open: all(({ open }) => open),
      close: all(({ close }) => close),
    }),
  ]
}

/** Writes reasoning, content and calls, one behind the other. */
function renderer(
  { reasoning: [thought] = [], frames = [], headers = [], stops = [], ...description }: FormatDescription,
  grammars: readonly DescribedCalls[],
  families: readonly Family[],
): Format['render'] {
  const [written] = grammars as [DescribedCalls]
  const blocks = [...(thought === undefined ? [] : [thought]), ...frames]
  const markers = [
    ...new Set([
      ...markersOf(families),
      ...blocks.flatMap(({ open, close }) => [open, close]),
      ...headers,
      ...stops,
      '```',
    ]),
  ]
  return ({ calls, content, reasoning, ...parts }) => {
    if (reasoning !== '' && thought === undefined)
      throw new RenderError(`the format ${description.id} has no reasoning`)
    const think = thought === undefined ? '' : plainThought(reasoning, thought.written ?? thought, markers)
    const text = plainText('content', content, markers)
    for (const { checkContent } of grammars) checkContent?.(text)
    return think + (calls.length === 0 ? text : written.write(text, calls, { calls, content, reasoning, ...parts }))
  }
}

/** What content cannot hold: it would be read, or left out. */
function markersOf(families: readonly Family[]): string[] {
  const all = families.flatMap(({ openers, strays = [], innerMarkers = [] }) => [
    ...openers.filter(({ bare }) => bare !== true).map(({ marker }) => marker),
    ...strays,
    ...innerMarkers,
  ])
  return all.filter((marker) => marker !== '')
}

const SAMPLE = { name: 'NAME', arguments: { KEY: 'VALUE' } }

/** A call on one line, for people. */
function wireOf(render: Format['render']): string {
  const text = render({ calls: [SAMPLE], content: '', reasoning: '', types: () => undefined, tool: () => undefined })
  return text.replace(/\s{0,8}\n\s{0,8}/g, '').trim()
}
