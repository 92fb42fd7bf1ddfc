import type { RenderCall } from '../engine/format.js'
import type { IdsDescription } from './format-description.js'

/** What a description says of ids, to be used. */
export interface DescribedIds {
  /** Makes ids for calls that come without; undefined where that takes more than their number. */
  readonly makeId: ((index: number) => string) | undefined
  /** The id that is written for a call; undefined for none. */
  readonly written: (call: RenderCall, index: number) => string | undefined
}

const NO_IDS: DescribedIds = { makeId: undefined, written: () => undefined }

export function describedIds(ids: IdsDescription | undefined): DescribedIds {
  if (ids === undefined) return NO_IDS
  const { form, length, missing = 'left out' } = ids
  const make = (index: number, name: string) => {
    const number = index.toString(length === undefined ? 10 : 36)
    const others = form.replace('{index}', '').length
    return formText(form, name, length === undefined ? number : number.padStart(length - others, '0'))
  }
  const fits = (id: string, name: string) =>
    length === undefined ? isOfForm(id, form, name) : id.length === length && isAlphanumeric(id)
  return {
    makeId: form.includes('{name}') ? undefined : (index) => make(index, ''),
    written({ id, name }, index) {
      if (id !== undefined && fits(id, name)) return id
      return missing === 'made' ? make(index, name) : undefined
    },
  }
}

/** A form with its places filled: `functions.{name}:{index}`. */
export function formText(form: string, name: string, index: string): string {
  return form.replace('{index}', index).replace('{name}', () => name)
}

/** Is this what the form gives for a tool and some number? */
export function isOfForm(text: string, form: string, name: string): boolean {
  const [before = '', after] = form.replace('{name}', () => name).split('{index}')
  if (after === undefined) return text === before
  const number = text.slice(before.length, text.length - after.length)
  return text === before + number + after && isDigits(number)
}

export function isDigits(text: string): boolean {
  return /^\d{1,9}$/.test(text)
}

function isAlphanumeric(text: string): boolean {
  return !/[^a-zA-Z0-9]/.test(text)
}
