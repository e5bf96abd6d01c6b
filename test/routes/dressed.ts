import type { FastifyInstance } from 'fastify'
import type { Attribute } from '../../lib/schemas/dress.ts'
import { plainPng } from '../helper.ts'

/** The rows of a dress by attribute, as files have them. */
export type Dress = Record<string, string>

/** Puts a picture with this dress and title into the gallery. */
export async function putDressed(
  app: FastifyInstance,
  { series, address, title = 'A picture' }: { series: string; address: string; title?: string },
  dress: Dress
): Promise<void> {
  const attributes = Object.entries(dress).map(([name, value]): Attribute => {
    return { database: '', name, bytes: '', number: 0, factor: 0, count: 0, selector: 0, value }
  })
  const selector = JSON.stringify({ original: address, attributes })
  await app.files.write(`output/${series}/selector/${address}.json`, selector)
  await app.files.write(`output/${series}/title/${address}.txt`, title)
  await app.pictures.stored.put(series, address, await plainPng(64))
}
