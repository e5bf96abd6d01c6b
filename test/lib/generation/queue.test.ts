import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { ADDRESS, createScriptedArtist, until } from '../../helper.ts'
import { HOLD_MS, LOCK_TTL_MS, SIMPLE, addressOf, setUp } from './fixtures.ts'

t.test(
  'a limited number of runs work at once, the others wait in order, and a full queue refuses more',
  async (t) => {
    const { artist, asked } = createScriptedArtist()
    const { generation, end } = await setUp(t, artist)
    for (let index = 0; index < 5; index += 1) await generation.ensure(SIMPLE, addressOf(index))
    await until(() => asked.length === 2)
    const positions = await Promise.all(
      [0, 1, 2, 3, 4].map(
        async (index) => (await generation.snapshot('simple', addressOf(index)))?.queuePosition
      )
    )
    t.same(positions, [0, 0, 1, 2, 3])
    await t.rejects(generation.ensure(SIMPLE, addressOf(5)), {
      code: 'QUEUE_FULL',
      statusCode: 503,
      retryAfter: 10
    })
    t.equal(await generation.snapshot('simple', addressOf(5)), undefined)
    t.equal(
      (await generation.ensure(SIMPLE, addressOf(4))).outcome,
      'joined',
      'a run in the queue can be joined'
    )

    asked[0]!.deliver()
    await until(() => asked.length === 3)
    t.equal(asked[2]!.address, addressOf(2))
    t.same((await generation.snapshot('simple', addressOf(3)))?.queuePosition, 1)
    for (let index = 1; index < 5; index += 1) {
      await until(() => asked.length > index)
      asked[index]!.deliver()
    }
    await end(addressOf(4))
    t.equal((await generation.ensure(SIMPLE, addressOf(4))).outcome, 'cached')
  }
)

t.test('a run older than the lock TTL fails, and its late picture is not stored', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation, annotated, end, ended, clock } = await setUp(t, artist)
  await generation.ensure(SIMPLE, ADDRESS)
  await until(() => asked.length === 1)
  await clock.advance(LOCK_TTL_MS - 1)
  t.notOk(asked[0]!.signal.aborted)
  await clock.advance(1)
  await end()
  const failed = await generation.snapshot('simple', ADDRESS)
  t.equal(failed?.errorCode, 'GENERATION_TIMEOUT')
  t.match(failed?.error, /300 s/)
  t.equal(failed?.phases.find(({ name }) => name === 'image_wait')?.error, failed?.error)
  t.ok(asked[0]!.signal.aborted)
  t.equal(ended.length, 1)

  await clock.advance(HOLD_MS)
  t.equal((await generation.ensure(SIMPLE, ADDRESS)).outcome, 'started')
  asked[0]!.deliver()
  await until(() => asked.length === 2)
  await t.rejects(readFile(annotated(ADDRESS)), { code: 'ENOENT' })
  asked[1]!.deliver()
  await end()
  t.equal((await generation.ensure(SIMPLE, ADDRESS)).outcome, 'cached')
})

t.test('cancel ends a waiting run at once, and a working run at its next step', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation, annotated } = await setUp(t, artist, { engine: { concurrency: 1 } })
  t.equal(await generation.cancel('simple', ADDRESS), undefined)
  await generation.ensure(SIMPLE, addressOf(1))
  await generation.ensure(SIMPLE, addressOf(2))
  await generation.ensure(SIMPLE, addressOf(3))
  await until(() => asked.length === 1)
  t.match(await generation.cancel('simple', addressOf(2)), { done: true, errorCode: 'CANCELLED' })
  t.equal((await generation.snapshot('simple', addressOf(3)))?.queuePosition, 1)
  t.match(await generation.cancel('simple', addressOf(1)), { done: true, errorCode: 'CANCELLED' })
  await t.rejects(readFile(annotated(addressOf(1))), { code: 'ENOENT' })
  await until(() => asked.length === 2)
  t.equal(asked[1]!.address, addressOf(3), 'a cancelled run never reaches the artist')
  t.equal(await generation.cancel('simple', addressOf(1)), undefined)
})

t.test('stop suspends a run that does not finish in time, and no partial file is left', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation, folder, clock, stop, ended } = await setUp(t, artist)
  await generation.ensure(SIMPLE, ADDRESS)
  await until(() => asked.length === 1)
  const stopped = stop(8_000)
  await clock.advance(7_999)
  t.notOk(asked[0]!.signal.aborted)
  await clock.advance(1)
  await stopped
  t.same(ended, [], 'the run has not ended')
  t.equal((await readdir(join(folder, 'runs'))).length, 1, 'its record is kept')
  const left = await readdir(join(folder, 'output'), { recursive: true })
  t.same(
    left.filter((name) => name.endsWith('.tmp') || name.endsWith('.png')),
    []
  )
})
