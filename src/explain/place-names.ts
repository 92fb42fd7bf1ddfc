import { placesIn } from './json-place.js'

/** An offset as people count it. */
export type PlaceName = (offset: number) => string

/**
 * Tells the places of a text in words.
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

/** Messages name the place where reading stopped by its offset, since a parser does not keep the text. */
const OFFSET = /\bat (\d{1,15}): (?=expected )/

/** A message whose place is told in line and column. */
export function inPlaces(message: string, place: PlaceName): string {
  return message.replace(OFFSET, (_, offset: string) => `at ${place(Number(offset))}: `)
}

/**
 * A message with one place: the one that it names itself, or where the note stands.
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
