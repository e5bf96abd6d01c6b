import { AsyncResource } from 'node:async_hooks'
import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'

/** Questions wait for the statement before them for this long at most, in milliseconds. */
const LATE_MS = 100

export interface GatheringOptions {
  clock?: Pick<Clock, 'startTimer'>
}

interface Waiting<Question, Answer> {
  question: Question
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
}

/**
 * Answers the questions of many readers with few statements: those that come while a statement is under way are the
 * next one together. A statement begins after each of its questions, so no answer is older than its question. It is
 * made outside of transactions.
 * @param ask answers questions with one statement, in their order
 */
export function createGathering<Question, Answer>(
  ask: (questions: Question[]) => Promise<Answer[]>,
  { clock = systemClock }: GatheringOptions = {}
): (question: Question) => Promise<Answer> {
  const outside = new AsyncResource('dalleserver.gathering')
  let waiting: Array<Waiting<Question, Answer>> = []
  let underWay: object | undefined

  async function answer(asked: ReadonlyArray<Waiting<Question, Answer>>): Promise<void> {
    try {
      const answers = await ask(asked.map(({ question }) => question))
      for (const [index, { resolve }] of asked.entries()) resolve(answers[index]!)
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }

  function start(): void {
    const asked = waiting
    waiting = []
    const statement = {}
    underWay = statement
    const next = () => {
      cancelTimer()
      if (underWay !== statement) return
      underWay = undefined
      if (waiting.length > 0) start()
    }
    // A database that hangs does not hold up the next ones.
    const cancelTimer = clock.startTimer(LATE_MS, next)
    outside.runInAsyncScope(answer, undefined, asked).then(next, next)
  }

  return async (question) =>
    await new Promise<Answer>((resolve, reject) => {
      waiting.push({ question, resolve, reject })
      if (underWay === undefined) start()
    })
}
