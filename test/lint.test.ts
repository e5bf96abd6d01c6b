import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { PACKAGE_ROOT } from '../lib/package.ts'

const run = promisify(execFile)

const CHECKS = {
  'lint:format': 'all files are formatted',
  'lint:code': 'ESLint finds nothing',
  typecheck: 'all types fit',
  'lint:layers': 'imports follow the layers and form no circles'
}

for (const [script, title] of Object.entries(CHECKS)) {
  t.test(title, async (t) => {
    const output = await run('npm', ['run', '--silent', script], { cwd: PACKAGE_ROOT }).then(
      () => '',
      ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`
    )
    t.equal(output, '')
  })
}
