import type { Family, Format } from '../engine/format.js'
import { RenderError } from '../engine/format.js'

/** What a custom format has to define. Everything else has defaults. */
export type FormatDefinition = Pick<Format, 'id' | 'families'> & Partial<Format>

/** What the id of a format is, in words. */
export const FORMAT_ID = 'lower-case letters, digits, "." and "-" (and not "auto")'

export function isFormatId(id: unknown): boolean {
  return typeof id === 'string' && /^[a-z0-9][a-z0-9.-]{0,63}$/.test(id) && id !== 'auto'
}

/**
 * Makes a format from its grammar, with defaults for everything but its id and its families.
 *
 *     const mine = defineFormat({ id: 'mine', families: [jsonCalls({ open: ['<call>'], close: ['</call>'] })] })
 *     parse(text, { format: mine })
 *
 * @throws TypeError for an id or a grammar that cannot work
 */
export function defineFormat(definition: FormatDefinition): Format {
  const { id, families } = definition
  if (!isFormatId(id)) throw new TypeError(`defineFormat: id must be ${FORMAT_ID}, got ${JSON.stringify(id)}`)
  // A format without calls has reasoning at least.
  if (!Array.isArray(families) || (families.length === 0 && definition.reasoning === undefined)) {
    throw new TypeError(
      `defineFormat ${id}: families is empty. Give at least one, such as jsonCalls({ open: ['<call>'], close: ['</call>'] })`,
    )
  }
  for (const opener of families.flatMap((family: Family) => family.openers)) {
    if (typeof opener.marker !== 'string' || (opener.marker === '' && opener.bare !== true))
      throw new TypeError(`defineFormat ${id}: a marker must be a non-empty string`)
  }
  return {
    aliases: [],
    wire: families.flatMap((family: Family) => family.openers.map((opener) => opener.marker)).join(' '),
    models: '',
    modelPatterns: [],
    flags: {},
    streams: 'argument text as it comes',
    headers: [],
    stops: [],
    reasoning: undefined,
    render() {
      throw new RenderError(`the format ${id} has no render`)
    },
    ...definition,
  }
}
