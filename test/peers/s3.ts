import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request as send } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'
import type { Test } from 'tap'
import { isSigned } from './s3-signature.ts'
import type { S3Config } from '../../lib/storage/s3.ts'

const BUCKET = 'pictures'
/** The only key that s3rver knows. */
const KEY = 'S3RVER'

/**
 * What the store does in place of an answer: a status such as 503; `silent` never answers; `reset` closes the
 * connection at once; `cut` closes it in the middle of the answer.
 */
export type StoreFault = number | 'silent' | 'reset' | 'cut'

export interface TestStore {
  config: S3Config
  /** The settings of a service that uses the store. */
  settings: Record<string, string>
  /** The requests that have arrived, such as `GET output/simple/a.png`, with faults too. */
  requests: string[]
  /**
   * The fault of the next requests; undefined ends it.
   * @param times how many requests; all if absent
   * @param beginning only requests that begin with it, such as `PUT output/`
   */
  fail(fault: StoreFault | undefined, times?: number, beginning?: string): void
  /** Calls a listener each time that a request gets no answer. */
  onSilence(listener: () => void): void
}

/** Starts an S3 store with one empty bucket, behind a proxy that can fail. */
export async function startStore(t: Test): Promise<TestStore> {
  const directory = mkdtempSync(join(tmpdir(), 'dalleserver-s3-'))
  const store = new S3rver({
    address: '127.0.0.1',
    port: 0,
    directory,
    silent: true,
    configureBuckets: [{ name: BUCKET }]
  })
  const { port } = await store.run()
  const requests: string[] = []
  let open: { fault: StoreFault; left: number; beginning: string } | undefined

  let silence = () => {}

  function takeFault(request: string): StoreFault | undefined {
    if (open === undefined || open.left === 0 || !request.startsWith(open.beginning)) return undefined
    open.left -= 1
    return open.fault
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { method, url = '' } = request
    const name = `${method} ${decodeURIComponent(url.split('?')[0]!).replace(`/${BUCKET}/`, '')}`
    requests.push(name)
    const fault = takeFault(name)
    request.on('error', () => {})
    if (fault === 'silent') {
      silence()
      return
    }
    if (fault === 'reset') {
      request.socket.destroy()
      return
    }
    const refuse = (status: number, code: string) => {
      request.resume()
      response.writeHead(status, { connection: 'close' }).end(`<Error><Code>${code}</Code></Error>`)
    }
    if (typeof fault === 'number') return refuse(fault, 'SlowDown')
    const isKnown = request.headers.authorization?.includes(`Credential=${KEY}/`) === true
    if (isKnown && !isSigned(request, KEY)) return refuse(403, 'SignatureDoesNotMatch')
    const forwarded = send(
      { host: '127.0.0.1', port, method, path: url, headers: request.headers },
      (answered) => {
        response.writeHead(answered.statusCode!, answered.headers)
        if (fault === 'cut') {
          answered.once('data', (chunk: Buffer) => {
            response.write(chunk.subarray(0, chunk.length / 2), () => request.socket.destroy())
          })
        } else {
          answered.pipe(response)
        }
      }
    )
    forwarded.on('error', () => request.socket.destroy())
    request.pipe(forwarded)
  }

  const proxy = createServer(answer)
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  t.teardown(async () => {
    proxy.close()
    proxy.closeAllConnections()
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/${BUCKET}`
  return {
    config: { url, region: 'us-east-1', accessKeyId: KEY, secretAccessKey: KEY },
    settings: {
      TB_DALLE_S3_URL: url,
      TB_DALLE_S3_ACCESS_KEY_ID: KEY,
      TB_DALLE_S3_SECRET_ACCESS_KEY: KEY
    },
    requests,
    onSilence(listener) {
      silence = listener
    },
    fail(fault, times = Infinity, beginning = '') {
      open = fault === undefined ? undefined : { fault, left: times, beginning }
    }
  }
}
