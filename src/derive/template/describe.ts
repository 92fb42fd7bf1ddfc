import type { FieldReason, FormatDescription } from '../../described/format-description.js'
import { jsonShape } from './json-shape.js'
import { nameJsonShape, tagAroundJsonShape } from './name-json-shape.js'
import { pairsShape } from './pairs-shape.js'
import { delimitedShape, pythonicShape } from './python-shape.js'
import { type FindShape, type Shape, seen } from './shape.js'
import { taggedShape, treeShape } from './tagged-shape.js'
import type { Talk } from './talk.js'

/** All families, the more particular ones first. */
const SHAPES: readonly FindShape[] = [
  jsonShape,
  tagAroundJsonShape,
  nameJsonShape,
  pairsShape,
  treeShape,
  taggedShape,
  delimitedShape,
  pythonicShape,
]

/** Descriptions of what a template writes, one of each family that it may be of. */
export function describeTalk(talk: Talk, id: string, source: string): FormatDescription[] {
  return SHAPES.flatMap((find) => {
    const shape = find(talk)
    return shape === undefined ? [] : [describe(shape, talk, id, source)]
  })
}

function describe({ calls, ids, stops, about }: Shape, talk: Talk, id: string, source: string): FormatDescription {
  const { reasoning, promptOpensReasoning, frame, headers } = talk
  const ends = [...new Set([...talk.stops, ...stops])].filter((stop) => stop.trim() !== '')
  const reasons: Record<string, FieldReason> = {}
  for (const [path, reason] of Object.entries(about)) reasons[path === '' ? 'calls[0]' : `calls[0].${path}`] = reason
  if (ends.length > 0) reasons.stops = seen('stands behind an answer, or behind calls', talk.stops.length > 0 ? 1 : 0.7)
  if (headers.length > 0) reasons.headers = seen('stands at the end of the prompt')
  if (reasoning !== undefined)
    reasons.reasoning =
      reasoning.written === undefined
        ? seen('the prompt opens it, and the source of the template holds its closer', 0.8)
        : seen('stands around a thought')
  if (promptOpensReasoning !== undefined)
    reasons.promptOpensReasoning = seen('the same with thinking on, off and not set')
  if (ids !== undefined) reasons.ids = seen('an id that was given came back, or another of its form', 0.9)
  return {
    version: 1,
    id,
    source,
    ...(headers.length === 0 ? {} : { headers }),
    ...(ends.length === 0 ? {} : { stops: ends }),
    ...(reasoning === undefined ? {} : { reasoning: [reasoning] }),
    ...(promptOpensReasoning === undefined ? {} : { promptOpensReasoning }),
    ...(frame === undefined ? {} : { frames: [frame] }),
    calls: [calls],
    ...(ids === undefined ? {} : { ids }),
    about: reasons,
  }
}
