import { type FileHandle, open } from 'node:fs/promises'
import { UsageError } from '../verb.js'

/** Bytes of each value type of the format: uint8, int8, uint16, int16, uint32, int32, float32, bool, (8 string), (9 array), uint64, int64, float64. */
const SIZES = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8]
const STRING = 8
const ARRAY = 9
const READ_AHEAD = 1 << 16
const LONGEST_KEY = 1 << 16
const LONGEST_TEMPLATE = 1 << 24

/** The texts of a model file that say what it writes. */
export interface GgufFacts {
  name?: string
  template?: string
}

/**
 * Reads the name and the chat template of a GGUF file from its metadata, in place: nothing but the head of the file is read.
 * @throws UsageError for a file that is none, or is cut
 */
export async function readGguf(file: string): Promise<GgufFacts> {
  const handle = await open(file)
  try {
    const bytes = new Bytes(handle, file)
    if ((await bytes.take(4)).toString('latin1') !== 'GGUF') throw new UsageError(`${file} is not a GGUF file`)
    const version = await bytes.number(4)
    if (version < 2 || version > 3)
      throw new UsageError(`${file}: GGUF version ${version} is not supported (2 and 3 are)`)
    await bytes.number(8)
    const facts: GgufFacts = {}
    const pairs = await bytes.number(8)
    for (let i = 0; i < pairs && facts.template === undefined; i++) {
      const key = await bytes.string(LONGEST_KEY)
      const type = await bytes.number(4)
      if (key === 'general.name' && type === STRING) facts.name = await bytes.string(LONGEST_KEY)
      else if (key === 'tokenizer.chat_template' && type === STRING)
        facts.template = await bytes.string(LONGEST_TEMPLATE)
      else await bytes.skipValue(type)
    }
    return facts
  } finally {
    await handle.close()
  }
}

/** Reads a file forwards, a block at a time. */
class Bytes {
  private block = Buffer.alloc(0)
  private at = 0
  private offset = 0

  constructor(
    private readonly handle: FileHandle,
    private readonly file: string,
  ) {}

  async take(length: number): Promise<Buffer> {
    if (this.block.length - this.at < length) {
      const rest = this.block.subarray(this.at)
      const more = Buffer.alloc(Math.max(length - rest.length, READ_AHEAD))
      const { bytesRead } = await this.handle.read(more, 0, more.length, this.offset)
      this.offset += bytesRead
      this.block = Buffer.concat([rest, more.subarray(0, bytesRead)])
      this.at = 0
      if (this.block.length < length)
        throw new UsageError(`${this.file} ends inside its metadata: it was cut off, or is not a GGUF file`)
    }
    const taken = this.block.subarray(this.at, this.at + length)
    this.at += length
    return taken
  }

  async number(length: 4 | 8): Promise<number> {
    const bytes = await this.take(length)
    return length === 4 ? bytes.readUInt32LE() : Number(bytes.readBigUInt64LE())
  }

  async string(longest: number): Promise<string> {
    const length = await this.number(8)
    if (length > longest)
      throw new UsageError(`${this.file}: a text of ${length} bytes in the metadata; this is not a model file`)
    return (await this.take(length)).toString('utf8')
  }

  async skip(length: number): Promise<void> {
    const here = this.block.length - this.at
    if (length <= here) this.at += length
    else {
      this.offset += length - here
      this.block = Buffer.alloc(0)
      this.at = 0
    }
  }

  async skipValue(type: number): Promise<void> {
    if (type === STRING) return this.skip(await this.number(8))
    if (type !== ARRAY) return this.skip(this.sizeOf(type))
    const item = await this.number(4)
    const count = await this.number(8)
    if (item === STRING) for (let i = 0; i < count; i++) await this.skip(await this.number(8))
    else await this.skip(this.sizeOf(item) * count)
  }

  private sizeOf(type: number): number {
    const size = SIZES[type]
    if (!size) throw new UsageError(`${this.file}: a value of unknown type ${type} in the metadata`)
    return size
  }
}
