import t from 'tap'
import { expectHeld } from './chaos/held.ts'
import { noPostgres } from './peers/postgres.ts'
import { lostDatabase } from './replicas/lost-database.ts'
import { lostServers } from './replicas/lost-servers.ts'
import { lostWorkers } from './replicas/lost-workers.ts'
import { sharedWork } from './replicas/shared-work.ts'

// `npm run test:chaos -- --only replicas` has more runs, longer outages, a wrong clock, a rolling restart, and 500
// random schedules.
const skip = noPostgres
const seed = 1

t.test('two servers and two workers share runs, cancels and a budget', { skip }, async (t) => {
  expectHeld(t, await sharedWork({ seed, requests: 1_000, runs: 20 }))
})

t.test('the runs of a worker that dies or freezes are taken up', { skip }, async (t) => {
  expectHeld(t, await lostWorkers({ seed }))
})

t.test('clients of a server that dies go on at another one', { skip }, async (t) => {
  expectHeld(t, await lostServers({ seed }))
})

t.test('the database goes away for a moment', { skip }, async (t) => {
  const outages = [{ mode: 'immediate', ms: 2_000 }] as const
  expectHeld(t, await lostDatabase({ seed, outages, runs: 4 }))
})
