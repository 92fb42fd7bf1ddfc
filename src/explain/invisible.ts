/**
 * Characters that are invisible or change the direction of writing: control characters (line breaks and tabs too), marks
 * without width, tags, halves of surrogate pairs. Joiners and variation selectors count where they do not change the letters
 * or the emoji before them: that is how names are made to look alike.
 */
export const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is searched for
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: so are these
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]|(?<![\p{Emoji}\p{S}\p{sc=Han}])[\ufe00-\ufe0f]|(?<![\p{ExtPict}\p{EMod}\ufe0f\p{sc=Arab}\p{sc=Syrc}\p{sc=Deva}\p{sc=Beng}\p{sc=Gujr}\p{sc=Guru}\p{sc=Knda}\p{sc=Mlym}\p{sc=Orya}\p{sc=Sinh}\p{sc=Taml}\p{sc=Telu}\p{sc=Khmr}\p{sc=Mong}])[\u200c\u200d]/gu

const NAMES: ReadonlyMap<number, string> = new Map([
  ...['NUL', 'SOH', 'STX', 'ETX', 'EOT', 'ENQ', 'ACK', 'BEL', 'BS', 'TAB', 'LF', 'VT', 'FF', 'CR'].entries(),
  [0x1b, 'ESC'],
  [0x7f, 'DEL'],
  [0xad, 'SHY'],
  [0x61c, 'ALM'],
  [0x200b, 'ZWSP'],
  [0x200c, 'ZWNJ'],
  [0x200d, 'ZWJ'],
  [0x200e, 'LRM'],
  [0x200f, 'RLM'],
  ...(['LRE', 'RLE', 'PDF', 'LRO', 'RLO'] as const).map((name, i): [number, string] => [0x202a + i, name]),
  [0x2060, 'WJ'],
  ...(['LRI', 'RLI', 'FSI', 'PDI'] as const).map((name, i): [number, string] => [0x2066 + i, name]),
  [0xfeff, 'BOM'],
])

/**
 * What to show instead of an invisible character: its abbreviation in Unicode, or its number.
 * @example nameOfInvisible('\u202e') // 'RLO'
 */
export function nameOfInvisible(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return NAMES.get(code) ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}
