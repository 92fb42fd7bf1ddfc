/**
 * The numbers of several proxies as those of one: counters, histograms and gauges are sums.
 *
 * @param texts what `/metrics` says of each
 * @param gone the same of processes that have ended: what they counted counts, what they were doing does not
 * @example mergeMetrics(['# TYPE a counter\na 1\n', '# TYPE a counter\na 2\n']) // '# TYPE a counter\na 3\n'
 */
export function mergeMetrics(texts: readonly string[], gone: readonly string[] = []): string {
  const families = new Map<string, { heads: Set<string>; samples: Map<string, number> }>()
  for (const text of texts) add(text, false)
  for (const text of gone) add(text, true)
  const lines = [...families.values()].flatMap(({ heads, samples }) => [
    ...heads,
    ...[...samples].map(([key, value]) => `${key} ${value}`),
  ])
  return `${lines.join('\n')}\n`

  function add(text: string, hasEnded: boolean): void {
    let family: { heads: Set<string>; samples: Map<string, number> } | undefined
    let isGauge = false
    for (const line of text.split('\n')) {
      if (line.startsWith('# ')) {
        const [, , name = ''] = line.split(' ', 3)
        family = families.get(name) ?? { heads: new Set(), samples: new Map() }
        families.set(name, family)
        family.heads.add(line)
        isGauge = line === `# TYPE ${name} gauge`
        continue
      }
      const at = line.lastIndexOf(' ')
      // A gauge is a number of now.
      if (at < 0 || family === undefined || (hasEnded && isGauge)) continue
      const key = line.slice(0, at)
      family.samples.set(key, (family.samples.get(key) ?? 0) + Number(line.slice(at + 1)))
    }
  }
}
