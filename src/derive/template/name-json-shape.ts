import type {
  HeadFieldDescription,
  NameJsonDescription,
  TaggedDescription,
} from '../../described/format-description.js'
import { jsonAround, type Piece, piecesOf, spaceBefore, spaceBehind } from './pieces.js'
import type { Turn } from './probe.js'
import { NAME, OTHER_NAME, OTHER_VALUE, VALUE } from './sentinels.js'
import { type FindShape, idsOf, type Shape, seen, spacesOf } from './shape.js'
import { splitMarkers, stopBehind } from './split.js'

const FENCE = /```([a-z]{0,10})\s{0,4}$/

/** Calls whose arguments are a JSON object behind the name. */
export const nameJsonShape: FindShape = (talk) => {
  const one = talk.calls('one call')
  const cut = one && cutOf(one.text, NAME, VALUE)
  if (one === undefined || cut === undefined) return undefined
  const two = talk.calls('two calls')
  const first = two && cutOf(two.text, NAME, VALUE)
  const second = two && cutOf(two.text, OTHER_NAME, OTHER_VALUE, first?.to)
  const around = { before: one.text.slice(0, cut.from), behind: one.text.slice(cut.to) }
  const between = first && second && { ...around, between: two.text.slice(first.to, second.from) }
  const split = splitMarkers(around, between, talk.stops, false)
  const { about, spaces } = split
  const head = headOf(cut, one)
  // Without a second call, or where nothing comes again, what opens is of each call.
  const call = split.call ?? split.block ?? { open: '', close: '' }
  const block = split.call === undefined ? undefined : split.block
  const calls: NameJsonDescription = {
    family: 'name-json',
    ...(block === undefined ? {} : { block }),
    call,
    head: head.fields,
    argumentsAfter: head.argumentsAfter,
    ...(cut.fence === undefined ? {} : { fence: cut.fence }),
    ...spacesOf(spaces),
  }
  return {
    calls,
    ids: head.ids,
    stops: split.stops,
    about: {
      ...about,
      '': seen('the name stands before a JSON object that holds the arguments'),
      head: seen('what stands between the marker of the call and its arguments'),
      argumentsAfter: seen('stands right before the arguments'),
    },
  } satisfies Shape
}

/** `<function=NAME>{…}</function>`: a tag that holds the name, around a JSON object. */
export const tagAroundJsonShape: FindShape = (talk) => {
  const one = talk.calls('one call')
  const json = one && jsonAround(one.text, one.text.indexOf(VALUE))
  if (one === undefined || json === undefined) return undefined
  const opener = piecesOf(one.text.slice(0, json.from)).at(-1)
  if (opener === undefined || !opener.isMarker || !opener.text.includes(NAME)) return undefined
  const [closer] = piecesOf(one.text.slice(json.to))
  if (closer === undefined || !closer.isMarker) return undefined
  const outer = piecesOf(one.text.slice(0, opener.from)).at(-1)
  const end = piecesOf(one.text.slice(json.to))[1]
  const block = outer?.isMarker === true && end !== undefined ? { open: outer.text, close: end.text } : undefined
  const calls: TaggedDescription = {
    family: 'tagged',
    ...(block === undefined ? {} : { block }),
    call: { open: opener.text.replace(NAME, '{name}'), close: closer.text },
  }
  const about = {
    '': seen('a tag with the name stands around a JSON object'),
    call: seen('holds the name of the tool'),
  }
  return { calls, stops: stopBehind(one.text.slice(json.to), closer.text, block !== undefined, talk.stops), about }
}

interface Cut {
  /** Where the header begins, behind the marker of the call. */
  readonly from: number
  /** Behind the arguments and their fence. */
  readonly to: number
  readonly header: string
  readonly fence: string | undefined
}

/** Cuts the call of this name and value out, which begins behind `start`. The header reaches back over fields and the markers between. */
function cutOf(text: string, name: string, value: string, start = 0): Cut | undefined {
  const json = jsonAround(text, text.indexOf(value))
  if (json === undefined || text.slice(json.from, json.to).includes(name)) return undefined
  const before = text.slice(0, json.from)
  const at = before.lastIndexOf(name)
  if (at < 0) return undefined
  const pieces = piecesOf(before).filter((piece) => piece.from >= start)
  const isIn = (piece: Piece) => piece.from <= at && at < piece.to
  let index = pieces.findIndex(isIn)
  if (index < 0 || pieces[index]?.isMarker === true) return undefined
  // Fields before the name: text, a marker, the name.
  while (index >= 2 && pieces[index - 1]?.isMarker === true && pieces[index - 2]?.isMarker === false) index -= 2
  const from = (pieces[index] as Piece).from + spaceBefore((pieces[index] as Piece).text).length
  const [marks, fence] = FENCE.exec(before) ?? []
  const header = before.slice(from, marks === undefined ? before.length : before.length - marks.length)
  const close = fence === undefined ? 0 : text.indexOf('```', json.to) + 3
  return { from, to: fence === undefined || close < 3 ? json.to : close, header, fence }
}

/** The fields of a header, and what stands before the arguments. */
function headOf({ header }: Cut, turn: Turn) {
  const fields: HeadFieldDescription[] = []
  let after = ''
  let ids: ReturnType<typeof idsOf>
  for (const { isMarker, text } of piecesOf(header)) {
    const field = text.trim()
    if (isMarker) {
      after += field
      continue
    }
    const separator = after === '' ? {} : { after }
    if (field.includes(NAME)) {
      const written = field.replace(NAME, '{name}').replace(/0$/, '{index}')
      fields.push({ is: 'name', ...separator, ...(written === '{name}' ? {} : { written }) })
      if (written.includes('{index}')) ids = { form: written, missing: 'made' }
    } else if (turn.ids.includes(field)) {
      fields.push({ is: 'id', ...separator, optional: true })
      ids = idsOf(field, turn, 0)
    } else fields.push({ is: 'type', ...separator, written: field })
    after = ''
  }
  // Without a marker it is the end of the line.
  const end = after === '' && /\n\s{0,8}$/.test(header) ? '\n' : after
  return { fields, argumentsAfter: end === '' && spaceBehind(header) !== '' ? spaceBehind(header) : end, ids }
}
