import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { Readable, Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { isMainThread, type MessagePort, workerData } from 'node:worker_threads'

// Runs the built command over and over in one process, which has read its code already: half of a second for a test that
// runs it becomes some milliseconds. A file of its own, built beside the command, and started twice: as a thread, so that
// whoever runs the command can wait for it, and by that thread as the process.

/** A run that is asked for. */
export interface Task {
  readonly file: string
  readonly args: readonly string[]
  readonly input: Buffer
  readonly folder: string
}

/** What comes back: what the command wrote and its exit code, or why it came to nothing. */
export type Done = { code: number; out: Buffer; err: Buffer } | { problem: string }

/** What the thread is started with: where tasks come from, and the number that says that one is done. */
export interface Line {
  readonly port: MessagePort
  readonly done: Int32Array
}

if (isMainThread) {
  let runs = 0
  process.on('message', async (task: Task) => process.send?.(await runOnce(task, ++runs)))
} else passOn(workerData as Line)

/** The thread: hands tasks to the process, and wakes who waits. */
function passOn({ port, done }: Line): void {
  let child: ChildProcess | undefined
  const answer = (message: Done) => {
    port.postMessage(message)
    Atomics.add(done, 0, 1)
    Atomics.notify(done, 0)
  }
  port.on('message', (task: Task | 'stop') => {
    if (task === 'stop') return void child?.kill('SIGKILL')
    child ??= fork(new URL(import.meta.url), { serialization: 'advanced', execArgv: [] })
      .on('message', answer)
      .on('exit', (code) => {
        child = undefined
        answer({ problem: `the command ended its process with code ${code}` })
      })
    child.send(task)
  })
}

/** The process: as if the command had been started in it, with its own arguments, streams and folder. */
async function runOnce({ file, args, input, folder }: Task, run: number): Promise<Done> {
  const [out, err] = [new Kept(), new Kept()]
  const pieces = Array.from({ length: Math.ceil(input.length / 65_536) }, (_, i) =>
    Buffer.from(input.subarray(i * 65_536, (i + 1) * 65_536)),
  )
  const streams = { stdin: Readable.from(pieces, { objectMode: false }), stdout: out, stderr: err }
  for (const [name, value] of Object.entries(streams))
    Object.defineProperty(process, name, { value, configurable: true })
  process.chdir(folder)
  process.argv = [process.execPath, file, ...args]
  process.exitCode = undefined
  try {
    // Another name for the same file: the entry is run anew, and what it imports is there already.
    await import(`${pathToFileURL(file)}?run=${run}`)
  } catch (error) {
    return { problem: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
  const code = Number(process.exitCode ?? 0)
  process.exitCode = undefined
  return { code, out: out.bytes(), err: err.bytes() }
}

/** Keeps what is written. */
class Kept extends Writable {
  private readonly pieces: Buffer[] = []

  override _write(piece: Buffer, _: unknown, done: () => void): void {
    this.pieces.push(piece)
    done()
  }

  bytes(): Buffer {
    return Buffer.concat(this.pieces)
  }
}
