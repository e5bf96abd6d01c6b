// npm run freeze: writes test/frozen.json from the built-in artist and databases as they are.
import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { PACKAGE_ROOT, VERSION } from '../../lib/package.ts'
import { FROZEN_FILE, currentState, whyNot } from './frozen.ts'

const tags = execFileSync('git', ['tag'], { cwd: PACKAGE_ROOT, encoding: 'utf8' }).split('\n')
const reason = whyNot(VERSION, tags)
if (reason === undefined) {
  await writeFile(FROZEN_FILE, `${JSON.stringify(await currentState(), null, 2)}\n`)
} else {
  console.error(reason)
  process.exitCode = 1
}
