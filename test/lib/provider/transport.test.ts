import { getEventListeners } from 'node:events'
import t from 'tap'
import { Dispatcher } from 'undici'
import { NotConnected } from '../../../lib/provider/failures.ts'
import { fetchThrough, ofOneRequest } from '../../../lib/provider/transport.ts'

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

t.test('requests of one call leave no listeners on its signal', async (t) => {
  const controller = new AbortController()
  const signals = Array.from({ length: 20 }, () => ofOneRequest(controller.signal))
  for (const signal of signals) signal.addEventListener('abort', () => {})
  t.equal(getEventListeners(controller.signal, 'abort').length, 0)
  controller.abort(new Error('the run ended'))
  t.ok(signals.every(({ aborted, reason }) => aborted && reason === controller.signal.reason))
})
