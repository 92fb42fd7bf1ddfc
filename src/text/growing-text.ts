/** Characters that are put together at once. */
const BLOCK = 2048

/**
 * Text that grows by small pieces. `+=` alone makes a tree with one node per piece; flattening it now and then costs as
 * little as `+=` and keeps about a fourteenth of the memory.
 */
export class GrowingText {
  private block = ''
  private blocks: string[] | undefined
  /** Characters in `blocks`. */
  private inBlocks = 0

  get length(): number {
    return this.inBlocks + this.block.length
  }

  add(piece: string): void {
    const block = this.block + piece
    this.block = block
    if (block.length >= BLOCK) this.endBlock(piece.length < BLOCK)
  }

  /** `isTree`: it is of many pieces, and not a long one with little before it, which would be copied for nothing. */
  private endBlock(isTree: boolean): void {
    // Reading a character is what makes the engine flatten the tree it built.
    if (isTree) this.block.charCodeAt(0)
    if (this.blocks === undefined) this.blocks = []
    this.blocks.push(this.block)
    this.inBlocks += this.block.length
    this.block = ''
  }

  /** Takes the last `count` characters back out, and returns them. Only the blocks that they stand in are looked at. */
  takeBack(count: number): string {
    const tail = this.tail(count)
    let left = this.length - count
    while (this.blocks !== undefined && left < this.inBlocks) {
      this.block = this.blocks.pop() as string
      this.inBlocks -= this.block.length
    }
    left -= this.inBlocks
    this.block = this.block.slice(0, left)
    // What is left of a long piece stays a block of its own: it would be copied with whatever is added next.
    if (left >= BLOCK) this.endBlock(false)
    return tail
  }

  /**
   * The last `count` characters. Only what they stand in is looked at, and the blocks stay as they are: one that is put
   * together again after each look is copied as often as somebody looks.
   */
  tail(count: number): string {
    let tail = this.block
    const blocks = this.blocks ?? []
    for (let i = blocks.length; tail.length < count && i > 0; ) {
      const block = blocks[--i] as string
      tail = block.slice(tail.length - count) + tail
    }
    return tail.slice(tail.length - count)
  }

  toString(): string {
    return this.tail(this.length)
  }
}
