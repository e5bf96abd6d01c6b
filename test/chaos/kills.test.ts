import t from 'tap'
import { expectHeld } from './held.ts'
import { killsAtRandom } from './kills.ts'
import { answerLost } from './steps.ts'

// `npm run test:chaos` kills 200 times, at each step of a run, and has more artists, clocks and journals. The tests
// here together are its short form.

t.test('runs of the provider survive kill -9, and nothing is paid twice', async (t) => {
  expectHeld(
    t,
    await killsAtRandom({ artist: 'openai', kills: 2, seed: 1, delay: [50, 500], life: [300, 900] })
  )
})

t.test('a lost answer that is never repeated waits for force=1', async (t) => {
  expectHeld(t, await answerLost({ seed: 3, restarts: 1 }))
})
