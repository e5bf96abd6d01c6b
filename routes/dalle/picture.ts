import type { FastifyInstance, FastifyReply } from 'fastify'
import { errors, isServiceError } from '../../lib/errors.ts'
import { shortenSnapshot } from '../../lib/progress/polls.ts'
import type { Snapshot } from '../../lib/schemas/progress.ts'
import { readSwitch } from '../../lib/schemas/switches.ts'
import { createSharedBody } from '../../lib/shared-body.ts'
import type { SharedBody } from '../../lib/shared-body.ts'
import { artifactPath } from '../../lib/storage/layout.ts'
import { pagePath } from '../../plugins/app/send-picture.ts'
import type { Target } from '../../plugins/app/targets/index.ts'
import { setRun } from '../../plugins/http/request-log/run-header.ts'
import type { RunOutcome } from '../../plugins/http/request-log/run-header.ts'
import { closeEnvelope, openEnvelope } from '../../plugins/http/send-shared.ts'
import { appliedPreferences, readPreferences } from './preferences.ts'
import type { Preferences } from './preferences.ts'
import type { PictureRequest } from './schemas.ts'

const MINIMAL = 'return=minimal'

/**
 * `generate=1`: starts a run or joins one, and sends its progress.
 * @param byImages whether an `<img>` in a page of another site may ask for it
 */
export async function generate(
  fastify: FastifyInstance,
  target: Target,
  request: PictureRequest,
  reply: FastifyReply,
  { byImages = false } = {}
) {
  const { series, isOffered, address } = target
  const preferences = preferencesOf(fastify, request)
  const { wait = 0 } = preferences
  const force = readSwitch(request.query, 'force', errors.invalidPath) === true
  const { outcome, snapshot, retryAfter } = await fastify.generation.ensure(series, address, {
    client: request.clientId,
    force,
    admit: () => {
      if (!isOffered) throw errors.invalidSeries(request.params.series)
      const kind = force ? 'other' : 'start'
      fastify.access.mayChange(request, reply, { kind, page: pageOf(fastify, target), byImages })
      fastify.refuseUnderPressure()
      if (wait > 0) fastify.limits.takeWaiter(request, reply)
    },
    count: async () => await fastify.limits.countRun(request)
  })
  setRun(reply, outcome)
  if (retryAfter !== undefined) reply.header('Retry-After', retryAfter)
  if (preferences.wait === undefined && !preferences.respondAsync) return sendProgress(reply, snapshot)

  hold(reply, preferences)
  const isLive = outcome === 'started' || outcome === 'joined'
  const hasEnded = !isLive || (await waitForEnd(fastify, target, wait, request, reply))
  if (hasEnded || !preferences.respondAsync) {
    return await sendPictureOrProgress(fastify, target, request, reply, { outcome, wasLive: isLive })
  }
  const location = `${fastify.basePath}/dalle/${encodeURIComponent(series.suffix)}/${address}`
  reply.code(202).header('Location', location)
  return sendProgress(reply, (await fastify.generation.snapshot(series.suffix, address)) ?? snapshot)
}

/** A plain request. With `Prefer: wait` it is answered when the live run ends, unless there is a picture. */
export async function read(
  fastify: FastifyInstance,
  target: Target,
  request: PictureRequest,
  reply: FastifyReply
) {
  const { series, address } = target
  const { wait } = preferencesOf(fastify, request)
  const snapshot = await fastify.generation.snapshot(series.suffix, address).catch(ifAway)
  if (snapshot?.done === false) {
    const { stored } = fastify.pictures
    // Polls are frequent, so they cost no access to the disk.
    if (wait === undefined && !stored.mayHave(series.suffix, address)) {
      setRun(reply, 'joined')
      return sendProgress(reply, snapshot)
    }
    if (wait !== undefined && !(await stored.find(series.suffix, address))) {
      hold(reply, { wait, respondAsync: false })
      await waitForEnd(fastify, target, wait, request, reply)
    }
  }
  return await sendPictureOrProgress(fastify, target, request, reply, { wasLive: snapshot?.done === false })
}

/** The runs are unknown while the engine's database is away. A picture that exists is served all the same. */
function ifAway(error: unknown): undefined {
  if (!isServiceError(error) || error.code !== 'SERVICE_UNAVAILABLE') throw error
}

/** `remove`: removes the picture. */
export async function remove(
  fastify: FastifyInstance,
  target: Target,
  request: PictureRequest,
  reply: FastifyReply
) {
  const { series, address } = target
  // In another folder each picture looks as if it were removed.
  if (!fastify.engine.isOpen || (await fastify.dataFolder.isReplaced())) {
    throw errors.unavailable(
      'No picture can be removed now',
      'The server stops, or waits for the data folder'
    )
  }
  if (!(await fastify.pictures.stored.remove(series.suffix, address))) {
    return await sendPictureOrProgress(fastify, target, request, reply)
  }
  return reply
    .cacheControl('no-store')
    .type('text/plain; charset=utf-8')
    .send(`image removed ${artifactPath('annotated', series.suffix, address)}\n`)
}

/** The page of a picture in the gallery, which has the buttons to make and to remove it. */
export function pageOf(
  { basePath }: Pick<FastifyInstance, 'basePath'>,
  { series: { suffix }, address }: Target
): string {
  return basePath + pagePath(suffix, address)
}

