import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from '../chaos/server.ts'
import type { Tally } from '../chaos/tally.ts'
import { startNginx } from '../peers/nginx.ts'
import { openFleet } from './fleet.ts'
import type { Fleet } from './fleet.ts'

/** Pollers and event streams go through nginx while a server is killed. */
export async function lostServers({ seed }: { seed: number }): Promise<Tally> {
  const ends: Array<() => void | Promise<void>> = []
  const fleet = await openFleet({ scenario: 'kill -9 of a server behind nginx', seed })
  const { provider, askNew, finish, servers, tally } = fleet
  try {
    const url = await startNginx(
      { teardown: (end) => ends.push(end) },
      servers.map((server) => server.url)
    )
    const front = Object.assign(Object.create(servers[1]) as Server, { url })
    let release = () => {}
    provider.holdAnswers('image', new Promise((resolve) => (release = resolve)))
    const addresses = await askNew(front, 4)
    const streams = addresses.map(async (address) => await followToEnd(fleet, url, address))
    const polling = new AbortController()
    const polls = pollAll(fleet, url, addresses, polling.signal)
    await sleep(500)
    await servers[0].end('SIGKILL')
    tally.kills += 1
    await sleep(500)
    release()
    await Promise.all(streams)
    polling.abort()
    await polls
    await finish(front)
    await fleet.checkAll()
  } finally {
    await fleet.close()
    for (const end of ends) await end()
  }
  return tally
}

/** Every poll is answered, and none shows less than an earlier one. */
async function pollAll(
  { tally }: Fleet,
  url: string,
  addresses: string[],
  signal: AbortSignal
): Promise<void> {
  const highest = new Map<string, number>()
  while (!signal.aborted) {
    for (const address of addresses) {
      const response = await fetch(`${url}/dalle/simple/${address}`)
      if (response.status !== 200) tally.problems.push(`a poll was answered with ${response.status}`)
      if (response.headers.get('content-type') === 'image/png') {
        await response.arrayBuffer()
        continue
      }
      const { data } = (await response.json()) as { data: { percent?: number; runId?: string } }
      const { percent = -1, runId } = data
      if (runId === undefined) tally.problems.push('a poll of a live run was answered without it')
      // The servers have their own copies, which differ by moments.
      if (percent < (highest.get(address) ?? 0) - 5) tally.problems.push(`percent went back to ${percent}`)
      highest.set(address, Math.max(percent, highest.get(address) ?? 0))
    }
    await sleep(50)
  }
}

/** Follows the events of a run as a browser does: after a cut it connects again with the id of the last event. */
async function followToEnd({ tally }: Fleet, url: string, address: string): Promise<void> {
  let lastId: string | undefined
  let connections = 0
  const seen: string[] = []
  while (connections < 10) {
    connections += 1
    const headers: Record<string, string> = lastId === undefined ? {} : { 'Last-Event-ID': lastId }
    const response = await fetch(`${url}/dalle/simple/${address}/events`, { headers }).catch(() => undefined)
    let text = ''
    try {
      for await (const chunk of response?.body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk
    } catch {
      // The server was killed.
    }
    // While a version lasts, its time and percent move on: a later event with its id has other data.
    const isDone = /^event: done$/m.test(text)
    const events = [...text.matchAll(/^id: (.*)\n(?:.+\n)+/gm)]
    if (!isDone && lastId !== undefined && events[0]?.[1] === lastId) {
      tally.problems.push(`${address}: the event ${lastId} came again after a new connection`)
    }
    for (const [event, id] of events) {
      if (seen.includes(event)) tally.problems.push(`${address}: the event ${id} came twice`)
      seen.push(event)
      lastId = id
    }
    if (isDone) return
    await sleep(200)
  }
  tally.problems.push(`${address}: its stream had no end after ${connections} connections`)
}
