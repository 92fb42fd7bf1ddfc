import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { TEMPLATE } from '../proxy/engines.js'
import { useCommand } from './command.js'

// `callsift doctor` against the real llama.cpp server, with a tiny model whose weights speak one fixed completion. It needs the
// scripts that make and serve it (CALLSIFT_ENGINE, or ../shared/engine) and a Python with xllamacpp, gguf and numpy
// (CALLSIFT_PYTHON, or python3); without them it is skipped.

const SCRIPTS = process.env.CALLSIFT_ENGINE ?? resolve('..', 'shared', 'engine')
const PYTHON = process.env.CALLSIFT_PYTHON ?? 'python3'
const PROBE =
  'import xllamacpp, gguf, numpy; p = xllamacpp.CommonParams(); ' +
  'print("skip_chat_parsing" if hasattr(p, "skip_chat_parsing") else "force_pure_content_parser")'

/** The setting that leaves calls in the text; empty where the server cannot run here. */
const rawSetting = existsSync(join(SCRIPTS, 'serve.py'))
  ? spawnSync(PYTHON, ['-c', PROBE], { encoding: 'utf8' }).stdout?.trim()
  : ''
const command = useCommand()
const folder = mkdtempSync(join(tmpdir(), 'callsift-engine-'))
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const missing = rawSetting ? '' : ' (skipped: no ../shared/engine, or no Python with xllamacpp, gguf and numpy)'

describe.skipIf(!rawSetting)(`the real llama.cpp server${missing}`, () => {
  async function serve(port: number, ...settings: string[]): Promise<string> {
    const config = join(folder, 'tokenizer_config.json')
    const model = join(folder, 'my-model.gguf')
    if (!existsSync(model)) {
      writeFileSync(config, JSON.stringify({ chat_template: TEMPLATE.replace('<think>\n', '') }))
      const made = spawnSync(PYTHON, [join(SCRIPTS, 'mkgguf.py'), 'qwen', model, config], { encoding: 'utf8' })
      expect(made.status, made.stderr).toBe(0)
    }
    children.push(spawn(PYTHON, [join(SCRIPTS, 'serve.py'), model, String(port), ...settings], { stdio: 'ignore' }))
    const url = `http://127.0.0.1:${port}/v1`
    for (let i = 0; i < 200; i++) {
      const response = await fetch(`${url}/models`).catch(() => undefined)
      if (response?.ok) return url
      await new Promise((done) => setTimeout(done, 100))
    }
    throw new Error('the server does not answer')
  }
  function doctor(url: string): Promise<{ code: unknown; told: Told }> {
    return new Promise((done) => {
      execFile(process.execPath, [command.file, 'doctor', url, '--json'], (error, out) => {
        done({ code: error?.code ?? 0, told: JSON.parse(out) })
      })
    })
  }
  interface Told {
    engine: string
    format: string
    tried: { reader: string; calls: unknown[]; content: string }[]
    wrong: { what: string; mend: string }[]
  }
  const CALL = { name: 'get_weather', arguments: { city: 'Bodø', days: 3 } }

  it('that leaves the text alone is read as the model wrote it, in every mode', async () => {
    const { code, told } = await doctor(await serve(18_391, `${rawSetting}=true`, 'special=true'))
    expect(told).toMatchObject({ engine: 'llama.cpp', format: 'hermes', wrong: [] })
    expect(code).toBe(0)
    for (const { reader, calls, content } of told.tried) {
      expect(calls).toEqual(reader === 'engine' ? [] : [CALL])
      expect(content.startsWith('I look up.')).toBe(true)
    }
    expect(told.tried).toHaveLength(6)
  })

  it('that reads calls itself holds the model to a grammar, and doctor tells of it', async () => {
    const { code, told } = await doctor(await serve(18_392))
    expect(code).toBe(1)
    expect(told.wrong[0]?.what).toContain(
      'completions, streamed: get_weather {"city":"Bodø","days":3}; engine, whole: ',
    )
    expect(told.wrong[0]?.mend).toContain('--skip-chat-parsing')
  })
})
