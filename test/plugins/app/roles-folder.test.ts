import { cp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import type { Test } from 'tap'
import { importFolder } from '../../../lib/commands/import.ts'
import { SCHEMA } from '../../../lib/engine/postgres/database.ts'
import { migrate } from '../../../lib/engine/postgres/migrate.ts'
import { createStoreName } from '../../../lib/storage/store-name.ts'
import { ADDRESS, build, buildApp, createScriptedArtist, json, temporaryFolder, until } from '../../helper.ts'
import { noPostgres, startPostgres } from '../../peers/postgres.ts'

const PICTURE = `/dalle/simple/${ADDRESS}`
const ELSEWHERE = /^Process \d+ on ".+" .*keeps its files elsewhere: .* All share one TB_DALLE_DATA_DIR/

/** Starts processes with one database, each with its own folder. */
async function openDatabase(t: Test) {
  const postgres = await startPostgres(t)
  const database = await postgres.createDatabase()
  await migrate(database)
  const settings = (role: string) => ({ TB_DALLE_DATABASE_URL: database, TB_DALLE_ROLE: role })
  return { database, settings }
}

t.test('processes with one database share one folder', { skip: noPostgres }, async (t) => {
  const { database, settings } = await openDatabase(t)
  const [shared, other] = [await temporaryFolder(t), await temporaryFolder(t)]
  const { artist, asked } = createScriptedArtist()
  const start = async (role: string, dataDir: string) =>
    await build(t, { artist, dataDir, settings: settings(role) })
  const server = await start('http', shared)
  const elsewhere = [await start('worker', other), await start('http', other)]
  for (const { url } of elsewhere) {
    t.equal((await fetch(`${url}/readyz`)).status, 503)
    t.match((await json(await fetch(`${url}/health`))).data.components.filesystem, {
      status: 'unhealthy',
      message: 'The data folder is not the one of the other processes'
    })
    const refused = await fetch(`${url}${PICTURE}?generate=1`)
    t.match([refused.status, (await json(refused)).error], [503, { code: 'SERVICE_UNAVAILABLE' }])
  }
  t.equal((await fetch(`${server.url}/readyz`)).status, 200, 'the first process is right')
  t.equal((await fetch(`${server.url}${PICTURE}?generate=1`)).status, 200)
  await start('worker', shared)
  await until(() => asked.length === 1)
  asked[0]!.deliver()
  // The worker of the other folder has not taken the run.
  await until(async () => (await fetch(server.url + PICTURE)).headers.get('content-type') === 'image/png')

  for (const role of ['http', 'worker', 'all']) {
    await t.rejects(
      buildApp(t, { dataDir: await temporaryFolder(t), settings: settings(role) }),
      { message: ELSEWHERE, mayPass: false },
      `${role}: where there are pictures, such a process does not start`
    )
  }
  await t.rejects(importFolder({ dataDir: other, databaseUrl: database, print: () => {} }), {
    message: ELSEWHERE
  })
  const bucket = { url: 'http://127.0.0.1:9/pictures', region: 'x', accessKeyId: 'x', secretAccessKey: 'x' }
  await t.rejects(importFolder({ dataDir: shared, databaseUrl: database, s3: bucket, print: () => {} }), {
    message: ELSEWHERE
  })

  const mounted = join(await temporaryFolder(t), 'mounted')
  await symlink(shared, mounted)
  await t.resolves(buildApp(t, { dataDir: mounted, settings: settings('worker') }), 'another path to it')
})

/** A server that has made a picture, and a database in which it is older than two minutes. */
async function withPicture(t: Test) {
  const { database, settings } = await openDatabase(t)
  const { artist, asked } = createScriptedArtist()
  const start = async (dataDir: string) => await build(t, { artist, dataDir, settings: settings('all') })
  const restart = async (dataDir: string) => await (await start(dataDir)).app.close()
  const make = async (url: string) => {
    const before = asked.length
    await fetch(`${url}${PICTURE}?generate=1`)
    await until(() => asked.length > before)
    asked.at(-1)!.deliver()
    await until(async () => (await fetch(url + PICTURE)).headers.get('content-type') === 'image/png')
  }
  const query = async (text: string) => {
    const client = new pg.Client({ connectionString: database })
    await client.connect()
    await client.query(text).finally(async () => await client.end())
  }
  const dataDir = await temporaryFolder(t)
  const { app, url } = await start(dataDir)
  await make(url)
  await app.close()
  return { database, dataDir, start, restart, make, query }
}

t.test('a folder without the pictures of the database is not used', { skip: noPostgres }, async (t) => {
  const { database, dataDir, start, restart, make, query } = await withPicture(t)
  const [young, empty] = [await temporaryFolder(t), await temporaryFolder(t)]
  await t.resolves(restart(young), 'a picture that is this new may not be seen on each host yet')
  await restart(dataDir)

  await query(`update ${SCHEMA}.picture set put_at = put_at - interval '3 minutes'`)
  await t.rejects(start(empty), {
    message: new RegExp(
      `^The data folder ${empty} has no picture of the database: .*"output/simple/annotated"`
    ),
    mayPass: true
  })
  t.notOk((await readdir(empty)).includes('dalleserver.id'), 'it gets no id')
  await t.rejects(
    start(young),
    { message: /dalleserver\.id has another id/, mayPass: false },
    'the folder of another service, or of another time, also when no process lives'
  )
  await t.rejects(importFolder({ dataDir: young, databaseUrl: database, print: () => {} }), {
    message: /has another id/
  })
  await t.resolves(restart(dataDir))

  // A backup is restored without the id.
  const restored = await temporaryFolder(t)
  await cp(dataDir, restored, { recursive: true })
  await rm(join(restored, 'dalleserver.id'))
  await t.resolves(restart(restored))
  await t.rejects(start(dataDir), { message: /has another id/ }, 'the former folder is not used by mistake')

  // The folder is lost, and the operator says so.
  await mkdir(join(empty, 'output/simple/annotated'), { recursive: true })
  const { url } = await start(empty)
  await make(url)
})

t.test('the pictures of a bucket are not looked for in a folder', { skip: noPostgres }, async (t) => {
  const { dataDir, start, query } = await withPicture(t)
  await query(
    `update ${SCHEMA}.picture set put_at = put_at - interval '3 minutes', object_key = 'simple/1.png'`
  )
  const message = /are in a bucket: set TB_DALLE_S3_URL/
  await t.rejects(start(await temporaryFolder(t)), { message })
  await query(`update ${SCHEMA}.store set name = 'bucket /pictures'`)
  await t.rejects(start(dataDir), { message })
  await query(`update ${SCHEMA}.picture set object_key = null`)
  await t.resolves(start(dataDir), 'nothing has come to the bucket yet')
})

t.test('the name of a store', async (t) => {
  const [folder, other] = [await temporaryFolder(t), await temporaryFolder(t)]
  t.equal(await createStoreName(folder, undefined).read(), undefined)
  const names = await Promise.all(
    Array.from({ length: 20 }, async () => await createStoreName(folder, undefined).create())
  )
  t.match(names[0], /^folder [0-9a-f-]{36}$/)
  t.equal(new Set(names).size, 1, 'processes that start together agree')
  t.equal(await createStoreName(folder, undefined).read(), names[0])
  t.same(await readdir(folder), ['dalleserver.id'], 'nothing is left over')
  t.not(await createStoreName(other, undefined).create(), names[0])
  const bucket = createStoreName(folder, { url: 'https://inside:9000/pictures/art' })
  t.same([await bucket.read(), await bucket.create()], ['bucket /pictures/art', 'bucket /pictures/art'])

  const broken = await temporaryFolder(t)
  await writeFile(join(broken, 'dalleserver.id'), '')
  t.equal(await createStoreName(broken, undefined).create(), '', 'a file without a text names nothing')
  const linked = await temporaryFolder(t)
  await symlink(join(folder, 'dalleserver.id'), join(linked, 'dalleserver.id'))
  t.equal(await createStoreName(linked, undefined).create(), '', 'a link is not followed')
})
