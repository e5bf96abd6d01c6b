import { getEventListeners, once } from 'node:events'
import t from 'tap'
import { Dispatcher } from 'undici'
import { NotConnected } from '../../../lib/provider/failures.ts'
import { fetchThrough, withOwnSignal } from '../../../lib/provider/transport.ts'

/** Takes the request, and then fails with a code. */
function failingWith(code: string): Dispatcher {
  return Object.assign(new Dispatcher(), {
    dispatch(_options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandlers): boolean {
      handler.onConnect?.(() => {})
      handler.onBodySent?.(0, 1)
      handler.onError?.(Object.assign(new Error('the connection ended'), { code }))
      return true
    }
  })
}

t.test('after the request was written, only a refused certificate shows that it was not read', async (t) => {
  for (const [code, isUnsent] of [
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', true],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', true],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', true],
    ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', false],
    ['ERR_SSL_WRONG_VERSION_NUMBER', false],
    ['EPROTO', false],
    ['ECONNRESET', false]
  ] as const) {
    const asked = fetchThrough(failingWith(code), 'http://provider.test/', { method: 'POST', body: '{}' })
    const error: unknown = await asked.catch((reason: unknown) => reason)
    t.equal(error instanceof NotConnected, isUnsent, code)
  }
})

t.test('requests of one call leave no listeners on its signal, and end with it', async (t) => {
  const controller = new AbortController()
  const { signal } = controller
  for (let count = 0; count < 20; count += 1) {
    await withOwnSignal(signal, async (own) => own.addEventListener('abort', () => {}))
  }
  t.equal(getEventListeners(signal, 'abort').length, 0)
  const waiting = withOwnSignal(signal, async (own) => {
    await once(own, 'abort')
    throw own.reason
  })
  controller.abort(new Error('the run ended'))
  await t.rejects(waiting, { message: 'the run ended' })
  await t.rejects(
    withOwnSignal(signal, async () => {}),
    { message: 'the run ended' }
  )
})
