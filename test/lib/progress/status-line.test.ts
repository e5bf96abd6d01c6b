import t from 'tap'
import { createAverages } from '../../../lib/progress/averages.ts'
import { WORK_PHASES } from '../../../lib/progress/phases.ts'
import { statusLine } from '../../../lib/progress/status-line.ts'
import { USUAL, createRun, statsOf } from './fixtures.ts'

t.test('without a working run there is no status line', async (t) => {
  t.equal(statusLine([]), undefined)
  t.equal(statusLine([createRun().run]), undefined, 'a run in the queue does not work')
})

t.test('a working run is shown with its phase, its percent, its age and the remaining time', async (t) => {
  const { run, clock } = createRun(createAverages(JSON.stringify(statsOf(USUAL))))
  for (const phase of WORK_PHASES.slice(0, 5)) run.begin(phase)
  clock.pass(15)
  const line = statusLine([run], clock.now() / 1e6)
  t.equal(line, 'simple 0xf503…179b image_wait 40 %, 15 s, about 30 s left')
})

t.test('three runs are shown, the others are counted', async (t) => {
  const runs = Array.from({ length: 7 }, () => createRun())
  for (const { run } of runs.slice(0, 5)) run.begin('setup')
  const now = runs[0]!.clock.now() / 1e6
  const line = statusLine(
    runs.map(({ run }) => run),
    now
  )
  const shown = 'simple 0xf503…179b setup 0 %, 0 s'
  t.equal(line, [shown, shown, shown, '2 more', '2 waiting'].join(' | '))
})
