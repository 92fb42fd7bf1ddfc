import type { FieldReason, Marks, Spaces } from '../../described/format-description.js'
import { commonEnd, commonStart, piecesOf, spaceBefore, spaceBehind } from './pieces.js'
import { seen } from './shape.js'

/** A turn with one call, cut at the call: what stands before it and behind it. */
export interface Around {
  readonly before: string
  readonly behind: string
}

/** The same of a turn with two calls: what stands between them. */
export interface Between extends Around {
  readonly between: string
}

/** The markers of all calls, and of each. */
export interface Split {
  readonly block: Marks | undefined
  readonly call: Marks | undefined
  readonly spaces: Spaces
  /** What ends a turn with calls, where that is not what ends an answer. */
  readonly stops: readonly string[]
  readonly about: Readonly<Record<string, FieldReason>>
}

/**
 * Tells the markers of each call from those of all calls: what comes again between two calls is of each. `stops` are known from
 * an answer. `isList`: both calls are one JSON list, whose markers are those of the block.
 */
export function splitMarkers(one: Around, two: Between | undefined, stops: readonly string[], isList: boolean): Split {
  const again = isList || two === undefined ? '' : two.between
  const openLength = isList || two === undefined ? 0 : commonEnd(one.before.trimEnd(), again.trimEnd())
  const callOpen = openLength === 0 ? '' : again.trimEnd().slice(-openLength)
  const start = again.trimEnd().slice(0, again.trimEnd().length - openLength)
  const closeLength = isList || two === undefined ? 0 : commonStart(one.behind.trimStart(), start.trimStart())
  const callClose = start.trimStart().slice(0, closeLength).trimEnd()
  const before = one.before.trimEnd()
  const rest = before.slice(0, before.length - openLength)
  const behind = one.behind.trimStart().slice(callClose.length)
  const lone = two === undefined && !isList
  const blockOpen = rest.trim()
  const { close, stop } = closersOf(behind, stops, blockOpen !== '')
  const outer = blockOpen === '' ? undefined : { open: blockOpen, close }
  const inner = callOpen.trim() === '' ? undefined : { open: callOpen.trim(), close: callClose }
  const between = start.trimStart().slice(closeLength)
  const spaces: Spaces = {
    before: spaceBefore(one.before),
    ...(isList || inner === undefined
      ? { inBlock: spaceBehind(one.before) }
      : { inCall: spaceBehind(one.before), inBlock: outer === undefined ? '' : spaceBehind(rest) }),
    ...(isList || two === undefined ? {} : { between: inner === undefined ? again : between }),
  }
  return {
    block: lone ? undefined : outer,
    call: lone ? outer : inner,
    spaces,
    stops: stop === undefined ? [] : [stop],
    about: {
      ...(outer === undefined || lone
        ? {}
        : { block: seen(isList ? 'stands around the list of calls' : 'stands once, around two calls') }),
      ...(inner === undefined ? {} : { call: seen('comes again for the second of two calls') }),
      ...(lone && outer !== undefined
        ? { call: seen('stands around the one call that the template writes in a turn', 0.7) }
        : {}),
    },
  }
}

/** What of the text behind the calls closes them, and what ends the turn. */
function closersOf(
  behind: string,
  stops: readonly string[],
  isOpen: boolean,
): { close: string; stop: string | undefined } {
  const at = stops.map((stop) => behind.indexOf(stop)).find((found) => found >= 0)
  const pieces = piecesOf(at === undefined ? behind : behind.slice(0, at))
  if (at !== undefined) return { close: isOpen ? behind.slice(0, at).trim() : '', stop: undefined }
  const [first, second] = pieces
  const isClose = (piece: { isMarker: boolean; text: string }) =>
    !piece.isMarker || /^[<[]\|?\/|end|close/i.test(piece.text)
  const close =
    isOpen && first !== undefined && (pieces.length > 1 || stops.length === 0 || isClose(first)) ? first : undefined
  const stop = close === undefined ? first : second
  return { close: close?.text.trim() ?? '', stop: stop?.isMarker === true ? stop.text : undefined }
}

/** A marker behind the last closer that ends no answer. */
export function stopBehind(behind: string, closer: string, isBlock: boolean, stops: readonly string[]): string[] {
  const rest = piecesOf(behind.slice(behind.indexOf(closer) + closer.length))
  const stop = rest[isBlock ? 1 : 0]
  return stop === undefined || !stop.isMarker || stops.includes(stop.text) ? [] : [stop.text]
}
