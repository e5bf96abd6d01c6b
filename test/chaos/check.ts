import type { viewFolder } from './folder.ts'
import { PRICE } from './provider.ts'
import type { Provider } from './provider.ts'
import type { Tally } from './tally.ts'

/** A call, and the repeat after a lost answer that the contract declares. */
const MOST_CALLS = 2
const ROUNDING = 1e-4

/** A run whose `generate=1` was answered with 200. */
export interface Accepted {
  address: string
  runId: string
  /** How many runs this picture has had: each may pay for itself. */
  runs: number
  state: 'live' | 'pictured' | 'failed'
  errorCode: string
  error: string
}

interface Checked {
  tally: Tally
  accepted: ReadonlyMap<string, Accepted>
  kept: ReadonlyMap<string, { image?: number; chat?: number }>
  folder: ReturnType<typeof viewFolder>
  provider: Provider
  /** Whether the provider draws. */
  isPaid: boolean
  /** Whether the folder still has the record of what was spent. */
  hasSpending: boolean
  /** Whether other processes write to the folder: what a killed one leaves is removed after an hour. */
  isShared?: boolean
}

/** The full check of a data folder in which no run is live and no server works. */
export async function checkFolder(checked: Checked): Promise<void> {
  const { tally, accepted, folder } = checked
  const pictures = await folder.pictures()
  for (const { address, state, errorCode, error } of accepted.values()) {
    if (state === 'failed') tally.problems.push(`${address}: its run failed with ${errorCode}: ${error}`)
    else if (state === 'live') tally.forgotten += 1
    else if (!pictures.has(address)) tally.filesLost += 1
  }
  const half = await folder.half()
  tally.halfFiles += half.length
  tally.problems.push(...half.map((file) => `${file} is not whole`))
  const leftOver = await folder.temporary()
  if (leftOver.length > 0) {
    const found = checked.isShared ? tally.notes : tally.problems
    found.push(`temporary files were left: ${leftOver.join(', ')}`)
  }
  const journal = await folder.journal()
  // A failure is remembered. Its client was not answered, or its picture was written before the kills that failed it.
  const isRemembered = (address: string) => !accepted.has(address) || pictures.has(address)
  const records = journal.filter(({ address, failed }) => !failed || !isRemembered(address))
  const beside = journal.filter(({ address, failed }) => failed && pictures.has(address)).length
  if (beside > 0) tally.notes.push(`${beside} failures are remembered beside their picture`)
  const answers = await folder.answers()
  if (records.length > 0) tally.problems.push(`the journal still has ${JSON.stringify(records)}`)
  if (answers.size > 0) tally.problems.push(`answers are still kept for ${[...answers].join(', ')}`)
  if (checked.isPaid) {
    await checkCalls(checked)
    if (checked.hasSpending) await checkMoney(checked)
  }
}

async function checkCalls({ tally, accepted, kept, folder, provider }: Checked): Promise<void> {
  for (const { address, runs } of accepted.values()) {
    const calls = provider.callsOf(await folder.prompt(address))
    for (const step of ['chat', 'image'] as const) {
      const beyond = calls[step] - MOST_CALLS * runs
      if (beyond > 0) {
        tally.paidTwice += beyond
        tally.problems.push(`${address}: ${calls[step]} ${step} calls for ${runs} runs`)
      }
      const repeated = calls[step] - (kept.get(address)?.[step] ?? Infinity)
      if (repeated > 0) {
        tally.paidTwice += repeated
        tally.problems.push(`${address}: ${repeated} ${step} calls after its answer was kept`)
      }
    }
  }
}

/** What the server has booked covers what the provider has charged, and is a sum of whole calls. */
async function checkMoney({ tally, folder, provider }: Checked): Promise<void> {
  const { image, chat } = provider.total
  const booked = await folder.spending()
  if (booked === undefined) {
    if (image + chat > 0) tally.problems.push('there is no metrics/spending.json')
    return
  }
  if (booked.day !== new Date().toISOString().slice(0, 10)) {
    tally.notes.push('the day of the budget changed, so the money was not compared')
    return
  }
  const chats = (booked.usd - booked.images * PRICE.image) / PRICE.chat
  if (Math.abs(chats - Math.round(chats)) > ROUNDING) {
    tally.problems.push(
      `${booked.usd} USD is no sum of calls: ${booked.images} drawings and ${chats} prompts`
    )
  }
  if (booked.images < image) tally.problems.push(`${image} drawings arrived, ${booked.images} are booked`)
  if (Math.round(chats) < chat) {
    tally.problems.push(`${chat} prompts arrived, ${Math.round(chats)} are booked`)
  }
  const unseen = booked.images - image + Math.round(chats) - chat
  tally.notes.push(`${image} drawings and ${chat} prompts charged; ${unseen} calls booked that never arrived`)
}
