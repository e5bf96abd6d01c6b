import t from 'tap'
import { createExhaustionWatch } from '../../../lib/engine/daily-budget.ts'
import type { DailyBudget } from '../../../lib/engine/daily-budget.ts'

const budget = (day: number, isExhausted: boolean): DailyBudget => ({
  isExhausted,
  usd: isExhausted ? 0 : 5,
  images: undefined,
  until: new Date(Date.UTC(2026, 0, day + 1))
})

t.test('an exhausted budget is reported once a day', (t) => {
  const reported: number[] = []
  const watch = createExhaustionWatch(({ until }) => reported.push(until.getUTCDate()))
  watch(budget(1, false))
  t.same(reported, [])
  watch(budget(1, true))
  // What a failed call has reserved is given back.
  watch(budget(1, false))
  watch(budget(1, true))
  t.same(reported, [2])
  watch(budget(2, false))
  watch(budget(2, true))
  t.same(reported, [2, 3])
  t.end()
})
