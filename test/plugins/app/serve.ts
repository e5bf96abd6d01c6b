import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Test } from 'tap'
import { PACKAGE_ROOT } from '../../../lib/package.ts'
import { temporaryFolder, until } from '../../helper.ts'

const SERVER = join(PACKAGE_ROOT, 'dist/bundle/server.js')
/** Code for the server's process. At its end it prints which modules it has loaded that not every server needs. */
const PRINT_MODULES = `data:text/javascript,${encodeURIComponent(`
  import { createRequire } from 'node:module'
  const { cache } = createRequire('/')
  process.on('exit', () => {
    const names = /node_modules.(@opentelemetry.[a-z-]+|@fastify.otel|import-in-the-middle|pg|bullmq|openai)[/]/
    const loaded = Object.keys(cache).map((path) => names.exec(path)?.[1]).filter(Boolean)
    process.stderr.write('loaded ' + JSON.stringify([...new Set(loaded)]))
  })
`)}`

/** The real server process, on a free port and with an empty data folder. */
export async function serve(t: Test, env: Record<string, string>) {
  const dataDir = await temporaryFolder(t)
  const child = spawn(
    process.execPath,
    ['--import', PRINT_MODULES, SERVER, '--port', '0', '--data-dir', dataDir],
    { cwd: dataDir, env: { PATH: process.env.PATH, ...env } }
  )
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    output.err += String(chunk)
  })
  const exited = once(child, 'close')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const urlIn = () => /listens at (http:\S+?)"?[,}\s]/.exec(output.out)?.[1]
  await until(() => {
    if (child.exitCode !== null) throw new Error(`ended early: ${output.err}`)
    return urlIn() !== undefined
  }, 60)
  return {
    url: urlIn()!,
    dataDir,
    output,
    lines: () =>
      output.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    /** Its exit code, and the modules that it had loaded. */
    stop: async () => {
      child.kill('SIGTERM')
      const [code] = await exited
      return {
        code: code as number | null,
        loaded: JSON.parse(/loaded (\[.*\])/.exec(output.err)?.[1] ?? '[]') as string[],
        err: output.err.replace(/loaded \[.*\]/, '')
      }
    }
  }
}
