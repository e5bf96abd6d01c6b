import { Readable } from 'node:stream'
import { goJson } from '../../../lib/go-json.ts'

const INDENT = '    '

/**
 * The body of a list, in pieces: a data folder may have more records than fit in memory.
 * @throws what the first item throws, before anything is sent
 */
export async function listBody(items: AsyncGenerator<unknown>, requestId: string): Promise<Readable> {
  const first = await items.next()

  async function* pieces(): AsyncGenerator<string> {
    yield '{\n  "success": true,\n  "data": ['
    let separator = '\n'
    for (let next = first; next.done !== true; next = await items.next()) {
      yield `${separator}${INDENT}${goJson(next.value).replaceAll('\n', `\n${INDENT}`)}`
      separator = ',\n'
    }
    yield `${separator === '\n' ? '' : '\n  '}],\n  "request_id": ${JSON.stringify(requestId)}\n}`
  }

  return Readable.from(pieces())
}
