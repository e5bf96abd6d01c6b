import { utimes } from 'node:fs/promises'
import t from 'tap'
import { temporaryFolder } from '../../../helper.ts'
import { createTestDatabase, noPostgres } from '../../../peers/postgres.ts'
import { wholePng } from '../../pictures/png.ts'
import { put } from '../../storage/faults.ts'
import { testCosts } from '../cost-suite.ts'
import { testEngine } from '../engine-suite.ts'
import type { EngineUnderTest } from '../engine-suite.ts'
import { testRunTime } from '../run-time-suite.ts'
import { createEngine, freezeClock } from './engines.ts'

const postgres: EngineUnderTest = {
  name: 'PostgreSQL',
  createStore: async (t) => {
    const folder = await temporaryFolder(t)
    const url = await createTestDatabase()
    const clock = await freezeClock(t, url)
    return {
      async connect(changes) {
        const connected = createEngine(url, folder, clock, changes)
        t.teardown(connected.stop)
        return { engine: connected.engine, clock }
      },
      async writePicture({ series, address, modifiedMs }, title) {
        const png = wholePng()
        const path = await put(folder, `output/${series}/annotated/${address}.png`, png)
        await utimes(path, modifiedMs / 1_000, modifiedMs / 1_000)
        await put(folder, `output/${series}/title/${address}.txt`, title)
        return { series, address, modifiedMs, bytes: png.length }
      }
    }
  }
}

if (noPostgres) t.test('the suite', { skip: noPostgres }, async () => {})
else {
  testEngine(postgres)
  testCosts(postgres)
  testRunTime(postgres)
}
