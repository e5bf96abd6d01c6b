import { writeFileSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { exportFolder } from '../../../lib/commands/export.ts'
import { importFolder } from '../../../lib/commands/import.ts'
import { createEmbeddedEngine } from '../../../lib/engine/embedded/engine.ts'
import { createJournal } from '../../../lib/engine/embedded/journal.ts'
import { createDatabase } from '../../../lib/engine/postgres/database.ts'
import { createPostgresEngine } from '../../../lib/engine/postgres/engine.ts'
import { createNotices } from '../../../lib/engine/postgres/notices.ts'
import { errors } from '../../../lib/errors.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { createFolderLock } from '../../../lib/storage/folder-lock.ts'
import { createPngFiles } from '../../../lib/storage/png-files.ts'
import { temporaryFolder, until } from '../../helper.ts'
import { noPostgres } from '../../peers/postgres.ts'
import { addressOf, createWorkerByHand, newRun } from '../engine/engine-suite.ts'
import { openPictures } from '../engine/postgres/pictures/open-pictures.ts'
import { wholePng } from '../pictures/png.ts'
import { put } from '../storage/faults.ts'

const print = () => {}

/** The engine of one process on a data folder. */
async function openEmbedded(folder: string, { worker } = createWorkerByHand()) {
  const files = createFiles({ root: folder })
  const engine = createEmbeddedEngine({
    files,
    pngs: createPngFiles(files),
    concurrency: 1,
    queueLimit: 1,
    lockTtlMs: 1_000,
    limits: { usd: 5 },
    archiveRuns: false
  })
  await engine.open(worker)
  engine.start()
  return engine
}

/** The engine of a process that shares a database. */
async function openPostgres(url: string, folder: string) {
  const files = createFiles({ root: folder })
  const database = createDatabase({ url })
  const engine = createPostgresEngine({
    database,
    notices: createNotices({ url }),
    files,
    pngs: createPngFiles(files),
    role: 'http',
    concurrency: 1,
    queueLimit: 1,
    lockTtlMs: 300_000,
    limits: {},
    archiveRuns: false
  })
  await engine.open(createWorkerByHand().worker)
  return {
    runs: engine.runs,
    async close() {
      await engine.stop(0)
      await engine.close()
      await database.close()
    }
  }
}

t.test('an import that was killed is repeated while pictures are put', { skip: noPostgres }, async (t) => {
  const { folder, url: databaseUrl, database, connect, write } = await openPictures(t)
  await write('first', addressOf(1), 1_000)
  await write('second', addressOf(1_301), 1_301_000.5, 'Number 1301')
  for (let index = 2; index <= 2_500; index += 1) {
    const series = index <= 1_300 ? 'first' : 'second'
    const path = join(folder, `output/${series}/annotated/${addressOf(index)}.png`)
    if (index !== 1_301) writeFileSync(path, wholePng())
  }
  await put(folder, `output/first/annotated/${addressOf(9_999)}.png`, 'no PNG')
  const day = new Date().toISOString().slice(0, 10)
  const spending = { version: 'v1', day, usd: 1.5, images: 3, calls: [] }
  await put(folder, 'metrics/spending.json', JSON.stringify(spending))
  const stats = {
    version: 'v1',
    phaseAverages: { annotate: { count: 4, avgNs: 2e9 } },
    generationRuns: 4,
    cacheHits: 2
  }
  await put(folder, 'metrics/progress_phase_stats.json', JSON.stringify(stats))

  let lines = 0
  const kill = () => {
    lines += 1
    if (lines === 2) throw new Error('killed')
  }
  await t.rejects(importFolder({ dataDir: folder, databaseUrl, print: kill }), { message: 'killed' })
  const { pictures } = await connect()
  t.equal(await pictures.count(), 1_300, 'whole batches are kept')

  const drawn = { series: 'second', address: addressOf(2_500), bytes: 99, modifiedMs: 9e12 }
  const [summary] = await Promise.all([
    importFolder({ dataDir: folder, databaseUrl, print }),
    pictures.put(drawn),
    pictures.put({ ...drawn, address: addressOf(2_501) }),
    pictures.remove('first', addressOf(7))
  ])
  t.match(summary, /^2,501 pictures are in /)
  t.match(summary, /1 files are no whole PNG/)
  t.ok([2_500, 2_501].includes(await pictures.count()), 'the import may put the removed file back')
  t.match(await pictures.find('second', addressOf(2_500)), { bytes: 99, modifiedMs: 9e12 }, 'newer rows stay')
  t.match(await pictures.get('second', addressOf(1_301)), { title: 'Number 1301', modifiedMs: 1_301_000.5 })

  const { revision } = pictures
  await importFolder({ dataDir: folder, databaseUrl, print })
  const repeated = await importFolder({ dataDir: folder, databaseUrl, print })
  t.match(repeated, /\n0 were added to the database, which has 2,501 now/)
  await pictures.follow()
  t.ok(pictures.revision <= revision + 1, 'what is there already is no change')
  t.same(await database.query('select usd, images from budget where usd > 0'), [
    { usd: 1_500_000, images: 3 }
  ])

  // A server without a database goes on with the folder.
  await database.query('update budget set usd = 2500000 where usd > 0')
  const exported = await exportFolder({ dataDir: folder, databaseUrl, print })
  t.match(exported, /has 2,501 pictures: 2,500 are in /)
  t.match(exported, /The PNGs of 1 pictures are missing/)
  await t.rejects(exportFolder({ dataDir: join(await temporaryFolder(t), 'typo'), databaseUrl, print }), {
    message: /typo has none of the 2,501 pictures of the database: name the data folder of the servers/
  })
  const engine = await openEmbedded(folder)
  t.teardown(engine.close)
  t.same(engine.ledger.spent(), { usd: 2.5, images: 3 })
  t.equal(engine.averages.of('annotate'), 2e9)
  t.equal(await engine.pictures.count(), 2_501, 'the broken file counts until somebody asks for it')
})

t.test(
  'a paid answer that was lost stays refused after a move, and after the way back',
  { skip: noPostgres },
  async (t) => {
    const { folder, url: databaseUrl, database } = await openPictures(t)
    const [address, other] = [addressOf(1), addressOf(2)]
    const hand = createWorkerByHand()
    const embedded = await openEmbedded(folder, hand)
    for (const [each, error] of [
      [address, errors.answerLost(2)],
      [other, errors.internal(new Error('other'))]
    ] as const) {
      const { run } = await embedded.runs.accept(newRun(each, { client: '192.0.2.7' }))
      await until(() => hand.working.some((working) => working.run.record.runId === run.runId))
      hand.working.at(-1)!.fail(error)
      await until(() => run.done)
    }
    await until(async () => (await readdir(join(folder, 'runs'))).length === 2)
    await embedded.close()

    const options = { dataDir: folder, databaseUrl, print }
    t.match(
      await importFolder(options),
      /\n1 runs that lost a paid answer were added: only force=1 repeats them\./
    )
    t.notMatch(await importFolder(options), /lost a paid answer/)
    const lost = { errorCode: 'ANSWER_LOST', address, runId: /-/, currentPhase: 'failed', attempt: 1 }
    const replica = await openPostgres(databaseUrl, folder)
    const last = await replica.runs.last('simple', address)
    t.match(last, { done: true, failed: true, client: '192.0.2.7' })
    t.match(last!.snapshot(), lost)
    t.equal(await replica.runs.last('simple', other), undefined)
    await replica.close()

    await database.query('insert into average_line (line) values ($1), ($2)', ['{"runs":1}', '{"runs":2}'])
    const target = join(await temporaryFolder(t), 'new')
    t.match(
      await exportFolder({ ...options, dataDir: target }),
      /\n1 runs that lost a paid answer are in its folder/
    )
    await exportFolder({ ...options, dataDir: target })
    const history = await readFile(join(target, 'metrics/progress_phase_history.jsonl'), 'utf8')
    t.equal(history, '{"runs":1}\n{"runs":2}\n', 'each line is written once')
    const back = await openEmbedded(target)
    t.teardown(back.close)
    t.match((await back.runs.last('simple', address))!.snapshot(), lost)

    // A forced run replaces it, and a further import of the old folder does not bring it back.
    await database.query(
      `update run set answer_lost = false, accepted_ns = now_ns(), run_id = 'forced' where answer_lost`
    )
    t.notMatch(await importFolder(options), /lost a paid answer/)
  }
)

t.test('nothing is moved while work would be left behind', { skip: noPostgres }, async (t) => {
  const { folder, url: databaseUrl, database } = await openPictures(t)
  const options = { dataDir: folder, databaseUrl, print }
  await t.rejects(importFolder({ ...options, dataDir: join(folder, 'none') }), { message: /is no folder/ })

  const server = createFolderLock({ root: folder })
  await server.tryAcquire()
  for (const command of [importFolder, exportFolder]) {
    await t.rejects(command(options), { message: /^Another process works on .* End it first\.$/ })
  }
  await server.release()
  const replica = createFolderLock({ root: folder, isShared: true })
  await replica.tryAcquire()
  await importFolder(options)
  await t.rejects(exportFolder(options), { message: /^Another process works on / })
  await replica.release()

  await database.query(
    `insert into run (run_id, series, address, accepted_ns, provider, record, progress)
    values ('r1', 'a', $1, 1, 'openai', '{}', '{}')`,
    [addressOf(1)]
  )
  await t.rejects(exportFolder(options), { message: /^The database has 1 runs and 0 batches that are not/ })
  await database.query("update run set state = 'failed'")
  const batch = "insert into batch (batch_id, client, record, total, existing) values ('b1', '', '{}', 1, 0)"
  await database.query(batch)
  await t.rejects(exportFolder(options), { message: /^The database has 0 runs and 1 batches that are not/ })
  await database.query('delete from batch')
  const process = "insert into process values ('p1', 'all', 1, '', '', now_ns())"
  await database.query(process)
  await t.rejects(exportFolder(options), { message: /^1 processes work with the database: stop all servers/ })
  await database.query('delete from process')

  const runId = '00000000-0000-4000-8000-000000000001'
  const { dress: _dress, ...run } = newRun(addressOf(1))
  const record = { ...run, runId, acceptedNs: 1, step: 'accepted' as const, restarts: 0 }
  const journal = createJournal({ files: createFiles({ root: folder }), onForeign: print })
  await journal.write({ sequence: 1, record, percent: 0 })
  await t.rejects(importFolder(options), {
    message: /has 1 runs and 0 batches that are not finished: start dalle/
  })
  t.same(await readdir(join(folder, 'runs')), [`${runId}.json`], 'the journal stays as it is')
})
