import { setImmediate, setTimeout as sleep } from 'node:timers/promises'

/** The start is over, and the first requests are answered. */
const AFTER_MS = 2_000
/**
 * After these, V8 has compiled most of what draws. The first drawing takes thirty times as long as later ones, and the
 * 200 after 12 drawings take an eighth more CPU than those after 40.
 */
const COUNT = 40
const ADDRESS_DIGITS = 40

/**
 * Draws some pictures soon after the start and throws them away, so that those of the first visitors do not take longer
 * than others. Other work has its turn between two drawings.
 * @param draw draws the picture of an address
 * @param signal ends it early
 */
export async function warmUp(
  draw: (address: string) => Promise<unknown>,
  signal: AbortSignal,
  afterMs = AFTER_MS
): Promise<void> {
  await sleep(afterMs, undefined, { ref: false, signal }).catch(() => {})
  for (let index = 0; index < COUNT && !signal.aborted; index += 1) {
    await draw(`0x${String(index).padStart(ADDRESS_DIGITS, '0')}`)
    await setImmediate()
  }
}
