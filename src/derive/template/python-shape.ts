import type { DelimitedDescription, PythonicDescription } from '../../described/format-description.js'
import { piecesOf, spaceBefore } from './pieces.js'
import { NAME, TEXT, VALUE } from './sentinels.js'
import { type FindShape, type Shape, seen, spacesOf } from './shape.js'
import { stopBehind } from './split.js'

/** Calls as Python writes them: `name(key='value')`. */
export const pythonicShape: FindShape = (talk) => {
  const text = talk.calls('one call')?.text
  const match = text?.match(
    new RegExp(`${NAME}\\s{0,2}\\(\\s{0,4}${TEXT}\\s{0,2}=\\s{0,2}(['"])${VALUE}\\1\\s{0,4}\\)`),
  )
  if (text === undefined || match?.index === undefined) return undefined
  const from = match.index
  const to = from + match[0].length
  const inBrackets = text.slice(0, from).trimEnd().endsWith('[') && text.slice(to).trimStart().startsWith(']')
  const start = inBrackets ? text.lastIndexOf('[', from) : from
  const end = inBrackets ? text.indexOf(']', to) + 1 : to
  const open = text.slice(0, start).trim()
  const behind = text.slice(end)
  const [closer] = piecesOf(open === '' ? '' : behind)
  const close =
    closer === undefined || talk.stops.includes(closer.text) ? '' : (closer.text.trim().split('\n')[0] ?? '')
  const calls: PythonicDescription = {
    family: 'pythonic',
    ...(open === '' ? { bare: 'list-or-text' } : { block: { open, close } }),
    ...(inBrackets || open === '' ? {} : { form: 'lines', commit: 'arguments' }),
    ...spacesOf({ before: spaceBefore(text) }),
  }
  return {
    calls,
    stops: stopBehind(behind, close, false, talk.stops),
    about: {
      '': seen('the call of a Python function, with keywords'),
      ...(open === ''
        ? { bare: seen('no marker stands before the list') }
        : { block: seen('stands around the calls') }),
    },
  } satisfies Shape
}

/** Calls whose arguments are a map with bare keys: `call:name{key:<|"|>value<|"|>}`. */
export const delimitedShape: FindShape = (talk) => {
  const text = talk.calls('one call')?.text
  const at = text?.indexOf(`${NAME}{${TEXT}:`) ?? -1
  if (text === undefined || at < 0) return undefined
  const keyEnd = at + `${NAME}{${TEXT}:`.length
  const delimiter = text.slice(keyEnd, text.indexOf(VALUE))
  const brace = text.indexOf(VALUE) + VALUE.length + delimiter.length
  const opener = piecesOf(text.slice(0, at)).findLast(({ isMarker }) => isMarker)
  const [closer] = piecesOf(text.slice(brace + 1))
  if (delimiter === '' || text[brace] !== '}' || opener === undefined || closer?.isMarker !== true) return undefined
  const calls: DelimitedDescription = {
    family: 'delimited',
    call: { open: opener.text, close: closer.text },
    prefix: text.slice(opener.to, at).trimStart(),
    delimiter,
  }
  return {
    calls,
    stops: stopBehind(text.slice(brace + 1), closer.text, false, talk.stops),
    about: {
      '': seen('keys stand bare in braces behind the name'),
      prefix: seen('stands before the name'),
      delimiter: seen('stands at both ends of a text'),
    },
  } satisfies Shape
}
