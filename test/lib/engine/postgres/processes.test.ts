import t from 'tap'
import { createDatabase } from '../../../../lib/engine/postgres/database.ts'
import { migrate } from '../../../../lib/engine/postgres/migrate.ts'
import { createProcesses } from '../../../../lib/engine/postgres/processes.ts'
import type { ProcessFacts } from '../../../../lib/engine/postgres/processes.ts'
import { noPostgres, startPostgres } from '../../../peers/postgres.ts'

t.test('processes in different places wait for each other', { skip: noPostgres }, async (t) => {
  const server = await startPostgres(t)
  const url = await server.createDatabase()
  await migrate(url)
  const database = createDatabase({ url, connections: 2 })
  t.teardown(() => database.close())
  const processes = createProcesses({ database, now: () => Date.now() * 1e6 })
  const factsOf = (pid: number, store: string): ProcessFacts => ({
    processId: `host:${pid}:0`,
    role: 'all',
    slots: 1,
    databaseHash: '',
    artist: '',
    store
  })
  const [first, second, unknown] = [factsOf(1, 'folder a'), factsOf(2, 'folder b'), factsOf(3, '')]
  const elsewhere =
    /^Process 1 on "host" .* keeps its files elsewhere: in folder a, and this one in folder b\./

  t.equal(await processes.enter(first), undefined)
  t.match(await processes.enter(second), elsewhere, 'the second one waits')
  t.equal(await processes.enter(unknown), undefined, 'a place that is not known is not compared')
  t.equal(await processes.beat(first), undefined, 'the first one is not kept from its work')
  t.match(await processes.beat(second), elsewhere)

  const acceptRun = `insert into run (run_id, series, address, state, accepted_ns, provider, record, progress)
    values ('1', 'simple', '0x', 'waiting', 0, 'local', '{}', '{}')`
  await database.query(acceptRun)
  await t.rejects(processes.enter(factsOf(4, 'folder b')), { message: elsewhere }, 'where a run is open')
  await processes.leave(first.processId)
  t.match(
    await processes.beat(second),
    'The pictures were made in another place: start again.',
    'a paid answer of the run may be in the folder of the first one'
  )
  t.equal(await processes.enter(first), undefined, 'which goes on')
  await processes.leave(first.processId)
  await database.query('delete from run')
  t.equal(await processes.beat(second), undefined, 'without any work, the second one takes the place')
  t.match(await processes.enter(first), /in folder b, and this one in folder a/)
})
