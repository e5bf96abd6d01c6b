import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { createSubscriber } from '../../../lib/sse/subscriber.ts'

const COMMENT = ': still here\n\n'

function frame(id: string, isLast = false) {
  return { id, isLast, bytes: Buffer.from(`id: ${id}\n\n`) }
}

/** Reads the stream from now on. The result returns the text that has arrived. */
function read(subscriber: ReturnType<typeof createSubscriber>): () => string {
  let text = ''
  subscriber.stream.on('data', (chunk) => {
    text += String(chunk)
  })
  return () => text
}

t.test('the stream begins with a comment, so that the headers are sent', async (t) => {
  const text = read(createSubscriber())
  await setImmediate()
  t.equal(text(), COMMENT)
})

t.test('a client that does not read misses old frames and receives the newest one', async (t) => {
  const subscriber = createSubscriber()
  for (let turn = 0; turn < 25; turn += 1) subscriber.send(frame(`turn ${turn}`))
  const text = read(subscriber)
  await setImmediate()
  t.equal(text(), `${COMMENT}id: turn 24\n\n`)
  subscriber.send(frame('turn 25'))
  await setImmediate()
  t.equal(text(), `${COMMENT}id: turn 24\n\nid: turn 25\n\n`, 'a client that reads receives each frame')
})

t.test('the stream ends after the last frame, and takes no more', async (t) => {
  const subscriber = createSubscriber()
  const text = read(subscriber)
  subscriber.stream.on('error', t.threw)
  await setImmediate()
  subscriber.send(frame('1', true))
  subscriber.send(frame('2'))
  subscriber.keepAlive()
  subscriber.end()
  await setImmediate()
  t.ok(subscriber.stream.destroyed)
  t.equal(text(), `${COMMENT}id: 1\n\n`)
  subscriber.send(frame('3'))
  subscriber.end()
  await setImmediate()
  t.equal(text(), `${COMMENT}id: 1\n\n`)
})

t.test('the frame that the client has already is not sent again, unless it is the last one', async (t) => {
  const subscriber = createSubscriber('1')
  const text = read(subscriber)
  await setImmediate()
  subscriber.send(frame('1'))
  await setImmediate()
  t.equal(text(), COMMENT)
  subscriber.send(frame('1', true))
  await setImmediate()
  t.equal(text(), `${COMMENT}id: 1\n\n`)
})

t.test('a keep-alive comment is sent only while the client reads and no frame waits', async (t) => {
  const subscriber = createSubscriber()
  subscriber.keepAlive()
  subscriber.send(frame('1'))
  subscriber.keepAlive()
  const text = read(subscriber)
  await setImmediate()
  t.equal(text(), `${COMMENT}id: 1\n\n`)
  subscriber.keepAlive()
  await setImmediate()
  t.equal(text(), `${COMMENT}id: 1\n\n${COMMENT}`)
})
