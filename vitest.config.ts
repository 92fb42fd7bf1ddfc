import { defineConfig } from 'vitest/config'

// `--mode hard` (npm run test:hard) runs every property 100 times as often; CALLSIFT_RUNS sets another factor.
export default defineConfig(({ mode }) => {
  const hard = mode === 'hard'
  return {
    test: {
      include: ['test/**/*.test.ts'],
      setupFiles: ['test/support/fixed-seed.ts'],
      passWithNoTests: false,
      testTimeout: hard ? 1_800_000 : 60_000,
      env: hard ? { CALLSIFT_RUNS: process.env.CALLSIFT_RUNS ?? '100' } : {},
      reporters: process.env.CI ? ['default', ['json', { outputFile: 'reports/vitest.json' }]] : ['default'],
      coverage: {
        provider: 'v8',
        include: ['src/**/*.ts', 'parsers/**/*.ts'],
        exclude: ['src/playground/**'],
        reporter: ['text', 'html', 'json-summary'],
      },
    },
  }
})
