/** Names that a misspelt one may mean, nearest first, at most five. */
export function nearNames(name: string, names: readonly string[]): string[] {
  const wanted = plain(name)
  const scored = names.map((other) => ({ other, distance: editDistance(wanted, plain(other)) }))
  const near = scored.filter(
    ({ other, distance }) => distance <= 2 || holds(plain(other), wanted) || holds(wanted, plain(other)),
  )
  return near
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 5)
    .map(({ other }) => other)
}

function holds(text: string, part: string): boolean {
  return part.length > 2 && text.includes(part)
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 3 || a.length > 60) return 99
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}
