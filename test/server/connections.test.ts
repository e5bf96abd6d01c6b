import { setMaxListeners } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { ADDRESS, plainPng, temporaryFolder, until } from '../helper.ts'
import { put } from '../lib/storage/faults.ts'
import { serving, startServer } from './process.ts'

/** Few, so that a few hundred clients are enough for the attack. With fewer, Node may fail to load the modules. */
const DESCRIPTORS = 400
const ATTACKERS = 350
/** The clients are in one process with the attackers, which must leave it the time to send a header. */
const RECONNECT_MS = [1_000, 3_000] as const
const REQUESTS = 4
const HEAD = 'HTTP/1.1\r\nHost: localhost\r\n'
/** Bounds a hang: without limits, the server answers when the first attackers are closed, after minutes. */
const LIMIT_MS = 60_000

/** What the attackers send, and then nothing more. None of them reads. */
const ATTACKS = {
  nothing: '',
  'half a header': `GET /healthz ${HEAD}X-`,
  'half a body': `DELETE /dalle/simple/${ADDRESS} ${HEAD}Content-Length: 99\r\nContent-Type: application/json\r\n\r\n{`,
  'a body that nothing reads': `GET /healthz ${HEAD}Content-Length: 99\r\n\r\nx`,
  'event streams': `GET /events ${HEAD}\r\n`,
  'event streams of a picture that does not exist': `GET /dalle/noir/${ADDRESS}/events ${HEAD}\r\n`,
  'many pipelined requests': `GET /dalle/simple/${ADDRESS} ${HEAD}\r\n`.repeat(50)
}

/** Opens a connection that sends the text. When the server closes it, another one takes its place. */
function attack(port: number, text: string, signal: AbortSignal, onConnect: () => void): void {
  if (signal.aborted) return
  const socket = connect(port, '127.0.0.1', () => {
    onConnect()
    socket.write(text)
  })
  const end = () => socket.destroy()
  signal.addEventListener('abort', end)
  socket.on('error', () => {})
  socket.on('close', () => {
    signal.removeEventListener('abort', end)
    // Not all at once, as a wave.
    const [least, most] = RECONNECT_MS
    const delayMs = least + Math.random() * (most - least)
    setTimeout(attack, delayMs, port, text, signal, onConnect).unref()
  })
}

async function expectAnswers(t: Test, url: string): Promise<void> {
  for (let request = 0; request < REQUESTS; request += 1) {
    const path = request % 2 === 0 ? `/dalle/simple/${ADDRESS}` : '/healthz'
    const { status } = await fetchAgain(url + path)
    t.equal(status, 200, path)
  }
}

/**
 * Fetches a URL, again if the connection is reset. A busy machine makes waves of the attackers' connections, and in a
 * wave the server cannot tell who will send a request.
 */
async function fetchAgain(url: string): Promise<Response> {
  const signal = AbortSignal.timeout(LIMIT_MS)
  for (;;) {
    try {
      const response = await fetch(url, { headers: { connection: 'close' }, signal })
      await response.arrayBuffer()
      return response
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException
      if (code !== 'ECONNRESET' && code !== 'UND_ERR_SOCKET') throw error
    }
  }
}

t.test('clients that hold connections do not shut out others', async (t) => {
  const dataDir = await temporaryFolder(t)
  await put(dataDir, `output/simple/annotated/${ADDRESS}.png`, await plainPng())
  const server = startServer(t, { args: serving(dataDir), cwd: dataDir, descriptors: DESCRIPTORS })
  const url = await server.listening()
  const port = Number(new URL(url).port)
  for (const [name, text] of Object.entries(ATTACKS)) {
    await t.test(name, async (t) => {
      const end = new AbortController()
      setMaxListeners(ATTACKERS, end.signal)
      t.teardown(() => end.abort())
      let connections = 0
      const onConnect = () => {
        connections += 1
      }
      for (let count = 0; count < ATTACKERS; count += 1) attack(port, text, end.signal, onConnect)
      await until(() => connections >= ATTACKERS)
      await expectAnswers(t, url)
    })
  }
  t.match(server.output.out, /all connections are in use/)
  t.notMatch(server.output.out, /EMFILE/)
})
