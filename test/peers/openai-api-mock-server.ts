// openai-api-mock answers no socket: it intercepts requests within a process. This process passes requests on to it.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mockOpenAIResponse } from 'openai-api-mock'

mockOpenAIResponse(true, { seed: 7 })

const server = createServer((request, response) => {
  const pass = async () => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const answer = await fetch(`https://api.openai.com${request.url}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: String(request.headers.authorization) },
      body: Buffer.concat(chunks)
    })
    response
      .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
      .end(await answer.text())
  }
  pass().catch((error: unknown) => response.writeHead(502).end(String(error)))
}).listen(0, '127.0.0.1')

await once(server, 'listening')
process.stdout.write(`listens on port ${(server.address() as AddressInfo).port}\n`)
