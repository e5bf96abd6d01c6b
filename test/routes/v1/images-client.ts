import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { TestApp } from '../../helper.ts'

/** The seed of an input. */
export function seedFor(input: string): string {
  return createHash('sha256').update(input).digest('hex')
}

/**
 * A request below /v1/images.
 * @param path what follows `/v1/images/`; a leading `/` or `?` stands for itself
 */
export async function ask(
  app: Pick<TestApp, 'ask'>,
  method: string,
  path: string,
  request?: unknown,
  headers: Record<string, string> = {}
) {
  const url =
    path === '' || path.startsWith('?') ? `/v1/images${path}` : `/v1/images/${path.replace(/^\/$/, '')}`
  const body = request === undefined ? {} : { body: JSON.stringify(request) }
  const response = await app.ask(url, { method, headers, ...body })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text || 'null') }
}

/** The files below a folder, by path; none without the folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}
