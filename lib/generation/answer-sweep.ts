import type { PictureIndex } from '../engine/pictures.ts'
import type { RunStore } from '../engine/engine.ts'
import type { FileStat } from '../storage/file-types.ts'
import type { Files } from '../storage/files.ts'
import { FOLDERS, answerPath, isPictureName, isSeriesName } from '../storage/layout.ts'
import type { Answers } from './answers.ts'

/** An answer is left alone until it is this old, in milliseconds: the run that has kept it may be about to end. */
const SETTLED_MS = 10 * 60_000
const ANSWER = '.draw'

export interface AnswerSweepParts {
  files: Pick<Files, 'list' | 'stat'>
  answers: Pick<Answers, 'runOf' | 'remove'>
  runs: Pick<RunStore, 'last' | 'hasCompleted'>
  pictures: Pick<PictureIndex, 'find'>
  /** Unix time in milliseconds. */
  now?: () => number
}

/**
 * Removes the kept answers whose picture is made, and that were left over: a worker has lost its run and then died, or
 * the disk has refused the removal. The answer of a run that has failed stays for the next run of the picture, because
 * it is paid for, and nothing is removed while a run of the picture lives.
 * @returns how many were removed
 */
export async function sweepAnswers(parts: AnswerSweepParts): Promise<number> {
  let removed = 0
  for (const { series, address } of await listAnswers(parts.files)) {
    const before = await parts.files.stat(answerPath(series, address))
    if (before === undefined || !(await isUsedUp(parts, series, address, before))) continue
    // A run that has begun meanwhile may have kept its own.
    const now = await parts.files.stat(answerPath(series, address))
    if (now?.mtimeMs !== before.mtimeMs || now.size !== before.size) continue
    await parts.answers.remove(series, address)
    removed += 1
  }
  return removed
}

/** Whether the picture of an answer is made, and no run may use the answer any more. */
async function isUsedUp(
  { answers, runs, pictures, now = Date.now }: AnswerSweepParts,
  series: string,
  address: string,
  { mtimeMs }: FileStat
): Promise<boolean> {
  if (now() - mtimeMs < SETTLED_MS) return false
  const runId = await answers.runOf(series, address)
  const isMade =
    ((await pictures.find(series, address))?.modifiedMs ?? 0) > mtimeMs ||
    (runId !== undefined && (await runs.hasCompleted(runId, series, address)))
  return isMade && (await runs.last(series, address))?.done !== false
}

async function listAnswers(files: Pick<Files, 'list'>): Promise<Array<{ series: string; address: string }>> {
  const found: Array<{ series: string; address: string }> = []
  for (const { name: series } of await files.list(FOLDERS.answers)) {
    if (!isSeriesName(series)) continue
    for (const { name } of await files.list(`${FOLDERS.answers}/${series}`)) {
      const address = name.slice(0, -ANSWER.length)
      if (name.endsWith(ANSWER) && isPictureName(address)) found.push({ series, address })
    }
  }
  return found
}
