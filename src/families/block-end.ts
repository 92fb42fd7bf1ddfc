import { type Cursor, WAIT } from '../cursor.js'

/** Where a damaged block is over: at `text`, of which so many characters still belong to it. */
export interface BlockEnd {
  readonly text: string
  readonly length: number
  readonly stop: boolean
}

/** Length of a tag like `</name>` that stands at the cursor; 0 for none, or `WAIT`. */
export function closeTagLength(cursor: Cursor): number {
  const tag = cursor.window.slice(cursor.at, cursor.at + 40)
  for (let i = 0; i < tag.length; i++) {
    const code = tag.charCodeAt(i)
    if (i < 2 ? code !== '</'.charCodeAt(i) : false) return 0
    if (i >= 2) {
      if (code === 0x3e) return i > 2 ? i + 1 : 0
      const letter = (code | 32) >= 0x61 && (code | 32) <= 0x7a
      if (!letter && code !== 0x5f && code !== 0x2d) return 0
    }
  }
  return tag.length === 40 || cursor.ended ? 0 : WAIT
}
