import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Artist } from '../../../lib/image/artist.ts'
import { createEncodeQueue } from '../../../lib/image/encode-queue.ts'
import { createLocalArtist } from '../../../lib/image/local/artist.ts'
import { ADDRESS, plainPng } from '../../helper.ts'
import { SIMPLE, setUp } from './fixtures.ts'

t.test('an image of the artist is stored only if it can be decoded', async (t) => {
  for (const [what, bytes] of [
    ['text', Buffer.from('<html>sorry</html>')],
    ['half a PNG', (await plainPng()).subarray(0, 200)]
  ] as const) {
    const artist: Artist = {
      provider: 'openai',
      compose: () => ({ draw: async () => ({ downloadMode: 'b64', download: async () => bytes }) })
    }
    const { generation, annotated, end } = await setUp(t, artist)
    await generation.ensure(SIMPLE, ADDRESS)
    await end()
    t.match(
      await generation.snapshot('simple', ADDRESS),
      { errorCode: 'IMAGE_DOWNLOAD_ERROR', provider: 'openai', dalleDress: { downloadMode: 'b64' } },
      what
    )
    await t.rejects(readFile(annotated(ADDRESS)), { code: 'ENOENT' })
  }
})

t.test('a disk error fails the run; the error has the reason and no path', async (t) => {
  const { generation, folder, end } = await setUp(t, createLocalArtist(createEncodeQueue()))
  await mkdir(join(folder, 'output/simple'), { recursive: true })
  await writeFile(join(folder, 'output/simple/generated'), 'a file where a folder must be')
  await generation.ensure(SIMPLE, ADDRESS)
  await end()
  const failed = await generation.snapshot('simple', ADDRESS)
  t.equal(failed?.errorCode, 'FILE_SYSTEM_ERROR')
  t.notMatch(failed?.error, folder)
})

t.test('prompts on disk are used again, and the picture is drawn anew', async (t) => {
  const { generation, folder, end, images } = await setUp(t, createLocalArtist(createEncodeQueue()))
  await mkdir(join(folder, 'output/simple/terse'), { recursive: true })
  await mkdir(join(folder, 'output/simple/enhanced'), { recursive: true })
  await writeFile(join(folder, 'output/simple/terse', `${ADDRESS}.txt`), 'Edited by hand.')
  await writeFile(join(folder, 'output/simple/enhanced', `${ADDRESS}.txt`), 'A novel of it.')
  await generation.ensure(SIMPLE, ADDRESS)
  await end()
  const first = (await generation.ensure(SIMPLE, ADDRESS)).snapshot
  t.match(
    first.dalleDress,
    { tersePrompt: 'Edited by hand.', enhancedPrompt: '' },
    'an enhanced prompt is used only where prompts are enhanced'
  )
  t.equal(await readFile(join(folder, 'output/simple/terse', `${ADDRESS}.txt`), 'utf8'), 'Edited by hand.')

  await rm(join(folder, 'output/simple/generated'), { recursive: true })
  await images.remove('simple', ADDRESS)
  t.equal((await generation.ensure(SIMPLE, ADDRESS)).outcome, 'started', 'a removed picture is made again')
  await end()
  t.ok((await readFile(join(folder, 'output/simple/generated', `${ADDRESS}.png`))).length > 0)
})
