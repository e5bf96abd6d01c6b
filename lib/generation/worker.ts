import type { Databases } from '../dress/databases.ts'
import type { ClaimedRun, RunRecord, Worker } from '../engine/engine.ts'
import { errors } from '../errors.ts'
import type { ServiceError } from '../errors.ts'
import type { Answers } from './answers.ts'
import type { StoredPictures } from '../pictures/stored.ts'
import type { Series } from '../schemas/series.ts'
import { isStrict, prepareRun } from './orders.ts'
import { makePicture } from './pipeline.ts'
import type { PipelineParts } from './pipeline.ts'

/** The built-in artist. */
const LOCAL = 'local'

export interface ProblemParts {
  artist: { provider: string }
  databases: Pick<Databases, 'hash'>
  /** The series of this name; undefined when it is gone. */
  findSeries: (name: string, options: { withDeleted: boolean }) => Promise<Series | undefined>
}

export interface WorkerOptions extends Omit<PipelineParts, 'onDiskError'>, Pick<ProblemParts, 'findSeries'> {
  /** What is called when a paid answer of this run cannot be written. */
  diskErrorsOf?: (record: RunRecord) => PipelineParts['onDiskError']
  answers: Answers
  databases: Databases
  pictures: Pick<StoredPictures, 'find' | 'put' | 'putStandIn'>
}

/** Why a run or a batch that was accepted in an earlier process cannot go on; undefined if it can. */
export async function findProblem(
  { artist, databases, findSeries }: ProblemParts,
  { series, databaseHash, provider, order }: Pick<RunRecord, 'series' | 'databaseHash' | 'provider' | 'order'>
): Promise<ServiceError | undefined> {
  // Requests of /v1 may name a hidden series.
  const found = await findSeries(series, { withDeleted: order !== undefined })
  if (found === undefined) return errors.invalidSeries(series)
  if (databaseHash !== databases.hash) {
    return errors.template('The databases have changed since the run was accepted; ask for the picture again')
  }
  // Which provider draws may change; whether one is paid may not.
  if ((provider === LOCAL) !== (artist.provider === LOCAL)) {
    return errors.unavailable(
      'Another artist draws now',
      'The settings have changed since the run was accepted; ask for the picture again'
    )
  }
  return undefined
}

/** Makes the pictures of the runs that the engine gives it. */
export function createWorker(options: WorkerOptions): Worker {
  const { answers, databases, pictures, diskErrorsOf } = options

  /** Whether the process ended between the picture and the removal of the record. */
  async function isMade({ series, address, force, replaces, order }: RunRecord): Promise<boolean> {
    if (order !== undefined || force || replaces || (await pictures.find(series, address)) === undefined) {
      return false
    }
    await answers.remove(series, address)
    return true
  }

  return {
    makes: {
      databaseHash: databases.hash,
      // Which provider draws may change; whether one is paid may not.
      artist: options.artist.provider === LOCAL ? 'the built-in artist' : 'a model provider'
    },

    async prepare(record) {
      const { dress } = prepareRun(databases, record)
      return { dress, problem: await findProblem(options, record), isMade: await isMade(record) }
    },

    async work(run: ClaimedRun) {
      // A stand-in must not replace a picture, and a strict request wants none.
      const hasStandIn = !run.record.replaces && !isStrict(run.record)
      const parts = { ...options, onDiskError: diskErrorsOf?.(run.record) }
      await makePicture(hasStandIn ? parts : { ...parts, standIn: undefined }, run)
    },

    forget: answers.removeOf
  }
}
