import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { buildApp, json } from '../../helper.ts'
import type { BuildOptions, TestApp } from '../../helper.ts'

/** The service with a function that sends JSON and returns status, body and ETag. */
export async function buildV1(t: Test, options?: BuildOptions) {
  const server = await buildApp(t, options)
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const response = await server.ask(`/v1/series${path}`, {
      method,
      headers,
      ...(text !== undefined && { body: text })
    })
    const { data, error } = await json(response)
    return { status: response.status, data, error, etag: response.headers.get('etag') ?? '', response }
  }
  return { ...server, send }
}

export async function putFile({ dataDir }: TestApp, path: string, content: object | string): Promise<void> {
  await mkdir(dirname(join(dataDir, path)), { recursive: true })
  await writeFile(join(dataDir, path), typeof content === 'string' ? content : JSON.stringify(content))
}
