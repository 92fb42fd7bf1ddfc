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
