import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { ATTRIBUTES } from '../../lib/dress/databases.ts'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { ADDRESS, temporaryFolder } from '../helper.ts'
import { databases } from '../lib/dress/built-in.ts'
import { goFolder } from '../lib/dress/go-databases.ts'

t.test('npm run dress prints a dress and its prompts', async (t) => {
  const dress = async (dataDir: string, ...args: string[]) =>
    await promisify(execFile)(process.execPath, [join(PACKAGE_ROOT, 'dist/test/tools/dress.js'), ...args], {
      cwd: dataDir,
      env: { PATH: process.env.PATH, TB_DALLE_DATA_DIR: dataDir }
    }).catch(({ code, stdout, stderr }) => ({ code, stdout, stderr }))
  const { dataDir, folder } = await goFolder(t)
  const empty = await temporaryFolder(t)

  const built = await dress(empty, 'birds', ADDRESS.toUpperCase().replace('0X', '0x'))
  t.equal(built.stderr, '')
  t.ok(built.stdout.startsWith(`${ADDRESS} in birds: Feathered company`), built.stdout.slice(0, 100))
  t.match(built.stdout, databases.hash)
  t.match(built.stdout, /^noun +\d+ of 2\d\d +[^|]+( \| [^|]+)* \| bird \| chordate$/m)
  for (const { name } of ATTRIBUTES) t.match(built.stdout, new RegExp(`^${name} +\\d+ of \\d+ +\\S`, 'm'))
  for (const kind of ['title', 'terse', 'prompt', 'technical']) {
    t.match(built.stdout, new RegExp(`^${kind}\\n\\S`, 'm'))
  }
  t.match(
    (await dress(dataDir, 'empty', ADDRESS)).stdout,
    /^adverb +4 of 4 +calmly \| at ease$/m,
    'the databases of the data folder'
  )

  t.match(await dress(empty), { code: 2, stderr: /^Usage: npm run dress -- <series> <address>\n$/ })
  t.match(await dress(empty, 'birds', '0x12'), {
    code: 2,
    stderr: /^"0x12" is not an address: 0x and 40 hexadecimal digits are wanted\.\n$/
  })
  t.match(await dress(empty, 'brids', ADDRESS), {
    code: 2,
    stderr: /^"brids" is not a series; there are archetypes, .*\.\n$/
  })
  await rm(join(folder, 'gazes.csv'))
  t.match(await dress(dataDir, 'empty', ADDRESS), {
    code: 2,
    stderr: /^databases\/gazes\.csv is missing .*\n$/
  })
})
