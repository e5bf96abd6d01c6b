import t from 'tap'
import { failingCalls, fullDisk } from './disk.ts'
import { expectHeld } from './held.ts'

t.test('paid drawings wait for a full disk', async (t) => {
  expectHeld(t, await fullDisk({ seed: 1, runs: 2 }))
})

t.test('no failing system call makes a drawing paid twice', async (t) => {
  expectHeld(t, await failingCalls({ seed: 3, rounds: 1 }))
})
