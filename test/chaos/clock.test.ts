import t from 'tap'
import { jumpingClock } from './clock.ts'
import { expectHeld } from './held.ts'

t.test('a clock that jumps breaks no run, no hold and no day of the budget', async (t) => {
  expectHeld(t, await jumpingClock({ seed: 1, jumps: 1 }))
})
