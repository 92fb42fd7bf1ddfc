import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes long: whole runs of promises, soaks, servers, browsers and commands. `npm test` runs all of it. */
const LONG = [
  'test/{adapters,cli,playground,proxy}/**',
  'test/promises/**',
  'test/engine/memory.test.ts',
  'test/{fuzz,promises,readings,realdata,readme}.test.ts',
]

/** What takes longest, first: a core that begins it last works on alone. What measures the heap comes before all others fill it. */
const FIRST = [
  '/memory.test.ts',
  '/promises.test.ts',
  '/linear.test.ts',
  '/page.test.ts',
  '/fuzz.test.ts',
  '/soak.test.ts',
  '/readings.test.ts',
  '/test/fixtures.test.ts',
  '/adapters/fixtures.test.ts',
  '/proxy/fixtures.test.ts',
  '/detect.test.ts',
  '/retry.test.ts',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = FIRST.findIndex((end) => moduleId.endsWith(end))
      return at < 0 ? FIRST.length : at
    }
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}

// `--mode quick` (npm run test:quick) leaves out what takes long, and tries less. `--mode hard` (npm run test:hard) runs
// every property 100 times as often; CALLSIFT_RUNS sets another factor.
export default defineConfig(({ mode }) => {
  const { CALLSIFT_RUNS, CI } = process.env
  const hard = mode === 'hard'
  const quick = mode === 'quick'
  return {
    test: {
      include: ['test/**/*.test.ts'],
      exclude: [...configDefaults.exclude, ...(quick ? LONG : [])],
      setupFiles: ['test/support/fixed-seed.ts', 'test/support/strict-cursor.ts'],
      runner: 'test/support/short-title-runner.ts',
      passWithNoTests: false,
      // Node imports the files itself, which makes all of them a fifth faster. Coverage is told of Vite's own imports only.
      experimental: { viteModuleRunner: process.argv.includes('--coverage'), nodeLoader: false },
      execArgv: [
        '--enable-source-maps',
        '--import',
        new URL('test/support/typescript-imports.mjs', import.meta.url).href,
      ],
      // One process reads the sources once for all its test files: no test changes what another one sees.
      isolate: false,
      // One more than there are cores: servers, commands and browsers that a test waits for leave one to another test.
      maxWorkers: availableParallelism() + 1,
      sequence: { sequencer: LongestFirst },
      testTimeout: hard ? 1_800_000 : 240_000,
      env: hard
        ? { CALLSIFT_RUNS: CALLSIFT_RUNS ?? '100' }
        : quick
          ? { CALLSIFT_QUICK: '1', CALLSIFT_RUNS: CALLSIFT_RUNS ?? '0.2', CALLSIFT_SEED: '20260' }
          : {},
      reporters: CI ? ['default', ['json', { outputFile: 'reports/vitest.json' }]] : ['default'],
      coverage: {
        provider: 'v8',
        include: ['src/**/*.ts', 'parsers/**/*.ts'],
        exclude: ['src/playground/**'],
        reporter: ['text', 'html', 'json-summary'],
      },
    },
  }
})
