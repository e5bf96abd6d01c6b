import { createHash } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { seriesHash } from '../dress/series-registry.ts'
import type { Expense, RunRecord } from '../engine/engine.ts'
import type { ImageSource } from '../image/artist.ts'
import type { ImageOrder } from '../schemas/order.ts'
import type { Files } from '../storage/files.ts'
import { PROVIDER_PATTERN } from '../schemas/progress.ts'
import type { Provider } from '../schemas/progress.ts'
import { answerPath, isAddress } from '../storage/layout.ts'

const NEW_LINE = 0x0a

/** The first line of a kept answer. The bytes of the image follow it, unless the answer is a URL. */
const HeaderSchema = Type.Object({
  version: Type.Literal(1),
  databaseHash: Type.String(),
  seriesHash: Type.String(),
  dress: Type.Optional(Type.String({ description: 'A hash of the seed and backstyle of a request of /v1' })),
  usd: Type.Number({ minimum: 0 }),
  images: Type.Integer({ minimum: 0 }),
  bytes: Type.Optional(Type.Integer({ minimum: 1 })),
  url: Type.Optional(Type.String()),
  /** The run that has kept it. It and the provider are absent in the files of older versions. */
  runId: Type.Optional(Type.String()),
  provider: Type.Optional(Type.String({ pattern: PROVIDER_PATTERN }))
})

/** A drawing that is paid for, as the provider sent it. */
export interface KeptAnswer {
  source: ImageSource
  expense: Expense
  /** Who drew it, where that is known. */
  provider?: Provider | undefined
}

export type Answers = ReturnType<typeof createAnswers>

/**
 * The drawings that the provider has sent and whose pictures are not finished: `runs/answers/<series>/<address>.draw`.
 * They belong to the picture and not to the run, so a run that fails later leaves its answer to the next one.
 */
export function createAnswers(files: Pick<Files, 'read' | 'write' | 'remove'>) {
  async function remove(series: string, address: string): Promise<void> {
    await files.remove(answerPath(series, address))
  }

  /** The run that has kept the answer for a picture; undefined if there is none, or if it does not say. */
  async function runOf(series: string, address: string): Promise<string | undefined> {
    const content = await files.read(answerPath(series, address))
    return content && readHeader(content)?.runId
  }

  return {
    remove,
    runOf,

    /** The answer for the picture of a run; undefined if there is none that was made from the same dress. */
    async read({
      series,
      address,
      databaseHash,
      definition,
      order
    }: Pick<RunRecord, 'series' | 'address' | 'databaseHash' | 'definition' | 'order'>): Promise<
      KeptAnswer | undefined
    > {
      const content = await files.read(answerPath(series, address))
      const header = content && readHeader(content)
      if (header === undefined || header.databaseHash !== databaseHash) return undefined
      if (header.seriesHash !== seriesHash(definition)) return undefined
      if (header.dress !== dressOf(order)) return undefined
      const { provider } = header
      const expense = { usd: header.usd, images: header.images }
      if (header.url !== undefined) return { source: { url: header.url }, expense, provider }
      const bytes = content!.subarray(content!.indexOf(NEW_LINE) + 1)
      return bytes.length === header.bytes ? { source: { bytes }, expense, provider } : undefined
    },

    /** Writes an answer durably. */
    async keep(
      { runId, series, address, databaseHash, definition, order }: RunRecord,
      { source, expense, provider }: KeptAnswer
    ): Promise<void> {
      const isUrl = 'url' in source
      const header = {
        version: 1,
        databaseHash,
        seriesHash: seriesHash(definition),
        dress: dressOf(order),
        ...expense,
        runId,
        provider,
        ...(isUrl ? { url: source.url } : { bytes: source.bytes.length })
      }
      const line = Buffer.from(`${JSON.stringify(header)}\n`)
      await files.write(answerPath(series, address), isUrl ? line : Buffer.concat([line, source.bytes]))
    },

    /** Removes the answer that a run has kept, and no one of another run. */
    async removeOf({ runId, series, address }: RunRecord): Promise<void> {
      if ((await runOf(series, address)) === runId) await remove(series, address)
    }
  }
}

/** What the dress of a request of /v1 depends on besides series and databases. The dress of an address needs none. */
function dressOf(order: ImageOrder | undefined): string | undefined {
  if (order === undefined || (isAddress(order.seed) && order.backstyle === undefined)) return undefined
  return createHash('sha256')
    .update(JSON.stringify([order.seed, order.backstyle]))
    .digest('hex')
}

function readHeader(content: Buffer) {
  const end = content.indexOf(NEW_LINE)
  if (end < 0) return undefined
  try {
    const header: unknown = JSON.parse(content.toString('utf8', 0, end))
    return Value.Check(HeaderSchema, header) ? header : undefined
  } catch {
    return undefined
  }
}