/** The state of a picture, for X-Dalle-Run. */
export async function findRunOutcome(
  fastify: FastifyInstance,
  { series: { suffix }, address }: Target
): Promise<RunOutcome> {
  const snapshot = await fastify.generation.snapshot(suffix, address)
  if (snapshot !== undefined) return snapshot.done ? 'failed' : 'joined'
  return (await fastify.pictures.stored.find(suffix, address)) === undefined ? 'idle' : 'cached'
}

/** The bodies of snapshots that several clients get: each is written once. */
const bodies = { whole: new WeakMap<Snapshot, SharedBody>(), short: new WeakMap<Snapshot, SharedBody>() }

/** Sends progress, `{}` without a snapshot. */
export function sendProgress(reply: FastifyReply, snapshot: Snapshot | undefined): FastifyReply {
  const isShort = chooseShortForm(reply)
  reply.cacheControl('no-store').type('application/json; charset=utf-8')
  if (snapshot === undefined) return reply.send({ success: true, data: {}, request_id: reply.request.id })
  const known = isShort ? bodies.short : bodies.whole
  let body = known.get(snapshot)
  if (body === undefined) {
    body = createSharedBody(openEnvelope(isShort ? shortenSnapshot(snapshot) : snapshot))
    known.set(snapshot, body)
  }
  return reply.send(body.plain({ after: closeEnvelope(reply.request.id) }))
}

/** Whether a response shows snapshots in their short form: for `fields=progress` and for `Prefer: return=minimal`. */
export function chooseShortForm(reply: FastifyReply): boolean {
  const { query, headers } = reply.request as PictureRequest
  const { minimal = false } = readPreferences(headers.prefer)
  if (minimal) {
    const others = reply.getHeader('Preference-Applied')
    reply.header('Preference-Applied', others === undefined ? MINIMAL : `${String(others)}, ${MINIMAL}`)
  }
  return minimal || query.fields === 'progress'
}

/** What the client prefers. While as many requests wait as may, the others are answered at once. */
function preferencesOf({ connections }: FastifyInstance, { headers }: PictureRequest): Preferences {
  const preferences = readPreferences(headers.prefer)
  return connections.mayWait() ? preferences : { ...preferences, wait: undefined }
}

/** Marks a response that the client asked to hold. */
function hold(reply: FastifyReply, preferences: Omit<Preferences, 'minimal'>): void {
  reply.outcome.isHeld = true
  reply.header('Preference-Applied', appliedPreferences(preferences))
}

/**
 * Sends the picture, else the stand-in, else the progress of its run, else `{}`.
 * @param outcome the value of X-Dalle-Run; without it the state that is found
 * @param wasLive whether a run of the picture lived a moment ago, so that the picture may have come since
 */
async function sendPictureOrProgress(
  fastify: FastifyInstance,
  target: Target,
  request: PictureRequest,
  reply: FastifyReply,
  { outcome, wasLive = false }: { outcome?: RunOutcome; wasLive?: boolean } = {}
): Promise<FastifyReply> {
  const {
    series: { suffix },
    address
  } = target
  // Sending a picture writes the headers, so X-Dalle-Run is set before.
  setRun(reply, outcome ?? 'cached')
  let isSent = false
  try {
    isSent = await reply.sendPicture(suffix, address, request.query)
  } finally {
    if (!isSent) setRun(reply, outcome ?? 'idle')
  }
  if (isSent) return reply
  const standIn = await fastify.pictures.stored.readStandIn(suffix, address)
  if (standIn !== undefined) {
    setRun(reply, outcome ?? 'cached')
    reply.outcome.isPicture = true
    await reply.header('X-Dalle-Degraded', 'local').sendReadableFile(standIn, 'image/png')
    return reply
  }
  const snapshot = await fastify.generation.snapshot(suffix, address)
  if (snapshot === undefined && wasLive) {
    return await sendPictureOrProgress(fastify, target, request, reply, { ...(outcome && { outcome }) })
  }
  if (snapshot !== undefined) setRun(reply, outcome ?? (snapshot.done ? 'failed' : 'joined'))
  return sendProgress(reply, snapshot)
}

/**
 * Waits until the picture's run ends. Resolves with false after `seconds`, when the client has left, or when the run
 * goes on at the next start of the server.
 * @throws RATE_LIMITED when too many requests of the client wait
 */
async function waitForEnd(
  fastify: FastifyInstance,
  { series: { suffix }, address }: Target,
  seconds: number,
  request: PictureRequest,
  reply: FastifyReply
): Promise<boolean> {
  const signals = [request.signal, fastify.generation.suspended]
  if (seconds > 0) fastify.limits.takeWaiter(request, reply)
  return await new Promise((resolve, reject) => {
    const leave = fastify.connections.startWaiting()
    const close = () => {
      leave()
      clearTimeout(timer)
      unsubscribe()
      for (const signal of signals) signal.removeEventListener('abort', abort)
    }
    const end = (hasEnded: boolean) => {
      close()
      resolve(hasEnded)
    }
    const abort = () => end(false)
    const look = async () => {
      const snapshot = await fastify.generation.snapshot(suffix, address)
      if (snapshot === undefined || snapshot.done) end(true)
    }
    const timer = setTimeout(end, seconds * 1000, false)
    const unsubscribe = fastify.generation.subscribe(suffix, address, (snapshot) => {
      // A change in another process comes without its snapshot. One that cannot be read leaves the others to wait for.
      if (snapshot === undefined) look().catch(() => {})
      else if (snapshot.done) end(true)
    })
    for (const signal of signals) signal.addEventListener('abort', abort, { once: true })
    if (signals.some(({ aborted }) => aborted)) return end(false)
    look().catch((error: unknown) => {
      close()
      reject(error)
    })
  })
}
