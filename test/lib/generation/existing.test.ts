import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { createEncodeQueue } from '../../../lib/image/encode-queue.ts'
import { createLocalArtist } from '../../../lib/image/local/artist.ts'
import { ADDRESS, plainPng } from '../../helper.ts'
import { SIMPLE, setUp } from './fixtures.ts'

t.test('a picture without a run is described from its files', async (t) => {
  const { generation, folder, annotated, engine } = await setUp(t, createLocalArtist(createEncodeQueue()))
  await mkdir(join(folder, 'output/simple/annotated'), { recursive: true })
  await mkdir(join(folder, 'output/simple/selector'), { recursive: true })
  await mkdir(join(folder, 'output/simple/title'), { recursive: true })
  const png = await plainPng()
  await writeFile(annotated(ADDRESS), png)
  await writeFile(join(folder, 'output/simple/title', `${ADDRESS}.txt`), 'The Old Title')
  await writeFile(
    join(folder, 'output/simple/selector', `${ADDRESS}.json`),
    JSON.stringify({
      original: ADDRESS,
      downloadMode: 'url',
      fileSize: png.length,
      ipfsHash: 'bafkrei',
      imageUrl: 'https://example.org/x.png',
      generatedPath: '/old/machine/x.png'
    })
  )
  const { outcome, snapshot } = await generation.ensure(SIMPLE, ADDRESS)
  t.equal(outcome, 'cached')
  t.match(snapshot, {
    done: true,
    cacheHit: true,
    percent: 100,
    currentPhase: 'completed',
    provider: 'openai',
    error: ''
  })
  t.match(snapshot.dalleDress, {
    titlePrompt: 'The Old Title',
    imageUrl: 'https://example.org/x.png',
    ipfsHash: 'bafkrei',
    cacheHit: true,
    completed: true,
    generatedPath: `simple/generated/${ADDRESS}.png`
  })
  t.equal(snapshot.dalleDress.fileSize, (await readFile(annotated(ADDRESS))).length)
  t.same(snapshot.dalleDress.attributes, [], 'what is not recorded is not known')
  t.equal(engine.averages.stats.cacheHits, 1)
  t.equal(engine.averages.stats.generationRuns, 0)

  await writeFile(annotated(ADDRESS), await plainPng(64))
  const { dalleDress: replaced } = (await generation.ensure(SIMPLE, ADDRESS)).snapshot
  t.equal(replaced.ipfsHash, '', 'a CID is that of the file that was recorded, and not of another one')

  await writeFile(join(folder, 'output/simple/selector', `${ADDRESS}.json`), '{"original": 7')
  t.equal(
    (await generation.ensure(SIMPLE, ADDRESS)).snapshot.dalleDress.original,
    ADDRESS,
    'an unreadable record counts as missing'
  )
})
