import t from 'tap'
import { inTime } from '../../lib/in-time.ts'
import { createClock } from '../clock.ts'

t.test('a result that comes in time is given, and a later one is told', async (t) => {
  const clock = createClock()
  const late: number[] = []
  const options = { ms: 500, onLate: (result: number) => late.push(result), clock }
  t.equal(await inTime(Promise.resolve(3), options), 3)
  t.equal(await inTime(Promise.reject(new Error('a disk fails')), options), undefined)

  let finish = (_result: number) => {}
  const work = new Promise<number>((resolve) => {
    finish = resolve
  })
  const waiting = inTime(work, options)
  await clock.advance(500)
  t.equal(await waiting, undefined)
  t.same(late, [])
  finish(4)
  await work
  t.same(late, [4])

  let fail = (_error: Error) => {}
  const broken = inTime(new Promise<number>((_resolve, reject) => (fail = reject)), options)
  await clock.advance(500)
  t.equal(await broken, undefined)
  fail(new Error('a disk fails later'))
  await clock.advance(500)
  t.same(late, [4], 'a failure is not told')
})
