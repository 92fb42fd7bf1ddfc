import type { PairsDescription } from '../../described/format-description.js'
import { type Piece, piecesOf, spaceBefore } from './pieces.js'
import { NAME, OTHER_NAME, TEXT, VALUE } from './sentinels.js'
import { type FindShape, type Shape, seen, spacesOf } from './shape.js'
import { stopBehind } from './split.js'

/** Calls whose name, keys and values each stand between markers. */
export const pairsShape: FindShape = (talk) => {
  const one = talk.calls('one call')
  if (one === undefined) return undefined
  const { text } = one
  const pieces = piecesOf(text)
  const find = (word: string) => pieces.findIndex((piece) => !piece.isMarker && piece.text.trim() === word)
  const [name, key, value] = [find(NAME), find(TEXT), find(VALUE)]
  const at = (index: number): Piece | undefined => (pieces[index]?.isMarker === true ? pieces[index] : undefined)
  if (name < 1 || key - name < 2 || key - name > 3 || value - key < 2 || value - key > 3) return undefined
  const [open, keyOpen, keyClose, valueOpen] = [
    at(name - 1),
    at(key - 1),
    at(key + 1),
    value - key === 3 ? at(key + 2) : undefined,
  ]
  const [valueClose, close] = [at(value + 1), at(value + 2)]
  if (!open || !keyOpen || !keyClose || !valueClose || !close) return undefined
  const nameEnd = key - name === 3 ? at(name + 1) : undefined
  const two = talk.calls('two calls')?.text
  const again = two?.slice(
    two.indexOf(close.text) + close.text.length,
    two.lastIndexOf(open.text, two.indexOf(OTHER_NAME)),
  )
  const [outer, end] = [at(name - 2), at(value + 3)]
  const isBlock = outer !== undefined && end !== undefined && again?.trim() === '' && !talk.stops.includes(end.text)
  const valueText = text.slice((valueOpen ?? keyClose).to, valueClose.from)
  const isTrimmed = valueText.startsWith('\n') && valueText.endsWith('\n')
  const layout = text.slice(name === 0 ? 0 : open.to, keyOpen.from).includes('\n')
    ? 'lines'
    : text.slice(valueClose.to, close.from).includes('\n')
      ? 'closer'
      : 'packed'
  const spaces = {
    before: spaceBefore(text.slice(0, (isBlock ? outer : open).from)),
    inBlock: isBlock ? text.slice(outer.to, open.from) : '',
    between: again?.trim() === '' ? again : '',
  }
  const calls: PairsDescription = {
    family: 'pairs',
    ...(isBlock ? { block: { open: outer.text, close: end.text } } : {}),
    call: { open: open.text, close: close.text },
    ...(nameEnd === undefined ? {} : { nameEnd: nameEnd.text }),
    key: { open: keyOpen.text, close: keyClose.text },
    value: { open: valueOpen?.text ?? '', close: valueClose.text },
    ...(valueOpen !== undefined && text.slice(keyClose.to, valueOpen.from).includes('\n')
      ? { valueOnNextLine: true }
      : {}),
    ...(isTrimmed ? { trim: 'newline' } : {}),
    layout,
    ...spacesOf(spaces),
  }
  return {
    calls,
    stops: stopBehind(text.slice(close.to), '', isBlock, talk.stops),
    about: {
      '': seen('name, keys and values each stand between markers'),
      call: seen('stands around the name and its pairs'),
      key: seen('stands around a key'),
      value: seen('stands around a value'),
      layout: seen('where the template writes line breaks', 0.9),
      ...(isBlock ? { block: seen('stands once, around two calls') } : {}),
    },
  } satisfies Shape
}
