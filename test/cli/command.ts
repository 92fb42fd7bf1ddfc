import { type SpawnSyncOptions, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { build } from 'tsup'
import { afterAll, beforeAll } from 'vitest'
import type { Done, Line, Task } from './standing-command.js'

/** What a run of the command came to. */
export interface Run {
  code: number | null
  out: string
  err: string
}

/** The built command, and a folder of its own that it runs in. */
export interface Command {
  /**
   * Runs it; `input` is its standard input (empty if it is not given). It runs in a process that has run it before, which
   * costs a twentieth of a new one.
   */
  run(args: readonly string[], input?: string | Buffer): Run
  /** The same, for a test that has to answer it meanwhile. */
  runMeanwhile(args: readonly string[]): Promise<Run>
  /** The same in a process of its own, as people run it. */
  runAlone(args: readonly string[], input?: string | Buffer): Run
  /** The same in a terminal of 80 columns, as `script` makes one; undefined where there is no `script`. */
  inTerminal(
    args: readonly string[],
    options?: { columns?: number; env?: Record<string, string>; redirect?: string },
  ): Run | undefined
  /** The same through a shell; `callsift` stands for the command. */
  shell(script: string): Run
  /** Writes a file into the folder. */
  write(name: string, text: string | Buffer): void
  makeFolder(name: string): void
  readonly file: string
  readonly folder: string
}

/** The folder of the built command. All test files of a process share one build, which takes some seconds. */
let built: Promise<string> | undefined

/** Builds the command, with the verbs in files of their own, as the package has them. */
async function buildCommand(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'callsift-built-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  await build({
    entry: { cli: 'src/cli/main.ts', standing: 'test/cli/standing-command.ts' },
    outDir: folder,
    format: 'esm',
    target: 'node20',
    splitting: true,
    // Half of what the command takes is reading its code.
    minify: true,
    config: false,
    silent: true,
  })
  // The packages that it imports are those of the project.
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'junction')
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
  return folder
}

/** How long a run may take, in milliseconds. */
const LONGEST_RUN = 30_000

/** The process that runs the command over and over, and its line to here. All test files of a process share it. */
let standing: { port: MessagePort; done: Int32Array } | undefined

function standingCommand(built: string) {
  if (standing !== undefined) return standing
  const { port1, port2 } = new MessageChannel()
  const done = new Int32Array(new SharedArrayBuffer(4))
  const workerData: Line = { port: port2, done }
  const { CI, FORCE_COLOR, NO_COLOR, ...env } = process.env
  new Worker(join(built, 'standing.js'), { workerData, transferList: [port2], env, execArgv: [] }).unref()
  port1.unref()
  standing = { port: port1, done }
  return standing
}

/** Waits for a run without doing anything else, as tests read best. */
function runNow(built: string, task: Task): Done {
  const { port, done } = standingCommand(built)
  const before = Atomics.load(done, 0)
  port.postMessage(task)
  if (Atomics.wait(done, 0, before, LONGEST_RUN) === 'timed-out') {
    port.postMessage('stop')
    standing = undefined
    return { problem: `not done in ${LONGEST_RUN} ms` }
  }
  return receiveMessageOnPort(port)?.message as Done
}

async function runMeanwhile(built: string, task: Task): Promise<Done> {
  const { port } = standingCommand(built)
  port.postMessage(task)
  const [done] = await once(port, 'message')
  return done as Done
}

function runOf(done: Done): Run {
  if ('problem' in done) throw new Error(`callsift: ${done.problem}`)
  const [out, err] = [done.out, done.err].map((bytes) => Buffer.from(bytes).toString('utf8')) as [string, string]
  return { code: done.code, out, err }
}

/** The command, built for the tests of a file, and a folder for what they write. */
export function useCommand(): Command {
  const folder = mkdtempSync(join(tmpdir(), 'callsift-cli-'))
  let file = ''

  beforeAll(async () => {
    built ??= buildCommand()
    file = join(await built, 'cli.js')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function spawn(name: string, args: readonly string[], more: SpawnSyncOptions): Run {
    const { CI, FORCE_COLOR, NO_COLOR, ...env } = process.env
    const options = {
      cwd: folder,
      maxBuffer: 1 << 28,
      timeout: LONGEST_RUN,
      ...more,
      env: { ...env, TERM: 'xterm', ...more.env },
    }
    const { status, stdout, stderr, error } = spawnSync(name, args, options)
    if (error !== undefined) throw error
    return { code: status, out: String(stdout), err: String(stderr) }
  }

  return {
    get file() {
      return file
    },
    folder,
    run: (args, input = '') => runOf(runNow(dirname(file), { file, args, input: Buffer.from(input), folder })),
    runMeanwhile: async (args) =>
      runOf(await runMeanwhile(dirname(file), { file, args, input: Buffer.alloc(0), folder })),
    runAlone: (args, input = '') => spawn(process.execPath, [file, ...args], { input }),
    inTerminal(args, { columns = 80, env = {}, redirect } = {}) {
      if (spawnSync('script', ['--version']).status !== 0) return undefined
      const command = [process.execPath, file, ...args].map((word) => `'${word}'`).join(' ')
      const target = redirect === undefined ? '' : ` > '${redirect}'`
      // -e gives the command's own exit code; what it prints comes out of script's standard output, stderr too.
      return spawn('script', ['-qec', `stty cols ${columns}; ${command}${target}`, join(folder, '.typescript')], {
        env,
        input: '',
      })
    },
    shell: (script) => spawn('bash', ['-c', `callsift() { '${process.execPath}' '${file}' "$@"; }\n${script}`], {}),
    write: (name, text) => writeFileSync(join(folder, name), text),
    makeFolder: (name) => mkdirSync(join(folder, name), { recursive: true }),
  }
}

/** A call as Hermes writes it. */
export function hermesCall(name: string, args: unknown): string {
  return `<tool_call>${JSON.stringify({ name, arguments: args })}</tool_call>`
}
