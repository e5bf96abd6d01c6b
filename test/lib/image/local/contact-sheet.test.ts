import { execFile } from 'node:child_process'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import sharp from 'sharp'
import t from 'tap'
import { temporaryFolder } from '../../../helper.ts'

// Compiled tests start compiled children. Tests that run from source start their children with the same loader.
const extension = extname(import.meta.url)
const loaderArguments = extension === '.ts' ? process.execArgv : []
const tool = fileURLToPath(new URL(`../../../tools/contact-sheet${extension}`, import.meta.url))

t.test('npm run contact-sheet writes one sheet with many pictures', async (t) => {
  const folder = await temporaryFolder(t)
  const sheet = async (...args: string[]) =>
    await promisify(execFile)(process.execPath, [...loaderArguments, tool, ...args], { cwd: folder }).catch(
      ({ code, stdout, stderr }) => ({ code, stdout, stderr })
    )
  t.match(await sheet('noir', '6'), { stdout: 'contact-sheet-noir.png\n', stderr: '' })
  const { width, height } = await sharp(join(folder, 'contact-sheet-noir.png')).metadata()
  t.ok(width > 1700 && width <= 1800 && height > 1000 && height < width, `${width} × ${height}: three by two`)
  for (const args of [
    [],
    ['noir', '1e1'],
    ['noir', '351'],
    ['../../../package', '3'],
    ['noir', '6', 'a.png', 'b'],
    ['no-such', '6']
  ]) {
    t.match(await sheet(...args), { code: 2, stderr: /^Usage: npm run contact-sheet/ }, args.join(' '))
  }
  t.match(await sheet('noir', '1', 'no/such/folder.png'), {
    code: 2,
    stderr: /^no\/such\/folder\.png cannot be written: [^\n]*\n$/
  })
})
