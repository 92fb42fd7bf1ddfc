import { RenderError } from './format.js'

/** Text that may stand before calls: refused where it holds a marker, which would be read as one. */
export function plainText(what: string, text: string, markers: readonly string[]): string {
  const marker = markers.find((marker) => text.includes(marker))
  if (marker !== undefined) throw new RenderError(`the ${what} holds ${marker}, which would be read as a marker`)
  return text
}
