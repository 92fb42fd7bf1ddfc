import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { formats } from '../../src/index.js'
import { isUnbounded, patternsOf, sourcesIn } from './source-patterns.js'

// What the source must not hold, whatever the tests find.

/** Patterns without a bound that are safe, and why. Anything else has to be written as a loop. */
const ALLOWED: readonly { file: string; pattern: string; why: string }[] = [
  {
    file: 'src/text/matcher.ts',
    pattern: "new RegExp(starts.join('|') || '[]')",
    why: 'one of a few words of at most eight characters, those that markers begin with',
  },
  {
    file: 'src/derive/template/python-shape.ts',
    pattern:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the source, as it stands
      'new RegExp(`${NAME}\\\\s{0,2}\\\\(\\\\s{0,4}${TEXT}\\\\s{0,2}=\\\\s{0,2}([\'"])${VALUE}\\\\1\\\\s{0,4}\\\\)`)',
    why: 'words of our own between bounded spaces, in what a template wrote of them',
  },
  {
    file: 'src/tools/linear-pattern.ts',
    pattern: "new RegExp(pattern, 'u')",
    why: 'the pattern of a schema, which was checked to be linear before',
  },
  {
    file: 'src/cli/verbs/proxy.ts',
    pattern: '/^([A-Za-z]+)(.*)$/s',
    why: 'a message of the library itself: letters, then the rest',
  },
  {
    file: 'src/proxy/replies/message-reply.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source, as it stands
    pattern: 'new RegExp(`"${mark}(\\\\d{1,9})\\\\."`, \'g\')',
    why: 'a mark of our own making, letters and digits, and nine digits at most',
  },
  ...[
    { file: 'src/proxy/wire/headers.ts', pattern: '/^[a-z0-9-]+$/' },
    { file: 'src/proxy/wire/host-names.ts', pattern: String.raw`/^(?:[0-9.]+|\[[0-9a-f:.]+\])$/` },
    { file: 'src/proxy/settings/read-option.ts', pattern: String.raw`/^[\x21-\x7e]+$/` },
    { file: 'src/proxy/wire/origins.ts', pattern: '/^[a-z0-9-]+$/i' },
    { file: 'src/proxy/wire/origins.ts', pattern: String.raw`/^https?:\/\/[^\s/?#@]+$/i` },
    { file: 'src/proxy/wire/origins.ts', pattern: String.raw`/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@]*$/i` },
    { file: 'src/proxy/wire/route.ts', pattern: String.raw`/^[\w.-]+:\d/` },
  ].map((one) => ({
    ...one,
    why: 'a header, host or option of a request: no text of a model, one class from the start on',
  })),
  ...[
    { file: 'src/cli/output/complete-page.ts', pattern: String.raw`/<style>(.*?)<\/style>/s` },
    {
      file: 'src/cli/output/link-modules.ts',
      pattern: String.raw`/^\s*import\s*(?:\{([^}]*)\}\s*from\s*)?"([^"]+)";?/`,
    },
    { file: 'src/cli/output/link-modules.ts', pattern: String.raw`/export\s*\{([^}]*)\};?\s*$/` },
    { file: 'src/cli/output/link-modules.ts', pattern: String.raw`/([\w$]+)\s+as\s+([\w$]+)/g` },
  ].map((one) => ({
    ...one,
    why: 'of the playground: the page and the modules of the package itself, as they were built',
  })),
  {
    file: 'src/described/check-description.ts',
    pattern: "new RegExp(source, 'i')",
    why: 'of a file that its reader chose; it runs over names of models, never over text',
  },
  {
    file: 'src/explain/json-place.ts',
    pattern: String.raw`/-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y`,
    why: 'sticky, and each character can belong to one part only',
  },
  ...[
    String.raw`/^[\p{L}_][\p{L}\p{N}\p{M}_-]*(?:\.[\p{L}_][\p{L}\p{N}\p{M}_-]*)*$/u`,
    String.raw`/^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u`,
    String.raw`/\[\s*[\p{L}_][\p{L}\p{N}\p{M}_.-]*\s*\(/u`,
    String.raw`/^\s*[\p{L}_][\p{L}\p{N}\p{M}_.-]*\s*\(\s*(?:\)|[\p{L}_][\p{L}\p{N}\p{M}_]*\s*=)/u`,
    String.raw`/\n[ \t]*$/`,
  ].map((pattern) => ({
    file: 'src/families/pythonic/pythonic-text.ts',
    pattern,
    why: 'of render, which writes and does not read; no two neighbours match the same character',
  })),
]

describe('I17: no pattern without a bound runs over model text', () => {
  const sources = [...sourcesIn('src'), ...sourcesIn('parsers')]
  const found = sources.flatMap((file) => patternsOf(file).filter(({ pattern }) => isUnbounded(pattern)))

  it('in src and parsers, but for the ones that are listed here with a reason', () => {
    expect(sources.length).toBeGreaterThan(20)
    const unknown = found.filter(
      ({ file, pattern }) => !ALLOWED.some((one) => one.file === file && one.pattern === pattern),
    )
    expect(unknown).toEqual([])
  })

  it('and the list holds none that is gone', () => {
    const gone = ALLOWED.filter(
      ({ file, pattern }) => !found.some((one) => one.file === file && one.pattern === pattern),
    )
    expect(gone).toEqual([])
  })

  it('and the scan sees them', () => {
    for (const pattern of ['/a*/', '/a+/', '/a{2,}/', '/[^x]+y/g', '/\\\\+/', 'new RegExp(text)'])
      expect(isUnbounded(pattern)).toBe(true)
    for (const pattern of ['/a{2,5}/', '/[*+]/', '/\\*\\+/', '/a?/', '/[{]2,}/'])
      expect(isUnbounded(pattern)).toBe(false)
  })
})

describe('I2: there is one machine', () => {
  it.each(sourcesIn('parsers').filter((file) => file !== 'parsers/index.ts'))(
    '%s exports a format, and values only',
    async (file) => {
      const exports: Record<string, unknown> = await import(
        /* @vite-ignore */ new URL(`../../${file}`, import.meta.url).href
      )
      expect(Object.values(exports).some((value) => formats().some((format) => format === value))).toBe(true)
      expect(Object.values(exports).map((value) => typeof value)).not.toContain('function')
    },
  )

  it('parsers keep no state of their own', () => {
    for (const file of sourcesIn('parsers')) {
      const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true)
      const variables = source.statements.filter(ts.isVariableStatement)
      const changing = variables.filter(({ declarationList }) => (declarationList.flags & ts.NodeFlags.Const) === 0)
      expect(changing.map((statement) => statement.getText())).toEqual([])
      const classes = source.statements.filter(ts.isClassDeclaration)
      expect(classes.map(({ name }) => name?.getText())).toEqual([])
    }
  })

  it('no module of the engine keeps state of its own', () => {
    for (const file of sourcesIn('src')) {
      const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true)
      const variables = source.statements.filter(ts.isVariableStatement)
      const changing = variables.filter(({ declarationList }) => (declarationList.flags & ts.NodeFlags.Const) === 0)
      expect(changing.map((statement) => `${file}: ${statement.getText()}`)).toEqual([])
    }
  })
})
