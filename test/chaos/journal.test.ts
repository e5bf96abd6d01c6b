import t from 'tap'
import { expectHeld } from './held.ts'
import { foreignJournal } from './journal.ts'

t.test('foreign files in the journal are moved aside, and the runs go on', async (t) => {
  expectHeld(t, await foreignJournal({ seed: 1 }))
})
