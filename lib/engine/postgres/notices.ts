import pg from 'pg'
import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'
import { connectionOptions } from './database.ts'
import type { Database } from './database.ts'

/** What is announced. A notice names a row; the listener reads it. */
const CHANNELS = ['dalle_run', 'dalle_picture', 'dalle_circuit', 'dalle_batch', 'dalle_work'] as const

export type Channel = (typeof CHANNELS)[number]

/** The wait before each further attempt to connect, in milliseconds; the last one is repeated. */
const RECONNECT_MS = [50, 200, 500, 1_000, 2_000] as const
/** A connection that is cut silently is noticed within this time. */
const PROBE_MS = 10_000

export interface NoticesOptions {
  url: string
  clock?: Pick<Clock, 'startTimer'>
  /** Called when the connection breaks or cannot be made; once, until it is there again. */
  onError?: (error: unknown) => void
}

export type Notices = ReturnType<typeof createNotices>

/**
 * The notices that all processes of a database send each other. They are hints: those that are sent while this process
 * is not connected are lost, and `onGap` says so afterwards.
 */
export function createNotices({ url, clock = systemClock, onError = () => {} }: NoticesOptions) {
  const listeners = new Map<Channel, Set<(id: string) => void>>(CHANNELS.map((name) => [name, new Set()]))
  const gapListeners = new Set<() => void>()
  let client: pg.Client | undefined
  let cancelTimer = () => {}
  let attempts = 0
  let wasConnected = false
  let isStopped = false

  async function connect(): Promise<void> {
    const connecting = new pg.Client({ ...connectionOptions(url), connectionTimeoutMillis: 2_000 })
    client = connecting
    let isLost = false
    const lose = (error: unknown) => {
      if (isLost) return
      isLost = true
      connecting.end().catch(() => {})
      if (client !== connecting || isStopped) return
      if (attempts === 0) onError(error)
      client = undefined
      const ms = RECONNECT_MS[Math.min(attempts, RECONNECT_MS.length - 1)]!
      attempts += 1
      cancelTimer()
      cancelTimer = clock.startTimer(ms, () => {
        connect().catch(onError)
      })
    }
    connecting.on('error', lose)
    connecting.on('end', () => lose(new Error('the connection has ended')))
    connecting.on('notification', ({ channel, payload = '' }) => {
      for (const listener of listeners.get(channel as Channel) ?? []) listener(payload)
    })
    try {
      await connecting.connect()
      await connecting.query(CHANNELS.map((channel) => `listen ${channel}`).join(';'))
    } catch (error) {
      lose(error)
      return
    }
    if (isLost || isStopped) return
    attempts = 0
    probe(connecting, lose)
    // What was sent before the first connection concerns no listener of this process.
    if (wasConnected) for (const listener of gapListeners) listener()
    wasConnected = true
  }

  function probe(connected: pg.Client, lose: (error: unknown) => void): void {
    cancelTimer = clock.startTimer(PROBE_MS, () => {
      if (client !== connected) return
      connected.query('select 1').then(() => {
        if (client === connected && !isStopped) probe(connected, lose)
      }, lose)
    })
  }

  return {
    /** Connects. Resolves after the first attempt; when it fails, further ones follow. */
    async start(): Promise<void> {
      await connect()
    },

    /** Whether notices arrive now. */
    get isConnected(): boolean {
      return client !== undefined && attempts === 0 && wasConnected
    },

    /**
     * Calls `listener` with the id of each notice.
     * @returns ends the subscription
     */
    subscribe(channel: Channel, listener: (id: string) => void): () => void {
      listeners.get(channel)!.add(listener)
      return () => listeners.get(channel)!.delete(listener)
    },

    /**
     * Calls `listener` after a time in which notices may have been lost. It then reads what it follows.
     * @returns ends the subscription
     */
    onGap(listener: () => void): () => void {
      gapListeners.add(listener)
      return () => gapListeners.delete(listener)
    },

    async stop(): Promise<void> {
      isStopped = true
      cancelTimer()
      await client?.end().catch(() => {})
    }
  }
}

/** Sends a notice. In a transaction, it is sent with the commit. */
export async function announce(
  database: Pick<Database, 'query'>,
  channel: Channel,
  id: string
): Promise<void> {
  await database.query('select pg_notify($1, $2)', [channel, id])
}
