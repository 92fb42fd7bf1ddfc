import { type Cursor, WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import type { Tag } from '../../text/tag.js'
import type { NearTag, Tags } from '../../text/tags.js'
import { TagWait } from './tag-wait.js'

/** Looks at the tag at the cursor, once enough of it has come. Reads no more than white space. */
export class TagsAhead {
  /** Waits until the answer of `now` is not `WAIT`. */
  readonly wait: TagWait

  constructor(
    private readonly cursor: Cursor,
    private readonly tags: Tags,
  ) {
    this.wait = new TagWait(cursor, tags)
  }

  /** As `tag`, or `WAIT`. */
  now(): Tag | 'cut' | undefined | typeof WAIT {
    const tag = this.tags.at(this.cursor.window, this.cursor.at)
    return tag === WAIT && this.cursor.ended ? 'cut' : tag
  }

  /** The tag of a call behind the white space, where it has come as a whole: so it is nearly always. */
  call(): Tag | undefined {
    this.cursor.skipSpace()
    const tag = this.now()
    return typeof tag === 'object' && tag.kind === 'call' && !tag.broken ? tag : undefined
  }

  /** The tag at the cursor; `cut` if the text ends inside it, undefined if none stands there. */
  *tag(): Read<Tag | 'cut' | undefined> {
    if (!this.wait.scan()) yield this.wait
    const tag = this.tags.at(this.cursor.window, this.cursor.at)
    return tag === WAIT ? 'cut' : tag
  }

  /** The damaged tag at the cursor, if what stands there may be one. */
  *near(): Read<NearTag | undefined> {
    const { cursor } = this
    let near: NearTag | undefined | typeof WAIT
    while ((near = this.tags.near.at(cursor.window, cursor.at, cursor.ended)) === WAIT) yield
    return near
  }
}

/** Does another call begin here, or does the block close? */
export function isClosing(tag: Tag | 'cut' | undefined): boolean {
  return tag !== undefined && tag !== 'cut' && !tag.broken && (tag.kind === 'block-end' || tag.kind === 'call')
}
