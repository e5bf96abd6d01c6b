import { mkdir, readFile, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { buildApp, temporaryFolder } from '../../helper.ts'
import { ask, filesBelow, seedFor } from './images-client.ts'

const INPUT = 'Person Tour Coordinates'
const SEED = seedFor(INPUT)

t.test('an export writes the texts of an image below exports/', async (t) => {
  const app = await buildApp(t)
  const { data } = (await ask(app, 'POST', 'preview', { input: INPUT, series: 'simple' })).body
  const { prompts } = data.metadata
  const { status, body } = await ask(app, 'POST', `${data.metadata.imageId}/export`)
  t.equal(status, 200)
  const dir = `exports/simple/${SEED}`
  t.same(body.data, {
    dir,
    files: {
      prompt: `${dir}/prompt.txt`,
      data: `${dir}/data.txt`,
      title: `${dir}/title.txt`,
      terse: `${dir}/terse.txt`
    }
  })
  t.equal(await readFile(join(app.dataDir, dir, 'prompt.txt'), 'utf8'), prompts.prompt)
  t.equal((await stat(join(app.dataDir, dir, 'prompt.txt'))).mode & 0o777, 0o600)

  const chosen = await ask(app, 'POST', `${SEED}/export`, {
    Dir: ' exports/mine/ ',
    INCLUDETECHNICAL: true,
    includeEnhanced: true
  })
  t.same(
    chosen.body.data,
    { dir: 'exports/mine', files: { technical: 'exports/mine/technical.txt' } },
    'empty texts are left out'
  )
  t.equal(
    await readFile(join(app.dataDir, 'exports/mine/technical.txt'), 'utf8'),
    `${prompts.titlePrompt}\n\n${prompts.tersePrompt}`
  )
  const nothing = await ask(app, 'POST', `${SEED}/export`, {
    includeEnhanced: true,
    dir: join(app.dataDir, 'exports/none')
  })
  t.same(nothing.body.data, { dir: 'exports/none', files: {} })
  const asFile = await app.ask(`/v1/images/${SEED}/export`, {
    method: 'POST',
    body: '{"dir": "exports"} rest'
  })
  t.equal(asFile.status, 200)
  t.equal((await app.ask(`/v1/images/${SEED}/export`, { method: 'POST', body: '{' })).status, 400)
})

t.test('nothing is exported to another folder', async (t) => {
  const outside = await temporaryFolder(t)
  const app = await buildApp(t)
  await ask(app, 'POST', 'preview', { input: INPUT })
  await mkdir(join(app.dataDir, 'exports/real'), { recursive: true })
  await symlink(outside, join(app.dataDir, 'exports/link'))
  await symlink(join(app.dataDir, 'user-series'), join(app.dataDir, 'exports/own'))
  await symlink('/nothing/there', join(app.dataDir, 'exports/dangling'))
  const before = await filesBelow(app.dataDir)
  const folders = [
    '~',
    '~/exports',
    '/etc',
    outside,
    '.',
    '..',
    'output',
    'exports2',
    'exports/..',
    'exports/../output',
    'exports/a/../../user-series',
    '../exports',
    'exports/a\0b',
    `exports/${'a'.repeat(300)}`,
    `exports${'/a'.repeat(40)}`,
    `${app.dataDir}`,
    `${app.dataDir}/exports/../output`,
    'exports/link',
    'exports/link/deeper',
    'exports/own',
    'exports/dangling',
    `${app.dataDir}/exports/link/x`
  ]
  for (const dir of folders) {
    t.match(
      await ask(app, 'POST', `${SEED}/export`, { dir }),
      { status: 400, body: { error: { code: 'invalid_input', message: /^invalid_input: / } } },
      JSON.stringify(dir.slice(0, 60))
    )
  }
  t.same(await filesBelow(outside), [])
  const isKept = (path: string) => !path.startsWith('metrics/')
  t.same((await filesBelow(app.dataDir)).filter(isKept), before.filter(isKept))
})
