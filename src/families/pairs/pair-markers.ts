import { MarkerSet } from '../../text/matcher.js'
import type { TagSyntax } from '../../text/tag.js'
import { type PairSyntax, wordOf } from './pair-syntax.js'

export type MarkerKind = 'block' | 'block-end' | 'call' | 'call-end' | 'key' | 'value' | 'parameter-end'

/** What depends on the markers alone, for all readers of them. */
export interface SharedMarkers {
  readonly syntax: TagSyntax
  readonly markers: readonly (readonly [string, MarkerKind])[]
  /** What stands behind their brackets. */
  readonly initials: string
  /** The markers without a suffix. */
  readonly plain: MarkerSet<MarkerKind>
}

const shared = new WeakMap<PairSyntax, SharedMarkers>()

export function sharedMarkers(pairs: PairSyntax): SharedMarkers {
  const known = shared.get(pairs)
  if (known !== undefined) return known
  const { block, call, key, value } = pairs
  const markers: [string, MarkerKind][] = [
    [key[0], 'key'],
    [value[1], 'parameter-end'],
    [call[0], 'call'],
    [call[1], 'call-end'],
  ]
  // Where the key's closer opens the value, that may come once more.
  markers.push([value[0] === '' ? key[1] : value[0], 'value'])
  if (block !== undefined) markers.push([block[0], 'block'], [block[1], 'block-end'])
  const made: SharedMarkers = {
    syntax: {
      names: 'elements',
      blocks: block === undefined ? [] : [wordOf(block[0])],
      call: wordOf(call[0]),
      parameter: wordOf(value[1]),
      key: [wordOf(key[0]), wordOf(key[1])],
    },
    markers,
    initials: [...new Set(markers.map(([marker]) => marker.charAt(1)))].join(''),
    plain: new MarkerSet(markers),
  }
  shared.set(pairs, made)
  return made
}

export function markersWith(suffix: string, { markers, plain }: SharedMarkers): MarkerSet<MarkerKind> {
  return suffix === '' ? plain : new MarkerSet(markers.map(([marker, kind]) => [withSuffix(marker, suffix), kind]))
}

/** `<tool_call>` is `<tool_call:6124c78e>`. */
export function withSuffix(marker: string, suffix: string): string {
  return `${marker.slice(0, -1)}${suffix}>`
}
