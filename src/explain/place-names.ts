import { placesIn } from './json-place.js'

/** Says an offset the way people do: `line 3, column 12`. */
export type PlaceName = (offset: number) => string

/**
 * Makes a function that says the offsets of a text in words.
 * @example placeNames('a\nbc')(3) // 'line 2, column 2'
 */
export function placeNames(text: string): PlaceName {
  let place: ReturnType<typeof placesIn> | undefined
  return (offset) => {
    place ??= placesIn(text)
    const { line, column } = place(offset)
    return `line ${line}, column ${column}`
  }
}

/** Messages name the place where reading stopped by its offset, since a parser does not keep the lines before it. */
const OFFSET = /\bat (\d{1,15}): (?=expected )/

/** A message with line and column instead of an offset. */
export function inPlaces(message: string, place: PlaceName): string {
  return message.replace(OFFSET, (_, offset: string) => `at ${place(Number(offset))}: `)
}

/**
 * A message with exactly one place: the one that it names itself, or else the place of its note.
 * @example withPlace('it opens nothing: at 16: expected `{`', 4, place) // 'it opens nothing: expected `{` (line 1, column 17)'
 */
export function withPlace(message: string, from: number, place: PlaceName): string {
  const found = OFFSET.exec(message)
  const at = found === null ? from : Number(found[1])
  return `${message.replace(OFFSET, '').trim()} (${place(at)})`
}

/** The offset that a message names. */
export function offsetIn(message: string): number | undefined {
  const found = OFFSET.exec(message)
  return found === null ? undefined : Number(found[1])
}
