import type { Test } from 'tap'
import { ZEROS } from './tally.ts'
import type { Tally } from './tally.ts'

/** Checks what a scenario has found, or skips the test where the machine lacks something. */
export function expectHeld(t: Test, tally: Tally): void {
  const { skipped, problems } = tally
  if (skipped !== undefined) {
    t.pass('skipped', { skip: skipped })
    return
  }
  for (const [zero, title] of Object.entries(ZEROS)) t.equal(tally[zero as keyof typeof ZEROS], 0, title)
  t.same(problems, [])
}
