import type { CallsDescription, FieldReason, IdsDescription, Spaces } from '../../described/format-description.js'
import type { Turn } from './probe.js'
import type { Talk } from './talk.js'

/** What one family makes of what a template wrote: its part of a description. */
export interface Shape {
  readonly calls: CallsDescription
  readonly ids?: IdsDescription | undefined
  /** What ends a turn with calls, beside what ends an answer. */
  readonly stops: readonly string[]
  /** By the path below `calls[0]`, or `''` for all of it. */
  readonly about: Readonly<Record<string, FieldReason>>
}

/** Tells whether the calls are of its family, and describes them. */
export type FindShape = (talk: Talk) => Shape | undefined

export const seen = (reason: string, confidence = 1): FieldReason => ({ reason, confidence })

/** White space as a field of a description: what is empty is left out, and the field if all of it is. */
export function spacesOf(spaces: Spaces): { spaces?: Spaces } {
  const written = Object.entries(spaces).filter(([, text]) => text !== '')
  return written.length === 0 ? {} : { spaces: Object.fromEntries(written) }
}

/** The id that a call of a turn was given, as a form; undefined if it is another. */
export function idsOf(id: string, { ids, said }: Turn, index: number): IdsDescription | undefined {
  if (id === ids[index] && /^[a-z0-9]{9}$/.test(id)) return { form: 'call{index}', length: 9 }
  const name = said.calls[index]?.name ?? ''
  const numbers = [index, index + 1].map(String)
  for (const number of numbers) {
    if (!id.endsWith(number)) continue
    const form = `${id.slice(0, -number.length)}{index}`.replace(name, '{name}')
    if (number === String(index)) return { form, missing: 'made' }
  }
  return undefined
}
