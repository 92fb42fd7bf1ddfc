/**
 * Pieces are joined until they make this many characters. Fewer would cost more time, and each piece takes 32 bytes until then:
 * with 2,048 a parser in the middle of prose took 11 KB, most of it for a thousand characters in tokens.
 */
const BLOCK = 512

/**
 * Text that grows by small pieces. `+=` alone builds a tree with one node per piece in the JavaScript engine.
 * Flattening it now and then costs no more time and takes about a fourteenth of the memory.
 */
export class GrowingText {
  private block = ''
  private blocks: string[] | undefined
  /** Characters in `blocks`. */
  private inBlocks = 0

  get length(): number {
    return this.inBlocks + this.block.length
  }

  /** Begins anew, with nothing. */
  clear(): void {
    this.block = ''
    this.blocks = undefined
    this.inBlocks = 0
  }

  add(piece: string): void {
    const block = this.block + piece
    this.block = block
    if (block.length >= BLOCK) this.endBlock(piece.length < BLOCK)
  }

  /** `isTree`: the block has many pieces. One long piece with little before it would be copied for nothing. */
  private endBlock(isTree: boolean): void {
    // Reading a character makes the JavaScript engine flatten the tree.
    if (isTree) this.block.charCodeAt(0)
    if (this.blocks === undefined) this.blocks = []
    this.blocks.push(this.block)
    this.inBlocks += this.block.length
    this.block = ''
  }

  /** Removes the last `count` characters and returns them. Only the blocks that hold them are touched. */
  takeBack(count: number): string {
    const tail = this.tail(count)
    let left = this.length - count
    while (this.blocks !== undefined && left < this.inBlocks) {
      this.block = this.blocks.pop() as string
      this.inBlocks -= this.block.length
    }
    left -= this.inBlocks
    this.block = this.block.slice(0, left)
    // The rest of a long piece stays a block of its own, else it would be copied with the next piece.
    if (left >= BLOCK) this.endBlock(false)
    return tail
  }

  /**
   * The last `count` characters. Only the blocks that hold them are read, and they are not joined: joining them here
   * would copy them on every call.
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
