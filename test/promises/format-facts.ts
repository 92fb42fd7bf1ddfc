import { blocksOf } from '../../src/engine/reasoning-blocks.js'
import { type Format, formats, RenderError, type RenderOptions, render } from '../../src/index.js'

/** Calls as `render` takes them. */
export type Call = Parameters<typeof render>[0][number]

/** Every marker of a format that is no ordinary text: what opens, strays, stops and surrounds reasoning. */
export function markersOf(format: Format): string[] {
  const families = format.families.flatMap((family) => [
    ...family.openers.filter((opener) => opener.bare !== true).map((opener) => opener.marker),
    ...(family.strays ?? []),
  ])
  const blocks = blocksOf(format).flatMap((block) => [block.open, block.close])
  const markers = [...families, ...format.stops, ...blocks, ...framesOf(format)]
  return [...new Set(markers)].filter((marker) => marker !== '')
}

export function reasoningMarkersOf(format: Format): string[] {
  const blocks = blocksOf(format).flatMap((block) => [block.open, block.close])
  return [...blocks, ...framesOf(format), ...headerPiecesOf(format)]
}

function framesOf({ frames = [] }: Format): string[] {
  return frames.flatMap(({ open, close }) => [open, close])
}

/** What the headers of messages are made of, where reasoning and content stand in messages. */
export function headerPiecesOf({ channels }: Format): string[] {
  if (channels === undefined) return []
  const { start, role, channel, recipient, type, types, message, kinds = {}, ends, of } = channels
  const pieces = [
    start,
    channel,
    type,
    message,
    ...ends,
    role,
    recipient,
    ...types,
    ...Object.keys(kinds),
    ...Object.keys(of),
  ]
  return pieces.filter((piece) => piece !== undefined && piece !== '') as string[]
}

/** What may open a call, bare openers such as `{` included. */
export function openersOf(format: Format): string[] {
  const markers = openersIn(format).map((opener) => opener.marker)
  return [...new Set(markers)].filter((marker) => marker !== '')
}

/** Calls may begin with any text whatever, as a name: their openers are empty. */
export function opensWithoutMarker(format: Format): boolean {
  return openersIn(format).some((opener) => opener.marker === '')
}

/** Those that open something by themselves. */
function openersIn({ families }: Format) {
  return families.flatMap(({ openers }) => openers).filter(({ prefix }) => prefix !== true)
}

/** The native text of calls, or undefined for what the format cannot express. Any other error comes through. */
export function renderOf(
  format: Format,
  calls: readonly Call[],
  parts: Partial<RenderOptions> = {},
): string | undefined {
  try {
    return render(calls, { ...parts, format })
  } catch (error) {
    if (error instanceof RenderError) return undefined
    throw error
  }
}

const SAMPLE = [
  { name: 'zq_one', arguments: { zqkey: 'zqvalue', zqother: 'zqlast' } },
  { name: 'zq_two', arguments: {} },
]

/** What the format writes around names, keys and values, and the tags that these pieces are made of. */
export function piecesOf(format: Format): string[] {
  const sample = renderOf(format, SAMPLE) ?? ''
  const around = sample.split(/zq[_a-z]+/)
  const tags = around.flatMap((piece) => piece.match(/<[^<>\s]+(?:(?<=｜) \w+)?>?|\[\/?[A-Z_]+\]|✿[A-Z]+✿/g) ?? [])
  const closers = markersOf(format)
    .flatMap((marker) => /^<(\w+)[>=]$/.exec(marker)?.slice(1) ?? [])
    .map((name) => `</${name}>`)
  const pieces = [
    ...markersOf(format),
    ...closers,
    ...format.headers,
    ...headerPiecesOf(format),
    ...around,
    ...around.map((piece) => piece.trim()),
    ...tags,
  ]
  return [...new Set(pieces)].filter((piece) => piece !== '')
}

/** The format's arguments are JSON on the wire. */
export function isJsonNative(format: Format): boolean {
  const text = renderOf(format, [{ name: 'zq_one', arguments: { zqkey: [1, { zqinner: null }] } }])
  return text?.replace(/\s/g, '').includes('{"zqkey":[1,{"zqinner":null}]}') === true
}

/** The format writes its arguments as a map with bare keys, which is no JSON. */
export function writesBareKeys(format: Format): boolean {
  return renderOf(format, SAMPLE)?.includes('{zqkey:') === true
}

/** The format writes objects as markup, and not as JSON. */
export function writesTrees(format: Format): boolean {
  const properties = { zqouter: { type: 'object', properties: { zqinner: { type: 'string' } } } }
  const tools = [{ name: 'zq_one', inputSchema: { type: 'object', properties } }]
  const text = renderOf(format, [{ name: 'zq_one', arguments: { zqouter: { zqinner: 'zqvalue' } } }], { tools })
  return text !== undefined && isTypeless(format) && !/\{\s*"zqinner"/.test(text)
}

/** The format writes a string as it is, without quotes: only a schema can tell `"1"` from `1`. */
export function isTypeless(format: Format): boolean {
  const text = renderOf(format, SAMPLE)
  return text !== undefined && !/(?:["'`](?:\|>)?|<escape>)zqvalue/.test(text)
}

/** Every marker of every format: what must be inert in a string of any of them. */
export function allMarkers(): string[] {
  return [...new Set(formats().flatMap((format) => [...markersOf(format), ...piecesOf(format)]))]
}

/** Characters that the format's syntax is made of. */
export function alphabetOf(format: Format): string[] {
  return [...new Set([...piecesOf(format).join(''), ...'{}[]"\'\\<>|｜▁/:,;=()\n 1aN-'])]
}
