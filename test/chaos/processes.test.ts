import t from 'tap'
import { expectHeld } from './held.ts'
import { twoProcesses } from './processes.ts'
import { terminateUnderLoad } from './terminate.ts'

t.test('two processes on one folder buy each picture once, and the second one takes over', async (t) => {
  expectHeld(t, await twoProcesses({ seed: 1, pictures: 6 }))
})

t.test('a stop forgets no run', async (t) => {
  expectHeld(t, await terminateUnderLoad({ seed: 2, rounds: 1, outlasting: false }))
})
