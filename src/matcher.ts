interface Node<T> {
  readonly next: Map<number, Node<T>>
  value: T | undefined
}

/** Below this many characters a loop beats `indexOf`, which has a fixed cost of its own. */
const SHORT = 24

/**
 * A set of markers, as data. Finds the earliest one (the longest, where several begin there), and says how much of the
 * text is safe: a suffix that may still become a marker is held back, and nothing else.
 */
export class Matcher<T> {
  private readonly root: Node<T> = { next: new Map(), value: undefined }
  private readonly ascii = new Uint8Array(128)
  private wide = false
  private first: string | undefined
  /** What the last `find` or `at` matched. */
  hit: T | undefined
  /** Index behind the match. */
  end = 0

  constructor(markers: Iterable<readonly [string, T]>) {
    for (const [marker, value] of markers) this.add(marker, value)
    const firsts = [...this.root.next.keys()]
    for (const code of firsts) {
      if (code < 128) this.ascii[code] = 1
      else this.wide = true
    }
    if (firsts.length === 1) this.first = String.fromCharCode(firsts[0] as number)
  }

  private add(marker: string, value: T): void {
    let node = this.root
    for (let i = 0; i < marker.length; i++) {
      const code = marker.charCodeAt(i)
      let next = node.next.get(code)
      if (next === undefined) node.next.set(code, (next = { next: new Map(), value: undefined }))
      node = next
    }
    node.value ??= value
  }

  /**
   * Index of the earliest marker at or behind `from` (`hit` and `end` say which), or of the suffix to hold back, or the
   * length of the text (`hit` is undefined in both).
   */
  find(text: string, from: number, ended: boolean): number {
    const n = text.length
    for (let i = this.candidate(text, from, n); i < n; i = this.candidate(text, i + 1, n)) {
      if (this.at(text, i, ended)) return i
    }
    this.hit = undefined
    return n
  }

  /** Does a marker stand at `i`, or the beginning of one that the end of the text cuts (`hit` is undefined then)? */
  at(text: string, i: number, ended: boolean): boolean {
    this.hit = undefined
    let node: Node<T> | undefined = this.root
    for (let j = i; ; j++) {
      if (j === text.length) {
        if (ended || node.next.size === 0) return this.hit !== undefined
        this.hit = undefined
        return true
      }
      node = node.next.get(text.charCodeAt(j))
      if (node === undefined) return this.hit !== undefined
      if (node.value !== undefined) {
        this.hit = node.value
        this.end = j + 1
      }
    }
  }

  private candidate(text: string, from: number, n: number): number {
    if (this.first !== undefined && n - from > SHORT) {
      const i = text.indexOf(this.first, from)
      return i < 0 ? n : i
    }
    const { ascii, wide } = this
    for (let i = from; i < n; i++) {
      const code = text.charCodeAt(i)
      if (code < 128 ? ascii[code] === 1 : wide && this.root.next.has(code)) return i
    }
    return n
  }
}
