import { version } from '../../../package.json'
import type { OptionSpecs, Verb } from '../verb.js'
import { screenOf } from './screen.js'
import { columnsOf, wrap } from './screen-text.js'

/** The version of the package. */
export { version }

/** The help of the whole command. */
export function overallHelp(verbs: readonly Verb[]): string {
  const screen = screenOf(process.stdout)
  const { bold } = screen.colors
  return [
    `${bold(`callsift ${version}`)}: turns the raw text of open-weight models into content, reasoning and tool calls`,
    '',
    `${bold('usage')}  callsift COMMAND [FILE|-] [options]`,
    '',
    bold('commands'),
    ...table(
      verbs.map(({ name, summary }) => [name, summary]),
      screen.columns,
    ),
    '',
    bold('examples'),
    ...examples(
      [
        { run: 'callsift parse reply.txt --format hermes', does: 'see what a completion holds' },
        { run: 'callsift match Qwen/Qwen2.5-7B-Instruct', does: 'find the format that a model writes' },
      ],
      screen.columns,
    ),
    '',
    ...wrap(
      'callsift COMMAND --help explains one in full. FILE may be - or left out for standard input. Exit codes: 0 done, 1 done ' +
        'with damage (something is cut off or malformed, or a line is wrong), 2 usage.',
      screen.columns,
    ),
    '',
  ].join('\n')
}

/** The help of one verb. */
export function verbHelp(verb: Verb): string {
  const { columns, colors } = screenOf(process.stdout)
  const specs: OptionSpecs = { ...verb.options, help: { type: 'boolean', short: 'h', help: 'this text' } }
  const rows = Object.entries(specs).map(([name, { short, value, words, help }]): [string, string] => {
    const what = words?.join('|') ?? value
    const flag = `${short === undefined ? '' : `-${short}, `}--${name}${what === undefined ? '' : ` ${what}`}`
    return [flag, help]
  })
  return [
    ...wrap(`callsift ${verb.name}: ${verb.summary}`, columns).map((line) => colors.bold(line)),
    '',
    ...wrap(verb.usage, columns - 7).map((line, i) => `${i === 0 ? colors.bold('usage') : '     '}  ${line}`),
    ...verb.about.flatMap((paragraph) => ['', ...wrap(paragraph, columns)]),
    '',
    colors.bold('options'),
    ...table(rows, columns),
    '',
    colors.bold('examples'),
    ...examples(verb.examples, columns),
    '',
  ].join('\n')
}

/** Two columns: short texts, and what they mean beside them (or below those that are too long). */
function table(rows: readonly (readonly [string, string])[], columns: number): string[] {
  const width = Math.min(28, Math.max(...rows.map(([left]) => columnsOf(left))))
  return rows.flatMap(([left, right]) => {
    const lines = wrap(right, columns - width - 5)
    const first = columnsOf(left) > width ? [`  ${left}`] : []
    const indent = ' '.repeat(width + 4)
    const rest = lines.map((line) => indent + line)
    if (first.length === 0) rest[0] = `  ${left}${' '.repeat(width - columnsOf(left))}  ${lines[0]}`
    return [...first, ...rest]
  })
}

function examples(list: Verb['examples'], columns: number): string[] {
  const { colors } = screenOf(process.stdout)
  return list.flatMap(({ run, does }) => [
    `  ${colors.cyan(run)}`,
    ...wrap(does, columns - 6).map((line) => `      ${line}`),
  ])
}
