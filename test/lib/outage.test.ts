import t from 'tap'
import { createOutage } from '../../lib/outage.ts'

t.test('failures that repeat are reported once, and so is their end', async (t) => {
  const log: string[] = []
  const outage = createOutage({
    onBegin: (error) => log.push((error as Error).message),
    onEnd: () => log.push('works')
  })
  outage.succeed()
  for (let attempt = 0; attempt < 3; attempt += 1) outage.fail(new Error('away'))
  outage.fail(new Error('full'))
  outage.succeed()
  outage.succeed()
  outage.fail(new Error('away'))
  t.same(log, ['away', 'full', 'works', 'away'])
})
