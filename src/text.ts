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
    while (this.block.length < count && this.blocks.length > 0) this.block = this.blocks.pop() + this.block
    const at = this.block.length - count
    const tail = this.block.slice(at)
    this.block = this.block.slice(0, at)
    this.length -= count
    return tail
  }

  /** The last `count` characters. Only the blocks that they stand in are looked at. */
  tail(count: number): string {
    let tail = this.block
    for (let i = this.blocks.length; tail.length < count && i > 0; ) tail = this.blocks[--i] + tail
    return tail.slice(tail.length - count)
  }

  toString(): string {
    if (this.blocks.length === 0) return this.block
    this.blocks.push(this.block)
    const text = this.blocks.join('')
    this.blocks.length = 0
    this.block = text
    this.pieces = 0
    return text
  }
}
