/** Numbers of now: of a process that is gone they are none any more. */
const GAUGES = ['callsift_requests_running']

/**
 * The numbers of several proxies as those of one: counters, histograms and gauges are sums.
 *
 * @param texts what `/metrics` says of each
 * @param gone the same of processes that have ended: what they counted counts, what they were doing does not
 * @example mergeMetrics(['# TYPE a counter\na 1\n', '# TYPE a counter\na 2\n']) // '# TYPE a counter\na 3\n'
 */
export function mergeMetrics(texts: readonly string[], gone: readonly string[] = []): string {
  const families = new Map<string, { heads: Set<string>; samples: Map<string, number> }>()
  for (const text of [...texts, ...gone]) {
    const hasEnded = gone.includes(text)
    let family: { heads: Set<string>; samples: Map<string, number> } | undefined
    for (const line of text.split('\n')) {
      if (line.startsWith('# ')) {
        const [, , name = ''] = line.split(' ', 3)
        family = families.get(name) ?? { heads: new Set(), samples: new Map() }
        families.set(name, family)
        family.heads.add(line)
        continue
      }
      const at = line.lastIndexOf(' ')
      const key = line.slice(0, at)
      if (at < 0 || family === undefined || (hasEnded && GAUGES.includes(key))) continue
      family.samples.set(key, (family.samples.get(key) ?? 0) + Number(line.slice(at + 1)))
    }
  }
  const lines = [...families.values()].flatMap(({ heads, samples }) => [
    ...heads,
    ...[...samples].map(([key, value]) => `${key} ${value}`),
  ])
  return `${lines.join('\n')}\n`
}
