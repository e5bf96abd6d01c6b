import { execFile } from 'node:child_process'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import t from 'tap'
import { PACKAGE_ROOT } from '../../../lib/package.ts'
import { ADDRESS, build, temporaryFolder } from '../../helper.ts'
import { smallArtist } from './artist.ts'

const run = promisify(execFile)
const MODULES = join(PACKAGE_ROOT, 'node_modules')

/** The programs of the commands in the documentation, which `npx` would install. */
const PROGRAMS: Record<string, string> = {
  'openapi-typescript': 'openapi-typescript',
  '@hey-api/openapi-ts': 'openapi-ts'
}

/** The blocks of code of the section in routes/README.md, in one language. */
async function blocksOf(language: string): Promise<string[]> {
  const text = await readFile(join(PACKAGE_ROOT, 'routes/README.md'), 'utf8')
  const section = /\n## OpenAPI\n([^]*?)\n## /.exec(text)![1]!
  return [...section.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, code]) => code!)
}

t.test('clients that the documented commands generate compile, and make a picture', async (t) => {
  const server = await build(t, { artist: smallArtist })
  const folder = await temporaryFolder(t)
  const ofServer = (text: string) => text.replaceAll('http://127.0.0.1:8080', server.url)
  await symlink(MODULES, join(folder, 'node_modules'))

  const commands = (await blocksOf('sh')).flatMap((block) => block.match(/(?<=^npx ).*$/gm) ?? [])
  t.equal(commands.length, 2)
  for (const command of commands) {
    const [name, ...args] = ofServer(command).split(' ') as [string, ...string[]]
    await run(join(MODULES, '.bin', PROGRAMS[name]!), args, { cwd: folder })
  }

  const programs = await blocksOf('ts')
  const names = programs.map((_, index) => `client-${index}`)
  for (const [index, code] of programs.entries()) {
    const named = ofServer(code).replace('picture.png', `${names[index]}.png`)
    await writeFile(join(folder, `${names[index]}.ts`), named)
  }
  const compilerOptions = {
    target: 'ES2023',
    module: 'NodeNext',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true
  }
  const files = names.map((name) => `${name}.ts`)
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  const compiled = await run(join(MODULES, '.bin/tsc'), ['--project', folder]).catch(
    (error: unknown) => error
  )
  t.notMatch((compiled as { stdout: string }).stdout, /\S/, 'no type is wrong')

  for (const name of names) {
    await run(process.execPath, [`${name}.js`], { cwd: folder })
    const { format, width, height } = await sharp(join(folder, `${name}.png`)).metadata()
    t.equal(format, 'png', name)
    t.ok(width > 0 && height > width, 'the picture with its caption')
  }
  for (const series of ['simple', 'birds']) {
    t.equal((await fetch(`${server.url}/dalle/${series}/${ADDRESS}`)).headers.get('x-dalle-run'), 'cached')
  }
})
