import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'

export interface ServerEvent {
  event: string
  id: string
  /** Without a type, so that each test can read what it expects. */
  data: ReturnType<typeof JSON.parse>
}

/** Reads the server-sent events of a URL while they arrive. */
export async function listen(t: Test, url: string, headers: Record<string, string> = {}) {
  const controller = new AbortController()
  t.teardown(() => controller.abort())
  const response = await fetch(url, { headers, signal: controller.signal })
  const events: ServerEvent[] = []
  const ended = (async () => {
    let text = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop()!
      events.push(...blocks.flatMap(parse))
    }
  })().catch((error: Error) => {
    if (error.name !== 'AbortError') t.threw(error)
  })
  return { response, events, ended, leave: () => controller.abort() }
}

/** The event of a block; none when the block is a comment. */
function parse(block: string): ServerEvent[] {
  const fields = Object.fromEntries(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])
  )
  if (fields.data === undefined) return []
  return [{ event: fields.event!, id: fields.id!, data: JSON.parse(fields.data) }]
}

/** The number of open event streams, as the metrics show it. */
export async function openStreams(app: FastifyInstance): Promise<number> {
  return Number(/^dalleserver_sse_clients (\d+)$/m.exec(await app.metrics.text())![1])
}
