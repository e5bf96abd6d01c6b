// npm run test:one -- <file.test.ts>: one test file from source. A terminal gets a report, a pipe gets TAP.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compileClientScripts } from './client-scripts.ts'

const [file, ...rest] = process.argv.slice(2)
if (file === undefined || rest.length > 0 || !existsSync(file)) {
  process.stderr.write('Usage: npm run test:one -- <file.test.ts>\n')
  process.exit(2)
}
compileClientScripts()
// tap reads its limit, in seconds, when it is loaded.
process.env.TAP_TIMEOUT ??= '300'
if (process.stdout.isTTY) {
  const [{ t }, { report }] = await Promise.all([import('tap'), import('@tapjs/reporter')])
  const config = { get: () => undefined }
  await report('base', t as never, config as never)
}
await import(pathToFileURL(resolve(file)).href)
