import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import type { Test } from 'tap'
import { importFolder } from '../../../lib/commands/import.ts'
import { SCHEMA } from '../../../lib/engine/postgres/database.ts'
import { migrate } from '../../../lib/engine/postgres/migrate.ts'
import { storeName } from '../../../lib/storage/store-name.ts'
import { ADDRESS, build, buildApp, createScriptedArtist, json, temporaryFolder, until } from '../../helper.ts'
import { noPostgres, startPostgres } from '../../peers/postgres.ts'

const PICTURE = `/dalle/simple/${ADDRESS}`
const ELSEWHERE = /keeps its files elsewhere: all share one TB_DALLE_DATA_DIR/

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
  await build(t, { dataDir: shared, settings: settings('http') })
  for (const role of ['http', 'worker', 'all']) {
    await t.rejects(
      buildApp(t, { dataDir: other, settings: settings(role) }),
      { message: ELSEWHERE, mayPass: false },
      `${role}: no picture of this process could be served by the others`
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

t.test('a folder without the pictures of the database is not used', { skip: noPostgres }, async (t) => {
  const { database, settings } = await openDatabase(t)
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist, settings: settings('all') })
  await fetch(`${server.url}${PICTURE}?generate=1`)
  await until(() => asked.length === 1)
  asked[0]!.deliver()
  await until(async () => (await fetch(server.url + PICTURE)).headers.get('content-type') === 'image/png')
  await server.app.close()

  const query = async (text: string) => {
    const client = new pg.Client({ connectionString: database })
    await client.connect()
    await client.query(text).finally(async () => await client.end())
  }
  const empty = await temporaryFolder(t)
  const start = async () => await build(t, { artist, dataDir: empty, settings: settings('all') })
  await t.resolves(
    start().then(async ({ app }) => await app.close()),
    'a picture that is this new may not be seen on each host yet'
  )
  await query(`update ${SCHEMA}.picture set put_at = put_at - interval '3 minutes'`)
  await t.rejects(start(), {
    message: /has no picture of the database, and no folder "output\/simple\/annotated": mount the folder/,
    mayPass: true
  })
  await t.resolves(
    build(t, { artist, dataDir: server.dataDir, settings: settings('all') }).then(({ app }) => app.close())
  )

  // The folder is lost, and the operator says so.
  await mkdir(join(empty, 'output/simple/annotated'), { recursive: true })
  const { url } = await start()
  t.same((await json(await fetch(url + PICTURE))).data, {})
  await fetch(`${url}${PICTURE}?generate=1`)
  await until(() => asked.length === 2)
  asked[1]!.deliver()
  await until(async () => (await fetch(url + PICTURE)).headers.get('content-type') === 'image/png')
})

t.test('the name of a store', async (t) => {
  const [folder, other] = [await temporaryFolder(t), await temporaryFolder(t)]
  const names = await Promise.all(Array.from({ length: 20 }, async () => await storeName(folder, undefined)))
  t.match(names[0], /^folder [0-9a-f-]{36}$/)
  t.equal(new Set(names).size, 1, 'processes that start together agree')
  t.same(await readdir(folder), ['dalleserver.id'], 'nothing is left over')
  t.not(await storeName(other, undefined), names[0])
  t.equal(await storeName(folder, { url: 'https://inside:9000/pictures/art' }), 'bucket /pictures/art')

  const broken = await temporaryFolder(t)
  await writeFile(join(broken, 'dalleserver.id'), '')
  t.equal(await storeName(broken, undefined), '', 'a file without a text names nothing')
  const linked = await temporaryFolder(t)
  await symlink(join(folder, 'dalleserver.id'), join(linked, 'dalleserver.id'))
  t.equal(await storeName(linked, undefined), '', 'a link is not followed')
})
