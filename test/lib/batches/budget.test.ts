import t from 'tap'
import { budgetRefusal } from '../../../lib/batches/budget.ts'
import { limitRefusal } from '../../../lib/engine/limits.ts'
import type { Expense } from '../../../lib/engine/engine.ts'

const limits = { usd: 10 }
const NOTHING = { usd: 0, images: 0 }

/** The money of a day of which an hour is left. */
const ledgerWith = (spent: Expense, held: Expense) => ({
  limits,
  spent: () => spent,
  refusal: (expected: Expense) => limitRefusal(limits, { spent, held, secondsLeft: 3600 }, expected)
})

t.test('a batch that costs more than is left is told when to ask again', (t) => {
  const cost = { usd: 4, images: 20 }
  const spent = { usd: 7, images: 30 }
  t.equal(budgetRefusal(ledgerWith({ usd: 6, images: 30 }, NOTHING), cost, NOTHING), undefined)
  t.match(budgetRefusal(ledgerWith(spent, NOTHING), cost, NOTHING), {
    code: 'BUDGET_EXHAUSTED',
    retryAfter: 3600,
    details: '4 USD are expected, and 3 of 10 USD a day are left; the count starts anew at midnight UTC'
  })
  t.match(budgetRefusal(ledgerWith(spent, { usd: 2, images: 8 }), cost, NOTHING), {
    code: 'BUDGET_EXHAUSTED',
    retryAfter: 30,
    details:
      '4 USD are expected, and 3 of 10 USD a day are left; ask again when the pictures that are drawn now are ready'
  })
  const tooDear = budgetRefusal(ledgerWith(spent, { usd: 2, images: 8 }), { usd: 11, images: 55 }, NOTHING)
  t.match(tooDear, { details: /make the batch smaller$/ })
  t.equal(tooDear?.retryAfter, undefined)
  t.end()
})
