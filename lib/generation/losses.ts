import type { Ledger, PaidCall, Reservation } from '../engine/engine.ts'

/** A ledger that counts the drawings whose answers are lost, and what they cost. */
export function countLosses(ledger: Pick<Ledger, 'loseEarlier' | 'reserve' | 'settleKept'>) {
  const lost = { drawings: 0, usd: 0 }
  return {
    lost,
    loseEarlier: ledger.loseEarlier,
    settleKept: ledger.settleKept,
    async reserve(call: PaidCall): Promise<Reservation> {
      const reservation = await ledger.reserve(call)
      return {
        settle: reservation.settle,
        lose() {
          reservation.lose()
          if (call.step !== 'draw') return
          lost.drawings += 1
          lost.usd += call.expected.usd
        }
      }
    }
  }
}
