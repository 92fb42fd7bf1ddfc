import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { useCommand } from './command.js'

const command = useCommand()

// CALLSIFT_SPARK_PYTHON names a Python that has PySpark, where it is not `python3`.
const python = process.env.CALLSIFT_SPARK_PYTHON ?? 'python3'
const lacks =
  spawnSync(python, ['-c', 'import pyspark']).status !== 0
    ? 'PySpark'
    : spawnSync('java', ['-version']).status !== 0
      ? 'Java'
      : undefined

it.skipIf(lacks !== undefined)(
  `a corpus on Spark comes to what the command makes of it${lacks === undefined ? '' : ` (skipped: there is no ${lacks})`}`,
  () => {
    const completions = readFileSync(resolve('examples/completions.jsonl'), 'utf8').trimEnd().split('\n')
    const cut = '{"id": "cut", "completion": "<tool_call>{\\"name\\": \\"f\\""}'
    command.write('corpus.jsonl', `${[...completions, cut, ...completions].join('\n')}\n`)
    const spark = (callsift: string, target: string) =>
      spawnSync(
        python,
        [resolve('examples/spark.py'), join(command.folder, 'corpus.jsonl'), join(command.folder, target)],
        {
          encoding: 'utf8',
          env: { ...process.env, CALLSIFT: callsift, PYSPARK_PYTHON: python, SPARK_LOCAL_IP: '127.0.0.1' },
        },
      )
    const { status, stdout, stderr } = spark(`${process.execPath} ${command.file}`, 'results')
    expect(status, stderr).toBe(0)
    expect(stdout).toContain("statuses: {'complete': 6, 'truncated': 1}")
    const parts = readdirSync(join(command.folder, 'results'))
      .filter((name) => name.startsWith('part-'))
      .sort()
    const results = parts.map((name) => readFileSync(join(command.folder, 'results', name), 'utf8')).join('')
    expect(results).toBe(command.run(['parse', 'corpus.jsonl', '--jsonl']).out)
    expect(spark('no-such-command', 'none').status).not.toBe(0)
  },
)
