// Prints the slowest files of a vitest JSON report, then counts its tests in one line; exit code 1 when there is nothing to
// be content with: a failed test, a file that did not load (it counts as one failed test), or no test at all.
import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'

const SHOWN = 10

const file = process.argv[2]
const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { testResults: [] }

const files = report.testResults
  .map(({ name, startTime, endTime }) => ({ name: relative('.', name), seconds: (endTime - startTime) / 1000 }))
  .sort((a, b) => b.seconds - a.seconds)
if (files.length > 0) console.log(`== the slowest of ${files.length} test files`)
for (const { name, seconds } of files.slice(0, SHOWN)) console.log(`${seconds.toFixed(1).padStart(8)} s  ${name}`)

const counts = { passed: 0, failed: 0, skipped: 0 }
for (const { status, assertionResults } of report.testResults) {
  for (const test of assertionResults) {
    counts[test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped']++
  }
  if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) counts.failed++
}
const { passed, failed, skipped } = counts
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
