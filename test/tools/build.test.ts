import { spawnSync } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { temporaryFolder } from '../helper.ts'

const NEEDED = [
  ...['build.js', 'bundle.js', 'package.json', 'package-lock.json', 'tsconfig.json'],
  ...['app.ts', 'index.ts', 'server.ts', 'lib', 'plugins', 'routes']
]

t.test('without its packages, the build says what to do in one line', async (t) => {
  const folder = await temporaryFolder(t)
  for (const name of NEEDED) await cp(join(PACKAGE_ROOT, name), join(folder, name), { recursive: true })
  const { status, stderr } = spawnSync(process.execPath, ['build.js'], { cwd: folder, encoding: 'utf8' })
  t.equal(status, 1)
  t.match(stderr, /^A package that the build needs is not there \([\w@/-]+\): run "npm ci"\.\n$/)
})
