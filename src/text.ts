/**
 * Text that grows by small pieces. `+=` alone makes a tree with one node per piece; flattening it now and then costs as
 * little as `+=` and keeps about a fourteenth of the memory.
 */
export class GrowingText {
  private block = ''
  private pieces = 0
  private readonly blocks: string[] = []
  length = 0

  add(piece: string): void {
    this.block += piece
    this.length += piece.length
    if (++this.pieces === 256) {
      // Reading a character is what makes the engine flatten the tree it built.
      this.block.charCodeAt(0)
      this.blocks.push(this.block)
      this.block = ''
      this.pieces = 0
    }
  }

  /** Takes the last `count` characters back out, and returns them. Only the blocks that they stand in are looked at. */
  takeBack(count: number): string {
    const tail = this.tail(count)
    this.block = this.block.slice(0, this.block.length - count)
    this.length -= count
    return tail
  }

  /** The last `count` characters. Only the blocks that they stand in are looked at. */
  tail(count: number): string {
    while (this.block.length < count && this.blocks.length > 0) this.block = this.blocks.pop() + this.block
    return this.block.slice(this.block.length - count)
  }

  toString(): string {
    return this.tail(this.length)
  }
}
