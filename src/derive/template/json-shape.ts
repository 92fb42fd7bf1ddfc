import type { CallKeys, IdsDescription, JsonCallsDescription } from '../../described/format-description.js'
import { isObject } from '../../tools/is-object.js'
import { jsonAround } from './pieces.js'
import type { Turn } from './probe.js'
import { NAME, OTHER_VALUE, VALUE } from './sentinels.js'
import { type FindShape, idsOf, type Shape, seen, spacesOf } from './shape.js'
import { type Between, splitMarkers } from './split.js'

/** Calls that are JSON objects, with their names in them. */
export const jsonShape: FindShape = (talk) => {
  const one = talk.calls('one call')
  const span = one && jsonAround(one.text, one.text.indexOf(VALUE))
  if (one === undefined || span === undefined) return undefined
  const isList = Array.isArray(span.value)
  const found = keysOf(isList ? (span.value as unknown[])[0] : span.value, one)
  if (found === undefined) return undefined
  const two = talk.calls('two calls')
  const around = { before: one.text.slice(0, span.from), behind: one.text.slice(span.to) }
  const split = splitMarkers(around, two && betweenOf(two.text), talk.stops, isList)
  const about = {
    ...split.about,
    keys: seen('the keys of the object that holds the name and the arguments'),
    ...(isList ? { list: seen('the objects stand in brackets') } : {}),
  }
  const shared = { stops: split.stops, ids: found.ids, about }
  if (split.block === undefined && split.call === undefined) {
    const calls = { family: 'bare-json', where: 'text-start', withoutTools: 'text-start', keys: found.keys } as const
    const extras = { lists: isList || two !== undefined, ...(two === undefined ? {} : { separators: ';,' }) }
    const family = seen('a JSON object with the name of the tool, and no marker', 0.8)
    return { ...shared, calls: { ...calls, ...extras }, about: { keys: about.keys, '': family } }
  }
  const isFenced = [split.block, split.call].some((marks) => marks?.open.includes('```'))
  const calls: JsonCallsDescription = {
    family: 'json-calls',
    ...(split.block === undefined ? {} : { block: split.block }),
    ...(split.call === undefined ? {} : { call: split.call }),
    ...(isList ? { list: true } : {}),
    ...(Object.keys(found.keys).length === 0 ? {} : { keys: found.keys }),
    ...spacesOf(split.spaces),
    ...(isFenced || isWorded(split.block?.open ?? split.call?.open ?? '')
      ? { opensBefore: isList ? 'list or object' : 'objects' }
      : {}),
  }
  return {
    ...shared,
    calls,
    about: { ...about, '': seen('a JSON object holds the name and the arguments') },
  } satisfies Shape
}

/** Prose may hold it. */
const isWorded = (marker: string): boolean => !/[<[|✿]/.test(marker)

/** What stands between two objects; undefined in one list, where nothing but a comma does. */
function betweenOf(text: string): Between | undefined {
  const first = jsonAround(text, text.indexOf(VALUE))
  const second = jsonAround(text, text.indexOf(OTHER_VALUE))
  if (first === undefined || second === undefined || second.from < first.to) return undefined
  return {
    before: text.slice(0, first.from),
    between: text.slice(first.to, second.from),
    behind: text.slice(second.to),
  }
}

/** Which keys hold what. Keys that are the default ones are left out. */
function keysOf(element: unknown, turn: Turn): { keys: CallKeys; ids: IdsDescription | undefined } | undefined {
  if (!isObject(element)) return undefined
  const members = Object.entries(element)
  const [[onlyKey, only] = []] = members
  if (members.length === 1 && onlyKey === NAME && holdsValue(only)) return { keys: { nameIsKey: true }, ids: undefined }
  const nested = members.find(([, value]) => isObject(value) && Object.values(value).includes(NAME))
  const inner = nested === undefined ? members : Object.entries(nested[1] as object)
  const name = inner.find(([, value]) => value === NAME)
  const args = inner.find(([, value]) => holdsValue(value))
  if (name === undefined || args === undefined) return undefined
  const id = [...members, ...inner].find(
    ([key, value]) => /id$/i.test(key) && (typeof value === 'string' || typeof value === 'number'),
  )
  const ids = id === undefined ? undefined : idsOf(String(id[1]), turn, 0)
  return {
    ids,
    keys: {
      ...(name[0] === 'name' ? {} : { name: [name[0]] }),
      ...(args[0] === 'arguments' ? {} : { arguments: [args[0]] }),
      ...(id === undefined || id[0] === 'id' ? {} : { id: [id[0]] }),
      ...(nested === undefined ? {} : { nested: 'written' as const }),
      ...(typeof args[1] === 'string' ? { argumentsAre: 'string' as const } : {}),
    },
  }
}

function holdsValue(value: unknown): boolean {
  return typeof value === 'string'
    ? value.startsWith('{') && value.includes(VALUE)
    : isObject(value) && Object.values(value).includes(VALUE)
}
